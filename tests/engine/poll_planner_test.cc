// When to ask again: predicted where something is known, backed off where nothing is.
#include "server/engine/poll_planner.h"

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

constexpr int64_t kMib = 1 << 20;
const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

class PollPlannerTest : public testing::Test {
 protected:
  PollSettings settings_{absl::Seconds(2), absl::Seconds(60)};
  PollPlanner planner_{settings_};
};

TEST_F(PollPlannerTest, BacksOffWhileItKnowsNothing) {
  PollProgress progress{.submitted = kStart, .audio_bytes = 10 * kMib};
  absl::Time now = kStart;
  std::vector<int64_t> waits;
  for (int i = 0; i < 8; ++i) {
    progress.unchanged_polls = i;
    const absl::Time next = planner_.NextPoll(progress, now, 0);
    waits.push_back(absl::ToInt64Seconds(next - now));
    now = next;
  }
  EXPECT_EQ(waits, (std::vector<int64_t>{2, 4, 8, 16, 32, 60, 60, 60}));
}

TEST_F(PollPlannerTest, NeverAsksFasterThanAllowedWhateverIsReported) {
  PollProgress progress{.submitted = kStart, .audio_bytes = kMib, .percent = 99, .polls = 3};
  const absl::Time now = kStart + absl::Seconds(1);
  EXPECT_EQ(planner_.NextPoll(progress, now, 0) - now, settings_.min_interval);
  progress.unchanged_polls = 1'000'000;
  EXPECT_LE(planner_.NextPoll(progress, now, 0.99) - now, settings_.max_interval * 1.1);
}

TEST_F(PollPlannerTest, ExtrapolatesFromTheTranscriptionsOwnProgress) {
  const PollProgress progress{.submitted = kStart, .audio_bytes = kMib, .percent = 50, .polls = 1};
  const absl::Time now = kStart + absl::Seconds(20);
  ASSERT_TRUE(planner_.EstimateEnd(progress, now).has_value());
  EXPECT_EQ(*planner_.EstimateEnd(progress, now), kStart + absl::Seconds(40));
  EXPECT_EQ(planner_.NextPoll(progress, now, 0), kStart + absl::Seconds(40));
}

TEST_F(PollPlannerTest, LearnsHowLongAnAccountTakesForItsAudio) {
  const PollProgress progress{.submitted = kStart, .audio_bytes = 20 * kMib};
  EXPECT_FALSE(planner_.EstimateEnd(progress, kStart).has_value());
  planner_.Learn(10 * kMib, absl::Seconds(15));
  ASSERT_TRUE(planner_.EstimateEnd(progress, kStart).has_value());
  EXPECT_EQ(*planner_.EstimateEnd(progress, kStart), kStart + absl::Seconds(30));
  EXPECT_EQ(planner_.NextPoll(progress, kStart, 0), kStart + absl::Seconds(30));
}

TEST_F(PollPlannerTest, FollowsAnAccountThatBecomesSlower) {
  const PollProgress progress{.submitted = kStart, .audio_bytes = kMib};
  planner_.Learn(kMib, absl::Seconds(10));
  for (int i = 0; i < 30; ++i) planner_.Learn(kMib, absl::Seconds(40));
  const absl::Duration estimate = *planner_.EstimateEnd(progress, kStart) - kStart;
  EXPECT_GT(estimate, absl::Seconds(39));
  EXPECT_LE(estimate, absl::Seconds(40));
}

TEST_F(PollPlannerTest, IgnoresWhatTeachesNothing) {
  planner_.Learn(0, absl::Seconds(10));
  planner_.Learn(kMib, absl::ZeroDuration());
  planner_.Learn(kMib, -absl::Seconds(1));
  EXPECT_FALSE(
      planner_.EstimateEnd({.submitted = kStart, .audio_bytes = kMib}, kStart).has_value());
}

TEST_F(PollPlannerTest, BacksOffAgainWhenTheEstimateHasPassed) {
  planner_.Learn(kMib, absl::Seconds(10));
  const PollProgress progress{
      .submitted = kStart, .audio_bytes = kMib, .polls = 1, .unchanged_polls = 1};
  const absl::Time late = kStart + absl::Seconds(11);
  EXPECT_EQ(planner_.NextPoll(progress, late, 0) - late, absl::Seconds(4));
}

TEST_F(PollPlannerTest, SpreadsJobsThatWereSubmittedTogether) {
  const PollProgress progress{.submitted = kStart};
  EXPECT_LT(planner_.NextPoll(progress, kStart, 0.1), planner_.NextPoll(progress, kStart, 0.9));
}

}  // namespace
}  // namespace cxscribe
