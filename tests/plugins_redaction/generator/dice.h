// Seeded choices that fall the same way with every compiler and library: std::mt19937_64 is
// specified to the bit, the distributions of the standard library are not.
//
// Two throws in one expression have no order in C++; callers keep each in a statement of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

namespace cxscribe::calls {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // 0 to n - 1, each as likely; n > 0.
  std::uint64_t Below(std::uint64_t n) {
    const std::uint64_t fair = UINT64_MAX - UINT64_MAX % n;
    std::uint64_t thrown = engine_();
    while (thrown >= fair) thrown = engine_();
    return thrown % n;
  }

  // low to high, both of them included.
  int Between(int low, int high) {
    const std::int64_t choices = std::int64_t{high} - low + 1;
    return low + static_cast<int>(Below(static_cast<std::uint64_t>(choices)));
  }

  // True `percent` times of a hundred.
  bool Chance(int percent) { return Below(100) < static_cast<std::uint64_t>(percent); }

  // `choices` is an array or a container that is not empty.
  template <typename Choices>
  const auto& Pick(const Choices& choices) {
    return choices[static_cast<std::size_t>(Below(std::size(choices)))];
  }

  // So many figures; the first one not 0.
  std::string Figures(std::size_t count) {
    std::string figures;
    while (figures.size() < count) {
      figures += static_cast<char>('0' + Between(figures.empty() ? 1 : 0, 9));
    }
    return figures;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace cxscribe::calls
