// Where the words of a segment stand in its text. Header-only; needs cxscribe/plugin.hpp.
//
// Text and words are two accounts of what was said: a source may leave marks out of its words, put
// them there alone, write them in other cases or cut them elsewhere. They are aligned by their
// letters: ASCII letters and figures, case aside, and all bytes of other characters, which have to be
// the same in both, in the same order. Where they are not, it is not certain which word is where.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <cxscribe/plugin.hpp>

namespace cxscribe::plugin {

// Over the letters of a text and of its words, side by side. Linear, without allocation.
//
//   LetterWalk walk(text, words);
//   for (; walk.AtLetter(); walk.Next()) Note(walk.text(), walk.word(), walk.offset());
//   if (walk.Differs()) Forget();  // what was learnt on the way is not certain
class LetterWalk {
 public:
  // Stands on the first letter. Both are borrowed.
  LetterWalk(std::string_view text, const std::vector<std::string_view>& words)
      : text_(text), words_(words) {
    Settle();
  }
  LetterWalk(std::string_view text, std::vector<std::string_view>&& words) = delete;

  // False behind the last letter, and where text and words differ.
  bool AtLetter() const { return at_letter_; }
  // The words do not hold the letters of the text. Known of those up to here.
  bool Differs() const { return differs_; }
  // The letter's byte in the text; at the end, the text's size.
  std::size_t text() const { return at_; }
  // The word that has it, and its byte in that; at the end, their number and 0.
  std::size_t word() const { return word_; }
  std::size_t offset() const { return offset_; }

  // To the next letter. Only where AtLetter().
  void Next() {
    ++at_;
    ++offset_;
    Settle();
  }

 private:
  static bool IsLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
  }
  static char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

  void Settle() {
    while (at_ < text_.size() && !IsLetter(text_[at_])) ++at_;
    while (word_ < words_.size()) {
      const std::string_view word = words_[word_];
      while (offset_ < word.size() && !IsLetter(word[offset_])) ++offset_;
      if (offset_ < word.size()) break;
      ++word_;
      offset_ = 0;
    }
    const bool in_text = at_ < text_.size();
    const bool in_words = word_ < words_.size();
    differs_ =
        in_text != in_words || (in_text && Lower(text_[at_]) != Lower(words_[word_][offset_]));
    at_letter_ = in_text && !differs_;
  }

  std::string_view text_;
  const std::vector<std::string_view>& words_;
  std::size_t at_ = 0;
  std::size_t word_ = 0;
  std::size_t offset_ = 0;
  bool at_letter_ = false;
  bool differs_ = false;
};

// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// One range for each word, from its first letter to behind its last; of a word without letters, an
// empty one before the next letter. nullopt: text and words differ. Linear.
inline std::optional<std::vector<TextRange>> AlignWords(
    std::string_view text, const std::vector<std::string_view>& words) {
  std::vector<TextRange> ranges;
  ranges.reserve(words.size());
  LetterWalk walk(text, words);
  for (; walk.AtLetter(); walk.Next()) {
    while (ranges.size() <= walk.word()) ranges.push_back({walk.text(), walk.text()});
    ranges.back().end = walk.text() + 1;
  }
  if (walk.Differs()) return std::nullopt;
  ranges.resize(words.size(), {text.size(), text.size()});
  return ranges;
}

// The texts of a segment's words, borrowed from the input.
inline std::vector<std::string_view> TextsOf(const Words& words) {
  std::vector<std::string_view> texts;
  texts.reserve(words.size());
  for (const Word word : words) texts.push_back(word.text());
  return texts;
}

}  // namespace cxscribe::plugin
