// Clock: the one source of wall-clock time. Injected everywhere, so that tests run in virtual time.
#pragma once

#include <absl/time/clock.h>
#include <absl/time/time.h>

namespace cxscribe {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The system's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace cxscribe
