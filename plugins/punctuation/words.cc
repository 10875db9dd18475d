#include "plugins/punctuation/words.h"

#include <algorithm>

namespace cxscribe::punctuation {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsCore(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Typographic marks to their ASCII kin, so that the rules below know one spelling of each.
std::string Plain(std::string_view word) {
  constexpr std::pair<std::string_view, std::string_view> kKin[] = {
      {"\xE2\x80\x98", "'"}, {"\xE2\x80\x99", "'"}, {"\xE2\x80\x9C", "\""}, {"\xE2\x80\x9D", "\""},
      {"\xE2\x80\xA6", "."}, {"\xE2\x80\x93", "-"}, {"\xE2\x80\x94", "-"},
  };
  std::string plain;
  plain.reserve(word.size());
  for (std::size_t i = 0; i < word.size();) {
    std::size_t step = 1;
    if (word[i] == '\xE2') {
      for (const auto& [mark, kin] : kKin) {
        if (word.substr(i, mark.size()) == mark) {
          plain += kin;
          step = 0;
          i += mark.size();
          break;
        }
      }
      if (step == 0) continue;
    }
    const char c = word[i];
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    i += step;
  }
  return plain;
}

bool IsMask(std::string_view plain) {
  if (plain.size() >= 2 && plain.find_first_not_of("*#.,?!") == plain.npos &&
      plain.find_first_of("*#") != plain.npos) {
    return true;
  }
  const std::size_t open = plain.find_first_of("[<{");
  return open != plain.npos && plain.find_first_of("]>}", open) != plain.npos;
}

}  // namespace

std::vector<Word> SplitWords(std::string_view text) {
  std::vector<Word> words;
  std::size_t i = 0;
  while (i < text.size()) {
    if (IsSpace(text[i])) {
      ++i;
      continue;
    }
    Word word;
    word.begin = i;
    while (i < text.size() && !IsSpace(text[i])) ++i;
    word.end = i;
    const std::string plain = Plain(text.substr(word.begin, word.end - word.begin));
    word.mask = IsMask(plain);
    const auto first = std::find_if(plain.begin(), plain.end(), IsCore);
    const auto last = std::find_if(plain.rbegin(), plain.rend(), IsCore).base();
    if (first < last) {
      word.core.assign(first, last);
      word.marks.assign(last, plain.end());
    } else {
      word.marks = plain;
    }
    words.push_back(std::move(word));
  }
  return words;
}

bool EndsSentence(std::string_view marks) { return marks.find_first_of(".?!") != marks.npos; }

}  // namespace cxscribe::punctuation
