// Random: injected randomness for jitter and ids.
#pragma once

#include <cstdint>
#include <random>

#include <absl/base/thread_annotations.h>

#include "server/base/mutex.h"

namespace cxscribe {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  // Uniform over all 64-bit values.
  virtual uint64_t Next() = 0;
  // Uniform in [0, 1).
  double NextDouble() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
};

// From the operating system; fit for ids and secrets, not only for jitter.
class SystemRandom final : public Random {
 public:
  uint64_t Next() override;
};

// A fixed sequence for a seed: for tests.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  uint64_t Next() override;

 private:
  Mutex mutex_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe
