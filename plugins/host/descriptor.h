// Descriptor: a file descriptor that closes itself.
#pragma once

#include <unistd.h>
#include <utility>

namespace cxscribe {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() { Reset(); }
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      Reset();
      descriptor_ = other.Release();
    }
    return *this;
  }

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  int Release() { return std::exchange(descriptor_, -1); }
  void Reset() {
    if (valid()) ::close(Release());
  }

 private:
  int descriptor_ = -1;
};

}  // namespace cxscribe
