#include "plugins/diarization/role_model.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "plugins/diarization/embedded_model.h"

// The file, little-endian: "CXROLES1", bias f32, scale f32, count u32, weights i8.

namespace cxscribe::diarization {
namespace {

constexpr std::string_view kMagic = "CXROLES1";
constexpr std::size_t kHeader = 8 + 4 + 4 + 4;
constexpr std::uint32_t kMostBuckets = 1U << 24;

// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
std::uint32_t HashOf(std::string_view word) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return hash;
}

// Of a run and one more word. Multiplied by 2^32 over the golden ratio, so that order counts.
std::uint32_t Join(std::uint32_t run, std::uint32_t word) {
  return (std::rotl(run, 5) ^ word) * 0x9E3779B1U;
}

// The upper bits, which depend on all of the hash.
std::uint32_t Bucket(std::uint32_t hash, std::uint32_t buckets) {
  hash ^= hash >> 15;
  hash *= 0x85EBCA6BU;  // of MurmurHash3's finaliser
  hash ^= hash >> 13;
  return hash & (buckets - 1);
}

template <typename Take>
void EachRun(const std::vector<std::string>& words, std::uint32_t buckets, Take take) {
  if (words.empty()) return;
  const std::uint32_t border = HashOf("\n");
  std::uint32_t before = border;
  std::uint32_t earlier = border;
  bool first = true;
  for (const std::string& word : words) {
    const std::uint32_t hash = HashOf(word);
    const std::uint32_t two = Join(before, hash);
    take(Bucket(hash, buckets));
    take(Bucket(two, buckets));
    if (!first) take(Bucket(Join(Join(earlier, before), hash), buckets));
    first = false;
    earlier = before;
    before = hash;
  }
  take(Bucket(Join(before, border), buckets));
  if (words.size() > 1) take(Bucket(Join(Join(earlier, before), border), buckets));
}

}  // namespace

void ForEachRun(const std::vector<std::string>& words, std::uint32_t buckets,
                const std::function<void(std::uint32_t bucket)>& take) {
  EachRun(words, buckets, take);
}

std::optional<RoleModel> RoleModel::Read(std::string_view bytes) {
  if (bytes.size() < kHeader || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  float bias = 0;
  float scale = 0;
  std::uint32_t count = 0;
  std::memcpy(&bias, &bytes[8], sizeof(bias));
  std::memcpy(&scale, &bytes[12], sizeof(scale));
  std::memcpy(&count, &bytes[16], sizeof(count));
  if (!std::isfinite(bias) || !std::isfinite(scale) || !std::has_single_bit(count) ||
      count > kMostBuckets || bytes.size() - kHeader != count) {
    return std::nullopt;
  }
  std::vector<std::int8_t> weights(count);
  std::memcpy(weights.data(), &bytes[kHeader], count);
  return RoleModel(bias, scale, std::move(weights));
}

const RoleModel& RoleModel::English() {
  static const RoleModel* const model = new RoleModel(*Read(EmbeddedModel()));
  return *model;
}

RoleModel::RoleModel(float bias, float scale, std::vector<std::int8_t> weights)
    : bias_(bias), scale_(scale), weights_(std::move(weights)) {}

std::string RoleModel::Write() const {
  std::string bytes(kMagic);
  const auto count = static_cast<std::uint32_t>(weights_.size());
  bytes.append(reinterpret_cast<const char*>(&bias_), sizeof(bias_));
  bytes.append(reinterpret_cast<const char*>(&scale_), sizeof(scale_));
  bytes.append(reinterpret_cast<const char*>(&count), sizeof(count));
  bytes.append(reinterpret_cast<const char*>(weights_.data()), weights_.size());
  return bytes;
}

float RoleModel::LogOdds(const std::vector<std::string>& words) const {
  if (words.empty()) return 0;
  std::int64_t sum = 0;
  EachRun(words, static_cast<std::uint32_t>(weights_.size()),
          [&](std::uint32_t bucket) { sum += weights_[bucket]; });
  return bias_ + scale_ * static_cast<float>(sum);
}

}  // namespace cxscribe::diarization
