#include "plugins/inverse_text_normalisation/follow.h"

#include <utility>

namespace cxscribe::itn {
namespace {

// Whether the byte says something. Spaces and ASCII marks do not: a source may leave marks out of
// its words, or put them there alone.
bool Counts(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A place in the words.
struct Place {
  std::size_t word = 0;
  std::size_t offset = 0;
};

// Walks over the bytes that count, in the text and in the words side by side.
class Aligner {
 public:
  Aligner(std::string_view text, const std::vector<std::string_view>& words)
      : text_(text), words_(words) {}

  // To the first byte that counts from `offset` of the text on; its place. False: they differ.
  bool To(std::size_t offset) {
    while (at_ < offset) {
      if (Counts(text_[at_]) && !Step(text_[at_])) return false;
      ++at_;
    }
    return true;
  }
  // Behind the last byte that was walked over, and before the next one.
  Place Behind() const { return behind_; }
  Place Before() {
    Skip();
    return next_;
  }
  bool AtEnd() {
    Skip();
    return next_.word == words_.size();
  }

 private:
  void Skip() {
    while (next_.word < words_.size()) {
      const std::string_view word = words_[next_.word];
      while (next_.offset < word.size() && !Counts(word[next_.offset])) ++next_.offset;
      if (next_.offset < word.size()) return;
      next_ = {next_.word + 1, 0};
    }
  }
  bool Step(char c) {
    Skip();
    if (next_.word == words_.size()) return false;
    if (Lower(words_[next_.word][next_.offset]) != Lower(c)) return false;
    ++next_.offset;
    behind_ = next_;
    return true;
  }

  std::string_view text_;
  const std::vector<std::string_view>& words_;
  std::size_t at_ = 0;
  Place next_;
  Place behind_;
};

}  // namespace

std::optional<std::vector<Followed>> FollowEdits(std::string_view text,
                                                 const std::vector<Edit>& edits,
                                                 const std::vector<std::string_view>& words) {
  Aligner aligner(text, words);
  std::vector<Followed> followed;
  Followed current;  // what became of the words up to, and of a part of, words[at.word]
  Place at;
  const auto close = [&] {  // ends `current` with the rest of its last word
    current.text += words[at.word].substr(at.offset);
    current.end = at.word + 1;
    followed.push_back(std::exchange(current, {}));
    at = {at.word + 1, 0};
    current.begin = at.word;
  };
  for (const Edit& edit : edits) {
    if (!aligner.To(edit.begin)) return std::nullopt;
    const Place begin = aligner.Before();
    if (!aligner.To(edit.end)) return std::nullopt;
    const Place end = aligner.Behind();
    while (at.word < begin.word) close();
    current.text += words[at.word].substr(at.offset, begin.offset - at.offset);
    current.text += edit.written;
    at = end;
  }
  if (!aligner.To(text.size()) || !aligner.AtEnd()) return std::nullopt;
  while (at.word < words.size()) close();
  return followed;
}

}  // namespace cxscribe::itn
