#include "plugins/punctuation/cohesion.h"

#include <string>
#include <string_view>
#include <unordered_set>

namespace cxscribe::punctuation {
namespace {

using WordSet = std::unordered_set<std::string_view>;

const WordSet& Cardinals() {
  static const auto* const words = new WordSet{
      "zero",     "oh",       "nought",   "one",      "two",     "three",     "four",
      "five",     "six",      "seven",    "eight",    "nine",    "ten",       "eleven",
      "twelve",   "thirteen", "fourteen", "fifteen",  "sixteen", "seventeen", "eighteen",
      "nineteen", "twenty",   "thirty",   "forty",    "fifty",   "sixty",     "seventy",
      "eighty",   "ninety",   "hundred",  "thousand", "double",  "triple"};
  return *words;
}

const WordSet& OrdinalsAndMonths() {
  static const auto* const words =
      new WordSet{"first",      "second",     "third",     "fourth",    "fifth",       "sixth",
                  "seventh",    "eighth",     "ninth",     "tenth",     "eleventh",    "twelfth",
                  "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
                  "nineteenth", "twentieth",  "thirtieth", "january",   "february",    "march",
                  "april",      "may",        "june",      "july",      "august",      "september",
                  "october",    "november",   "december"};
  return *words;
}

bool IsFigures(const Word& word) {
  return !word.mask && !word.core.empty() &&
         word.core.find_first_not_of("0123456789-") == std::string::npos;
}

// Part of an address or a date that is dictated.
bool IsDictated(const Word& word) {
  return word.core == "dot" || word.core == "underscore" || word.core == "slash" ||
         word.core == "hyphen" || word.core == "dash";
}

bool IsLetter(const std::vector<Word>& words, std::size_t i) {
  if (i >= words.size() || words[i].mask) return false;
  const std::string& core = words[i].core;
  return core.size() == 1 && core[0] >= 'a' && core[0] <= 'z';
}

// "seventeen c", "gate b fourteen". Not what is a word there: "four o two", "the eighty s",
// "two x four", "three e mails".
bool IsBesideNumber(const std::vector<Word>& words, std::size_t i) {
  const char letter = words[i].core[0];
  if (std::string_view("aiosx").find(letter) != std::string_view::npos) return false;
  const auto is_number = [&](std::size_t k) {
    return words[k].core != "oh" && (IsCardinal(words[k]) || IsFigures(words[k]));
  };
  if (i > 0 && words[i - 1].marks.empty() && is_number(i - 1)) {
    return letter != 'e' || i + 1 == words.size() || words[i + 1].core.substr(0, 4) != "mail";
  }
  return i + 1 < words.size() && words[i].marks.empty() && is_number(i + 1);
}

}  // namespace

bool IsCardinal(const Word& word) { return !word.mask && Cardinals().count(word.core) != 0; }

bool IsNumber(const Word& word) {
  if (word.mask || word.core.empty()) return false;
  return IsCardinal(word) || OrdinalsAndMonths().count(word.core) != 0 || IsFigures(word);
}

bool IsSound(const Word& word) {
  static const auto* const sounds =
      new WordSet{"uh", "um", "er", "ah", "eh", "mm", "hm", "hmm", "mhm", "uh-huh", "mm-hmm"};
  return !word.mask && sounds->count(word.core) != 0;
}

bool IsInitials(const Word& word) {
  const std::string& core = word.core;
  if (word.mask || core.size() < 3) return false;
  for (std::size_t i = 0; i < core.size(); ++i) {
    const bool fits = i % 2 == 1 ? core[i] == '.' : core[i] >= 'a' && core[i] <= 'z';
    if (!fits) return false;
  }
  static const auto* const small = new WordSet{"a.m", "p.m", "e.g", "i.e"};
  return small->count(std::string_view(core).substr(0, 3)) == 0;
}

bool FollowsDot(const std::vector<Word>& words, std::size_t i) {
  return i > 0 && words[i - 1].core == "dot" && words[i - 1].marks.empty();
}

bool GoesOn(const std::vector<Word>& words, std::size_t i) {
  if (i + 1 >= words.size()) return false;
  const Word& word = words[i];
  const Word& next = words[i + 1];
  if (word.mask_goes_on) return true;
  const auto is_piece = [&](std::size_t k) { return IsNumber(words[k]) || IsSpelt(words, k); };
  if (is_piece(i) && is_piece(i + 1)) return true;
  if (IsDictated(word) || IsDictated(next)) return true;
  const auto is_at = [&](std::size_t k) {  // "agarwal at yahoo dot com"
    return words[k].core == "at" && k + 2 < words.size() && words[k + 2].core == "dot";
  };
  if (is_at(i) || is_at(i + 1)) return true;
  return (word.core == "mm" && next.core == "hmm") || (word.core == "uh" && next.core == "huh");
}

bool IsSpelt(const std::vector<Word>& words, std::size_t i) {
  if (!IsLetter(words, i)) return false;
  const bool before = i > 0 && IsLetter(words, i - 1);
  const bool after = IsLetter(words, i + 1);
  if (before && after) return true;
  if (before && i > 1 && IsLetter(words, i - 2)) return true;
  if (after && IsLetter(words, i + 2)) return true;
  if (!before && !after) return IsBesideNumber(words, i);
  const std::string& first = words[before ? i - 1 : i].core;
  const std::string& second = words[before ? i : i + 1].core;
  return first != "a" && words[i].core != "a" && first != second;
}

}  // namespace cxscribe::punctuation
