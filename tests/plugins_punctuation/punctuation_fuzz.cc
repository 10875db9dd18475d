// Any bytes, cut into segments at newlines, by rules and by the model: words and their order never
// change. Taking the inserted marks away and ignoring case must give the input back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utf8proc.h>
#include <utility>
#include <vector>

#include "plugins/punctuation/embedded_model.h"
#include "plugins/punctuation/rules.h"
#include "plugins/punctuation/speech.h"
#include "plugins/punctuation/words.h"
#include "plugins/punctuation/writer.h"

namespace {

// Characters; a byte that begins none stands for itself, below 0.
std::vector<int> Characters(std::string_view text) {
  std::vector<int> characters;
  for (std::size_t i = 0; i < text.size();) {
    utf8proc_int32_t code = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + i,
                                       static_cast<utf8proc_ssize_t>(text.size() - i), &code);
    characters.push_back(size > 0 ? code : static_cast<signed char>(text[i]));
    i += size > 0 ? static_cast<std::size_t>(size) : 1;
  }
  return characters;
}

// Whether `out` is `in` with marks inserted and letters made upper case.
bool Follows(std::string_view in, std::string_view out) {
  const std::vector<int> before = Characters(in);
  std::size_t i = 0;
  for (const int c : Characters(out)) {
    if (i < before.size() && (c == before[i] || (c > 0 && utf8proc_tolower(c) == before[i]))) {
      ++i;
    } else if (c != ',' && c != '.' && c != '?') {
      return false;
    }
  }
  return i == before.size();
}

using namespace cxscribe::punctuation;

void Check(const std::vector<Line>& lines, const std::vector<Punctuated>& results) {
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
}

const Speech& EnglishSpeech() {
  static const Speech* const speech = [] {
    std::string error;
    const Model* model = ReadModel(EmbeddedModel(), &error).release();
    return new Speech(*new Tagger(*model), {});
  }();
  return *speech;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::vector<Line> lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.push_back({lines.size() % 3 == 0 ? "a" : "b", rest.substr(0, end)});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  Check(lines, Punctuate(lines, {}));
  std::vector<Punctuated> results;
  EnglishSpeech().Punctuate(lines, {}, [&](std::size_t line, Punctuated result) {
    if (line != results.size()) std::abort();
    results.push_back(std::move(result));
  });
  Check(lines, results);
  return 0;
}
