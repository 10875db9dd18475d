#include "server/base/random.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(uint64_t value) : value_(value) {}
  uint64_t Next() override { return value_; }

 private:
  const uint64_t value_;
};

TEST(Random, NextDoubleIsAtLeastZeroAndBelowOne) {
  EXPECT_EQ(FixedRandom(0).NextDouble(), 0.0);
  EXPECT_LT(FixedRandom(~uint64_t{0}).NextDouble(), 1.0);
  SeededRandom random(7);
  double low = 1;
  double high = 0;
  for (int i = 0; i < 1000; ++i) {
    const double value = random.NextDouble();
    low = std::min(low, value);
    high = std::max(high, value);
  }
  EXPECT_LT(low, 0.1);
  EXPECT_GT(high, 0.9);
}

TEST(SeededRandom, RepeatsForASeed) {
  SeededRandom first(3);
  SeededRandom second(3);
  SeededRandom other(4);
  const uint64_t value = first.Next();
  EXPECT_EQ(value, second.Next());
  EXPECT_NE(value, other.Next());
}

TEST(SystemRandom, DoesNotRepeat) {
  SystemRandom random;
  std::set<uint64_t> values;
  for (int i = 0; i < 100; ++i) values.insert(random.Next());
  EXPECT_EQ(values.size(), 100u);
}

}  // namespace
}  // namespace cxscribe
