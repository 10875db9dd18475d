// The words of what is said.
#pragma once

#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace cxscribe::diarization {

using WordSpan = std::span<const std::string>;

// In lower case, with plain apostrophes and without punctuation. `begins`, where given, becomes the
// byte at which each begins. Linear; accepts any bytes.
std::vector<std::string> SpokenWords(std::string_view text,
                                     std::vector<std::size_t>* begins = nullptr);

// Some words, most of which a text does not have: says no without hashing.
class WordFilter {
 public:
  void Add(std::string_view word) { maybe_.set(KeyOf(word)); }
  bool MayHave(std::string_view word) const { return maybe_.test(KeyOf(word)); }

 private:
  static constexpr std::size_t kKeys = 2048;
  static std::size_t KeyOf(std::string_view word) {
    if (word.empty()) return 0;
    const auto first = static_cast<unsigned char>(word.front());
    const auto middle = static_cast<unsigned char>(word[word.size() / 2]);
    const auto last = static_cast<unsigned char>(word.back());
    return (first * 37U + middle * 11U + last * 5U + word.size()) % kKeys;
  }

  std::bitset<kKeys> maybe_;
};

class WordSet {
 public:
  WordSet(std::initializer_list<std::string_view> words) : words_(words) {
    for (const std::string_view word : words) filter_.Add(word);
  }
  bool Has(std::string_view word) const { return filter_.MayHave(word) && words_.count(word) != 0; }

 private:
  std::unordered_set<std::string_view> words_;
  WordFilter filter_;
};

// Whether it is part of something dictated: a figure, "seven", "double", a single letter but "a"
// and "i".
bool IsDictated(std::string_view word);

// Whether no English sentence ends after this word, as SpokenWords() gives it.
bool IsOpen(const std::string& word);

}  // namespace cxscribe::diarization
