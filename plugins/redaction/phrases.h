// What people say in the middle of a number: "hold on", "got it", and "no wait", which takes back
// what was just said.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace cxscribe::redaction {

struct Phrase {
  static constexpr std::size_t kMostWords = 5;
  std::array<std::string_view, kMostWords> words;
  std::size_t size = 0;
  bool corrects = false;
  bool more = false;  // the next one begins with the same word
};

// Those that begin with the same word stand together, longest first.
std::vector<Phrase> MakePhrases(const std::vector<std::string_view>& pauses,
                                const std::vector<std::string_view>& corrections);
const std::vector<Phrase>& Phrases();  // of English

// Cuts `text` at its blanks into `words`; returns how many there are.
template <std::size_t kMost>
std::size_t SplitWords(std::string_view text, std::array<std::string_view, kMost>* words) {
  std::size_t size = 0;
  while (!text.empty() && size < kMost) {
    const std::size_t blank = text.find(' ');
    (*words)[size++] = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  return size;
}

}  // namespace cxscribe::redaction
