#include "plugins/diarization/words.h"

#include <utility>

namespace cxscribe::diarization {

std::vector<std::string> SpokenWords(std::string_view text, std::vector<std::size_t>* begins) {
  std::vector<std::string> words;
  std::string word;
  std::size_t begin = 0;
  if (begins != nullptr) begins->clear();
  const auto flush = [&] {
    if (word.empty()) return;
    words.push_back(std::move(word));
    if (begins != nullptr) begins->push_back(begin);
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (word.empty()) begin = i;
    if (text.substr(i, 3) == "\xE2\x80\x99") {
      word += '\'';
      i += 2;
    } else if (c >= 'A' && c <= 'Z') {
      word += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' ||
               static_cast<unsigned char>(c) >= 0x80) {
      word += c;
    } else {
      flush();
    }
  }
  flush();
  return words;
}

bool IsDictated(std::string_view word) {
  static const auto* const kNumbers =
      new WordSet{"oh",       "zero",     "one",     "two",     "three",     "four",     "five",
                  "six",      "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",
                  "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
                  "twenty",   "thirty",   "forty",   "fifty",   "sixty",     "seventy",  "eighty",
                  "ninety",   "hundred",  "double",  "triple",  "dot",       "at",       "dash"};
  if (word.empty()) return false;
  if (word[0] >= '0' && word[0] <= '9') return true;
  if (word.size() == 1) return word != "a" && word != "i";
  return kNumbers->Has(word);
}

bool IsOpen(const std::string& word) {
  static const auto* const kOpen =
      new WordSet{"a",      "an",     "and",   "are",     "at",     "because", "but",     "can",
                  "could",  "er",     "every", "for",     "from",   "got",     "have",    "his",
                  "i",      "i'll",   "i'm",   "i've",    "if",     "in",      "into",    "is",
                  "it's",   "my",     "of",    "on",      "or",     "our",     "so",      "than",
                  "that's", "the",    "their", "they're", "to",     "uh",      "um",      "until",
                  "was",    "we're",  "were",  "whether", "which",  "while",   "with",    "would",
                  "you're", "you've", "your",  "between", "during", "unless",  "although"};
  return kOpen->Has(word);
}

}  // namespace cxscribe::diarization
