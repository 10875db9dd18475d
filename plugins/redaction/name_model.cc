#include "plugins/redaction/name_model.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "plugins/redaction/embedded_model.h"

// The file, little-endian: "CXNAMES1", bias i32, scale f32, count u32, weights i8.

namespace cxscribe::redaction {
namespace {

constexpr std::string_view kMagic = "CXNAMES1";
constexpr std::size_t kHeader = 8 + 4 + 4 + 4;
constexpr std::uint32_t kMostBuckets = 1U << 24;
constexpr float kNoName = -20;

}  // namespace

std::optional<NameModel> NameModel::Read(std::string_view bytes) {
  if (bytes.size() < kHeader || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  std::int32_t bias = 0;
  float scale = 0;
  std::uint32_t count = 0;
  std::memcpy(&bias, &bytes[8], sizeof(bias));
  std::memcpy(&scale, &bytes[12], sizeof(scale));
  std::memcpy(&count, &bytes[16], sizeof(count));
  if (!std::isfinite(scale) || !std::has_single_bit(count) || count > kMostBuckets ||
      bytes.size() - kHeader != count) {
    return std::nullopt;
  }
  std::vector<std::int8_t> weights(count);
  std::memcpy(weights.data(), &bytes[kHeader], count);
  return NameModel(bias, scale, std::move(weights));
}

const NameModel& NameModel::English() {
  static const NameModel* const model = new NameModel(*Read(EmbeddedModel()));
  return *model;
}

NameModel::NameModel(std::int32_t bias, float scale, std::vector<std::int8_t> weights)
    : bias_(bias), scale_(scale), weights_(std::move(weights)) {}

std::string NameModel::Write() const {
  std::string bytes(kMagic);
  const auto count = static_cast<std::uint32_t>(weights_.size());
  bytes.append(reinterpret_cast<const char*>(&bias_), sizeof(bias_));
  bytes.append(reinterpret_cast<const char*>(&scale_), sizeof(scale_));
  bytes.append(reinterpret_cast<const char*>(&count), sizeof(count));
  bytes.append(reinterpret_cast<const char*>(weights_.data()), weights_.size());
  return bytes;
}

float NameModel::LogOdds(std::string_view lower) const {
  if (lower.size() < 2 || lower.size() > kLongestWord) return kNoName;
  std::int64_t sum = bias_;
  ForEachNameFeature(lower, static_cast<std::uint32_t>(weights_.size()),
                     [&](std::uint32_t bucket) { sum += weights_[bucket]; });
  return scale_ * static_cast<float>(sum);
}

}  // namespace cxscribe::redaction
