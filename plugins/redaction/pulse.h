// Lets a long loop be stopped: the owner's check runs now and then, and may throw.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

namespace cxscribe::redaction {

class Pulse {
 public:
  // `check` may be empty. It throws to end the work; what was being made is lost, nothing else.
  explicit Pulse(std::function<void()> check) : check_(std::move(check)) {}

  // Cheap: call it once for each token or item.
  void Tick() {
    if (++ticks_ % kInterval == 0) Now();
  }
  void Now() {
    if (check_) check_();
  }

 private:
  static constexpr std::uint32_t kInterval = 4096;

  std::function<void()> check_;
  std::uint32_t ticks_ = 0;
};

}  // namespace cxscribe::redaction
