// Clock: the one source of time. Injected everywhere, so that tests run in virtual time.
//
// Now() is the wall clock's time, for what people read and what is stored; an operator or NTP may
// set it, forwards or backwards. SteadyNow() only ever goes forward, as time passes: for waits.
#pragma once

#include <chrono>

#include <absl/time/clock.h>
#include <absl/time/time.h>

namespace cxscribe {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Comparable with other values of the same clock's SteadyNow() only.
  virtual absl::Time SteadyNow() const { return Now(); }
};

// The system's clocks.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
  absl::Time SteadyNow() const override {
    return absl::UnixEpoch() +
           absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace cxscribe
