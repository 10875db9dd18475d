#include "plugins/punctuation/words.h"

#include <algorithm>
#include <utf8proc.h>

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
  // "XXXX", "xxx-xx-1234"
  if (plain.find("xxx") != plain.npos &&
      plain.find_first_not_of("x0123456789-.,?!") == plain.npos) {
    return true;
  }
  const std::size_t open = plain.find_first_of("[<{");
  return open != plain.npos && plain.find_first_of("]>}", open) != plain.npos;
}

// Whether it says or shows anything: a letter, a figure, an emoji. Direction marks and the spaces
// that are no white space here do not. What is no UTF-8 may be anything.
bool IsVisible(std::string_view core) {
  for (std::size_t at = 0; at < core.size();) {
    utf8proc_int32_t code = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(&core[at]),
                                       static_cast<utf8proc_ssize_t>(core.size() - at), &code);
    if (size <= 0) return true;
    const utf8proc_category_t category = utf8proc_category(code);
    const bool punctuation = category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
    const bool blank = category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CF;
    if (!punctuation && !blank) return true;
    at += static_cast<std::size_t>(size);
  }
  return false;
}

// A mask of more words is none: somebody forgot a bracket.
constexpr std::size_t kLongestMask = 8;

// The bracket that closes what a word leaves open, and none where it leaves nothing open. "<" alone
// is an arithmetic sign.
char Awaits(std::string_view word) {
  const std::size_t open = word.find_last_of("[<{");
  if (open == word.npos || word == "<") return 0;
  return word[open] == '[' ? ']' : word[open] == '<' ? '>' : '}';
}

// "[card number]" is one mask of two words.
void JoinMasks(std::string_view text, std::vector<Word>& words) {
  const auto written = [&](const Word& word) {
    return text.substr(word.begin, word.end - word.begin);
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char close = words[i].mask ? 0 : Awaits(written(words[i]));
    if (close == 0) continue;
    const std::size_t limit = std::min(words.size(), i + kLongestMask);
    std::size_t last = i + 1;
    while (last < limit && written(words[last]).find_first_of("[]<>{}") == text.npos) ++last;
    if (last == limit || written(words[last]).find(close) == text.npos) continue;
    for (; i < last; ++i) words[i].mask = words[i].mask_goes_on = true;
    words[last].mask = true;
  }
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
      if (!IsVisible(word.core)) word.core.clear();
    } else {
      word.marks = plain;
    }
    words.push_back(std::move(word));
  }
  JoinMasks(text, words);
  return words;
}

bool EndsSentence(std::string_view marks) { return marks.find_first_of(".?!") != marks.npos; }

}  // namespace cxscribe::punctuation
