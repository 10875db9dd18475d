// Any bytes, cut into segments at newlines: words and their order never change. Taking the inserted
// marks away and ignoring ASCII case must give the input back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/punctuation/rules.h"

namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Whether `out` is `in` with marks inserted and letters made upper case.
bool Follows(std::string_view in, std::string_view out) {
  std::size_t i = 0;
  for (const char c : out) {
    if (i < in.size() && (c == in[i] || (c != Lower(c) && Lower(c) == in[i]))) {
      ++i;
    } else if (c != '.' && c != '?') {
      return false;
    }
  }
  return i == in.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cxscribe::punctuation;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::vector<Line> lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.push_back({lines.size() % 3 == 0 ? "a" : "b", rest.substr(0, end)});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::vector<Punctuated> results = Punctuate(lines, {});
  if (results.size() != lines.size()) std::abort();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!Follows(lines[i].text, results[i].text)) std::abort();
    const std::vector<Word> words = SplitWords(lines[i].text);
    if (words.size() != results[i].words.size()) std::abort();
    std::vector<std::string_view> texts;
    for (const Word& word : words) {
      texts.push_back(lines[i].text.substr(word.begin, word.end - word.begin));
    }
    if (FollowText(words, results[i], texts).size() != texts.size()) std::abort();
  }
  return 0;
}
