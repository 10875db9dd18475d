// Any bytes, cut into segments at newlines, by rules and by the model: words and their order never
// change. Taking the inserted marks away and ignoring ASCII case must give the input back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/punctuation/embedded_model.h"
#include "plugins/punctuation/rules.h"
#include "plugins/punctuation/speech.h"
#include "plugins/punctuation/words.h"
#include "plugins/punctuation/writer.h"

namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Whether `out` is `in` with marks inserted and letters made upper case.
bool Follows(std::string_view in, std::string_view out) {
  std::size_t i = 0;
  for (const char c : out) {
    if (i < in.size() && (c == in[i] || (c != Lower(c) && Lower(c) == in[i]))) {
      ++i;
    } else if (c != ',' && c != '.' && c != '?') {
      return false;
    }
  }
  return i == in.size();
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
