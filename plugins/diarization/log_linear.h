// LogLinear: the odds of a yes or no, as a sum of weights. Each feature of what is looked at is
// hashed into a bucket, and each bucket has a weight (Weinberger et al. 2009, "Feature Hashing for
// Large Scale Multitask Learning"). All in whole numbers, so that every machine gets the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

// Logarithms of odds are counted in thousandths throughout this stage: 693 is two to one.
using MilliOdds = std::int32_t;

class LogLinear {
 public:
  // Takes a model off the front of `bytes`; nullopt where they do not begin with one.
  static std::optional<LogLinear> Take(std::string_view& bytes);

  // `scale`: what a weight of 1 stands for, in millionths. As many weights as a power of two.
  LogLinear(MilliOdds bias, std::int32_t scale, std::vector<std::int8_t> weights);
  void AppendTo(std::string& bytes) const;

  std::uint32_t buckets() const { return static_cast<std::uint32_t>(weights_.size()); }
  int Weight(std::uint32_t bucket) const { return weights_[bucket]; }
  // The odds where the weights of the features add up to `sum`; kept within 1,000 either way.
  MilliOdds OddsOf(std::int64_t sum) const;

 private:
  MilliOdds bias_;
  std::int32_t scale_;
  std::vector<std::int8_t> weights_;
};

// FNV-1a, 32 bits.
std::uint32_t HashOf(std::string_view word);
// Of several things and one more; order counts.
std::uint32_t Join(std::uint32_t before, std::uint32_t next);
// Out of a power of two.
std::uint32_t BucketOf(std::uint32_t hash, std::uint32_t buckets);

}  // namespace cxscribe::diarization
