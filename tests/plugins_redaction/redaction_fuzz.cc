// Any bytes, cut into segments at newlines; the first byte chooses the language: no crash, and every finding's spans lie inside the text
// and in order.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugins/redaction/verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cxscribe::redaction;
  if (size == 0) return 0;
  const std::vector<const Language*>& languages = Language::All();
  const Language& language = *languages[data[0] % languages.size()];
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  std::vector<Utterance> utterances;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    utterances.push_back({utterances.size() % 2 == 0 ? "a" : "b", rest.substr(0, end)});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  for (const Finding& finding : Verify(utterances, EntitySet::All(), {}, language)) {
    if (finding.spans.empty()) std::abort();
    std::int32_t segment = -1;
    for (const Span& span : finding.spans) {
      if (span.segment <= segment || span.begin < 0 || span.begin >= span.end) std::abort();
      segment = span.segment;
      const std::string_view text = utterances.at(static_cast<std::size_t>(segment)).text;
      if (static_cast<std::size_t>(span.end) > text.size()) std::abort();
    }
  }
  return 0;
}
