// NameModel: how much a single word looks like a part of somebody's name. A log-linear model over
// the word and its runs of two to five bytes, so that it has an opinion about names it never saw.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::redaction {

class NameModel {
 public:
  // Longer words are no names, and not looked at.
  static constexpr std::size_t kLongestWord = 32;  // bytes

  // From a file's bytes; nullopt where they are none. Accepts any bytes.
  static std::optional<NameModel> Read(std::string_view bytes);
  // The model that is built in.
  static const NameModel& English();

  NameModel(std::int32_t bias, float scale, std::vector<std::int8_t> weights);
  std::string Write() const;

  // The logarithm of the odds that `lower`, one word in ASCII lower case and taken by itself, is a
  // given name or a surname. Linear in at most kLongestWord bytes; allocates nothing; thread-safe.
  float LogOdds(std::string_view lower) const;

 private:
  std::int32_t bias_;  // in the weights' unit
  float scale_;        // what a weight of 1 stands for
  std::vector<std::int8_t> weights_;
};

// Calls `take` with the bucket of each feature of a word; `buckets` is a power of two. Shared by
// the model and its trainer.
template <typename Take>
void ForEachNameFeature(std::string_view word, std::uint32_t buckets, Take take) {
  constexpr std::uint32_t kBasis = 0x811C9DC5U;  // FNV-1a, 32 bits
  constexpr std::uint32_t kPrime = 0x01000193U;
  constexpr std::size_t kLongestRun = 5;
  const auto bucket = [buckets](std::uint32_t hash) {
    hash ^= hash >> 15;
    hash *= 0x85EBCA6BU;  // of MurmurHash3's finaliser
    hash ^= hash >> 13;
    return hash & (buckets - 1);
  };
  // The word stands between two borders, '^' and '$', which no word contains.
  const auto at = [word](std::size_t i) -> unsigned char {
    if (i == 0) return '^';
    return i > word.size() ? '$' : static_cast<unsigned char>(word[i - 1]);
  };
  const std::size_t length = word.size() + 2;
  std::uint32_t whole = kBasis;
  for (const char c : word) whole = (whole ^ static_cast<unsigned char>(c)) * kPrime;
  take(bucket(whole * 0x9E3779B1U));
  for (std::size_t begin = 0; begin + 1 < length; ++begin) {
    std::uint32_t hash = (kBasis ^ at(begin)) * kPrime;
    for (std::size_t run = 2; run <= kLongestRun && begin + run <= length; ++run) {
      hash = (hash ^ at(begin + run - 1)) * kPrime;
      take(bucket(hash));
    }
  }
}

}  // namespace cxscribe::redaction
