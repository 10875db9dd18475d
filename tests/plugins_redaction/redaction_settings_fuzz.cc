// What an operator writes, and a text to look for it in: a file of terms, a pattern, a keyword and the
// digits of its number, each ended by a NUL, then the text. No crash, spans that lie inside the text,
// and nothing left once what was found is masked.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/plan.h"
#include "plugins/redaction/settings.h"
#include "plugins/redaction/verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cxscribe::redaction;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::string fields[4];
  for (std::string& field : fields) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto& [file, pattern, keyword, digits] = fields;
  // As the host hands it over: JSON, which is UTF-8.
  const nlohmann::json config = {
      {"deny", {{{"type", "acme.TERM"}, {"file", "terms"}}}},
      {"allow", {{{"terms", {"falcon", "1-800-555-0199"}}}}},
      {"detectors",
       {{{"type", "acme.PATTERN"}, {"pattern", pattern}},
        {{"type", "acme.NUMBER"}, {"keywords", {keyword}}, {"digits", digits}}}}};
  std::vector<SettingsProblem> problems;
  const Settings settings = ReadSettings(
      config.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), &problems);
  if (!problems.empty()) return 0;
  try {
    const OwnDetectors own(settings,
                           [&file = file](const std::string&) { return std::string_view(file); });
    const Plan plan(settings, &own, "pii", {"CREDIT_CARD", "PHONE", "acme.NUMBER"});
    for (const Finding& finding : Verify({{"a", rest}}, plan, &own, {}).findings) {
      if (finding.spans.size() != 1) std::abort();
      const Span& span = finding.spans[0];
      if (span.begin < 0 || span.begin >= span.end) std::abort();
      if (static_cast<std::size_t>(span.end) > rest.size()) std::abort();
    }
  } catch (const BadTerms&) {
  }
  return 0;
}
