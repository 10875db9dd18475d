// RoleModel: how much a segment sounds like an agent, and how much like a customer. A log-linear
// model over runs of one to three words, trained on dialogues whose sides are known.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

// Calls `take` with the bucket of each run of one to three of `words`, the borders of the segment
// counting as words. Buckets are a power of two.
void ForEachRun(const std::vector<std::string>& words, std::uint32_t buckets,
                const std::function<void(std::uint32_t bucket)>& take);

class RoleModel {
 public:
  // From a file's bytes; nullopt where they are none. Accepts any bytes.
  static std::optional<RoleModel> Read(std::string_view bytes);
  // The model that is built in.
  static const RoleModel& English();

  RoleModel(float bias, float scale, std::vector<std::int8_t> weights);
  std::string Write() const;

  // The logarithm of the odds that an agent said it: positive agent, negative customer, 0 for
  // nothing. Linear; thread-safe.
  float LogOdds(const std::vector<std::string>& words) const;

 private:
  float bias_;
  float scale_;  // what a weight of 1 stands for
  std::vector<std::int8_t> weights_;
};

}  // namespace cxscribe::diarization
