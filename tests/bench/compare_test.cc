#include "tests/bench/compare.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using testing::HasSubstr;

std::vector<absl::Duration> Milliseconds(int first, int last) {
  std::vector<absl::Duration> samples;
  for (int i = last; i >= first; --i) samples.push_back(absl::Milliseconds(i));
  return samples;
}

TEST(PercentilesOf, TakesTheNearestRankOfUnsortedSamples) {
  const Percentiles all = PercentilesOf(Milliseconds(1, 100));
  EXPECT_EQ(all.p50, absl::Milliseconds(50));
  EXPECT_EQ(all.p99, absl::Milliseconds(99));
  EXPECT_EQ(PercentilesOf(Milliseconds(7, 7)).p50, absl::Milliseconds(7));
  EXPECT_EQ(PercentilesOf(Milliseconds(1, 3)).p50, absl::Milliseconds(2));
}

TEST(Compare, CallsBothEquallyOftenAndWarmsUp) {
  int subject = 0;
  int baseline = 0;
  std::string order;
  const Comparison comparison = Compare(
      "a", [&] { ++subject, order += 'a'; }, "b", [&] { ++baseline, order += 'b'; }, 4);
  EXPECT_EQ(subject, 5);
  EXPECT_EQ(baseline, 5);
  EXPECT_EQ(order, "ababbaabba") << "each goes first in every other round";
  EXPECT_EQ(comparison.what, "a");
}

TEST(Comparison, SaysHowManyTimesAsLong) {
  const Comparison comparison = {"isolated",
                                 "in process",
                                 {absl::Microseconds(30), absl::Microseconds(60)},
                                 {absl::Microseconds(20), absl::Microseconds(25)},
                                 3};
  EXPECT_DOUBLE_EQ(comparison.ratio(), 1.5);
  EXPECT_THAT(
      FormatTable({comparison}),
      HasSubstr("isolated        30.0        60.0  in process        20.0        25.0        10.0"
                "    1.50     100000"));
  EXPECT_THAT(FormatJson({comparison}),
              HasSubstr("\"ratio\": 1.5000, \"words_per_second\": 100000}"));
}

TEST(Comparison, SaysNothingOfWordsWhereNoneAreRead) {
  const Percentiles one = {absl::Microseconds(1), absl::Microseconds(1)};
  EXPECT_THAT(FormatTable({{"a", "b", one, one}}), HasSubstr("1.00          -\n"));
  EXPECT_THAT(FormatJson({{"a", "b", one, one}}), HasSubstr("\"ratio\": 1.0000}"));
}

}  // namespace
}  // namespace cxscribe
