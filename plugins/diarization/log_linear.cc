#include "plugins/diarization/log_linear.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

// In a file, little-endian: bias i32, scale i32, count u32, weights i8.

namespace cxscribe::diarization {
namespace {

constexpr std::size_t kHeader = 4 + 4 + 4;
constexpr std::uint32_t kMostBuckets = 1U << 24;
constexpr std::int64_t kMostOdds = 1'000'000;

}  // namespace

std::uint32_t HashOf(std::string_view word) {
  std::uint32_t hash = 0x811C9DC5U;  // http://www.isthe.com/chongo/tech/comp/fnv/
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return hash;
}

// Multiplied by 2^32 over the golden ratio.
std::uint32_t Join(std::uint32_t before, std::uint32_t next) {
  return (std::rotl(before, 5) ^ next) * 0x9E3779B1U;
}

// The lower bits, once they depend on all of the hash.
std::uint32_t BucketOf(std::uint32_t hash, std::uint32_t buckets) {
  hash ^= hash >> 15;
  hash *= 0x85EBCA6BU;  // of MurmurHash3's finaliser
  hash ^= hash >> 13;
  return hash & (buckets - 1);
}

std::optional<LogLinear> LogLinear::Take(std::string_view& bytes) {
  if (bytes.size() < kHeader) return std::nullopt;
  std::int32_t bias = 0;
  std::int32_t scale = 0;
  std::uint32_t count = 0;
  std::memcpy(&bias, &bytes[0], sizeof(bias));
  std::memcpy(&scale, &bytes[4], sizeof(scale));
  std::memcpy(&count, &bytes[8], sizeof(count));
  if (!std::has_single_bit(count) || count > kMostBuckets || bytes.size() - kHeader < count) {
    return std::nullopt;
  }
  std::vector<std::int8_t> weights(count);
  std::memcpy(weights.data(), &bytes[kHeader], count);
  bytes.remove_prefix(kHeader + count);
  return LogLinear(bias, scale, std::move(weights));
}

LogLinear::LogLinear(MilliOdds bias, std::int32_t scale, std::vector<std::int8_t> weights)
    : bias_(bias), scale_(scale), weights_(std::move(weights)) {}

void LogLinear::AppendTo(std::string& bytes) const {
  const std::uint32_t count = buckets();
  bytes.append(reinterpret_cast<const char*>(&bias_), sizeof(bias_));
  bytes.append(reinterpret_cast<const char*>(&scale_), sizeof(scale_));
  bytes.append(reinterpret_cast<const char*>(&count), sizeof(count));
  bytes.append(reinterpret_cast<const char*>(weights_.data()), weights_.size());
}

MilliOdds LogLinear::OddsOf(std::int64_t sum) const {
  return static_cast<MilliOdds>(
      std::clamp<std::int64_t>(bias_ + sum * scale_ / 1000, -kMostOdds, kMostOdds));
}

}  // namespace cxscribe::diarization
