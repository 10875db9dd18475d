#include "server/cxone/budget.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "server/base/random.h"

namespace cxscribe {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'705'312'800);

// The most requests in any window [t, t + per).
size_t MostInAnyWindow(const std::vector<absl::Time>& times, absl::Duration per) {
  size_t most = 0;
  size_t begin = 0;
  for (size_t end = 0; end < times.size(); ++end) {
    while (times[end] - times[begin] >= per) ++begin;
    most = std::max(most, end - begin + 1);
  }
  return most;
}

// Takes whatever it can get until `end`.
std::vector<absl::Time> Saturate(Budget& budget, absl::Time from, absl::Time end) {
  std::vector<absl::Time> taken;
  for (absl::Time now = from;;) {
    now = budget.NextSlot(now);
    if (now >= end) return taken;
    EXPECT_TRUE(budget.TryTake(now));
    taken.push_back(now);
  }
}

class BudgetOf : public testing::TestWithParam<int> {};

TEST_P(BudgetOf, NeverExceedsAnyWindowHoweverItIsUsed) {
  const int requests = GetParam();
  const absl::Duration per = absl::Minutes(5);
  SeededRandom random(static_cast<uint64_t>(requests));
  for (int round = 0; round < 20; ++round) {
    Budget budget({requests, per});
    std::vector<absl::Time> taken;
    absl::Time now = kStart;
    // Floods, pauses, and single requests at the exact slot, at random.
    while (now < kStart + 6 * per) {
      const double dice = random.NextDouble();
      if (dice < 0.02) {
        budget.OnThrottled(now, per * (random.NextDouble() * 0.5));
      } else if (dice < 0.3) {
        now += per * (random.NextDouble() * 1.5);
      } else if (dice < 0.6) {
        now = budget.NextSlot(now);
      } else {
        now += per / requests * random.NextDouble();
      }
      while (budget.TryTake(now)) taken.push_back(now);
    }
    ASSERT_LE(MostInAnyWindow(taken, per), static_cast<size_t>(requests));
  }
}

TEST_P(BudgetOf, GivesMostOfItsRateUnderSteadyLoad) {
  const int requests = GetParam();
  const absl::Duration per = absl::Minutes(5);
  Budget budget({requests, per});
  const std::vector<absl::Time> taken = Saturate(budget, kStart, kStart + 10 * per);
  EXPECT_LE(MostInAnyWindow(taken, per), static_cast<size_t>(requests));
  EXPECT_GE(taken.size(), static_cast<size_t>(8 * requests));
}

INSTANTIATE_TEST_SUITE_P(Budget, BudgetOf, testing::Values(1, 2, 3, 7, 10, 150, 1000),
                         testing::PrintToStringParamName());

TEST(Budget, AllowsABurstThenPacesEvenly) {
  Budget budget({150, absl::Minutes(5)});
  int burst = 0;
  while (budget.TryTake(kStart)) ++burst;
  EXPECT_EQ(burst, 30);
  absl::Time now = kStart;
  for (int i = 0; i < 100; ++i) {
    const absl::Time next = budget.NextSlot(now);
    // 300 s for the other 121: never a stop of a whole window.
    EXPECT_NEAR(absl::ToDoubleSeconds(next - now), 300.0 / 121, 0.001);
    now = next;
    ASSERT_TRUE(budget.TryTake(now));
    EXPECT_FALSE(budget.TryTake(now));
  }
}

TEST(Budget, NextSlotIsExact) {
  SeededRandom random(5);
  Budget budget({17, absl::Seconds(10)});
  absl::Time now = kStart;
  for (int i = 0; i < 2000; ++i) {
    if (random.NextDouble() < 0.01) budget.OnThrottled(now, absl::Milliseconds(700));
    const absl::Time slot = budget.NextSlot(now);
    ASSERT_GE(slot, now);
    ASSERT_EQ(budget.NextSlot(now), slot);
    now = slot;
    ASSERT_TRUE(budget.TryTake(now)) << i;
  }
}

TEST(Budget, NothingGoesBeforeTheSlot) {
  Budget budget({1, absl::Seconds(10)});
  ASSERT_TRUE(budget.TryTake(kStart));
  EXPECT_EQ(budget.NextSlot(kStart), kStart + absl::Seconds(10));
  EXPECT_FALSE(budget.TryTake(kStart + absl::Seconds(10) - absl::Nanoseconds(1)));
  EXPECT_TRUE(budget.TryTake(kStart + absl::Seconds(10)));
}

TEST(Budget, WaitsForRetryAfterThenGoesOnMoreSlowly) {
  const absl::Duration per = absl::Minutes(5);
  Budget budget({150, per});
  ASSERT_TRUE(budget.TryTake(kStart));
  budget.OnThrottled(kStart, absl::Seconds(90));
  EXPECT_EQ(budget.NextSlot(kStart), kStart + absl::Seconds(90));
  EXPECT_FALSE(budget.TryTake(kStart + absl::Seconds(89)));
  // One goes, not the whole burst.
  const absl::Time resumed = kStart + absl::Seconds(90);
  EXPECT_TRUE(budget.TryTake(resumed));
  EXPECT_FALSE(budget.TryTake(resumed));
  EXPECT_DOUBLE_EQ(budget.RateShare(resumed), 0.5);
  EXPECT_NEAR(absl::ToDoubleSeconds(budget.NextSlot(resumed) - resumed), 2 * 300.0 / 121, 0.01);
}

TEST(Budget, WhatIsSpentStaysSpentWhileWaiting) {
  Budget budget({10, absl::Seconds(10)});
  while (budget.TryTake(kStart)) {
  }
  budget.OnThrottled(kStart, absl::Milliseconds(1));
  // Half the rate: one request in 20 s / 9. The wait of 1 ms gave nothing back.
  EXPECT_NEAR(absl::ToDoubleSeconds(budget.NextSlot(kStart) - kStart), 20.0 / 9, 0.01);
}

TEST(Budget, SeveralThrottlesInOneWaitCountOnce) {
  Budget budget({150, absl::Minutes(5)});
  for (int i = 0; i < 50; ++i) budget.OnThrottled(kStart, absl::Seconds(10));
  EXPECT_DOUBLE_EQ(budget.RateShare(kStart), 0.5);
  // The longest wait counts.
  budget.OnThrottled(kStart, absl::Seconds(60));
  budget.OnThrottled(kStart, absl::Seconds(5));
  EXPECT_EQ(budget.NextSlot(kStart), kStart + absl::Seconds(60));
}

TEST(Budget, RepeatedThrottlingLowersTheRateToAFloor) {
  Budget budget({150, absl::Minutes(5)});
  absl::Time now = kStart;
  for (int i = 0; i < 100; ++i) {
    budget.OnThrottled(now, absl::ZeroDuration());
    now = budget.NextSlot(now);
    ASSERT_TRUE(budget.TryTake(now));
  }
  EXPECT_GE(budget.RateShare(now), 1.0 / 16);
  EXPECT_LT(budget.RateShare(now), 0.2);
}

TEST(Budget, RecoversLinearly) {
  const absl::Duration per = absl::Minutes(5);
  Budget budget({150, per});
  budget.OnThrottled(kStart, absl::Seconds(10));
  const absl::Time resumed = kStart + absl::Seconds(10);
  EXPECT_NEAR(budget.RateShare(resumed), 0.5, 0.001);
  EXPECT_NEAR(budget.RateShare(resumed + per / 2), 0.75, 0.01);
  EXPECT_NEAR(budget.RateShare(resumed + per), 1.0, 0.01);
  EXPECT_DOUBLE_EQ(budget.RateShare(resumed + 2 * per), 1.0);
}

TEST(Budget, AThrottleWithoutRetryAfterWaitsAMoment) {
  Budget budget({150, absl::Minutes(5)});
  budget.OnThrottled(kStart, std::nullopt);
  EXPECT_EQ(budget.NextSlot(kStart), kStart + absl::Seconds(5));
}

TEST(Budget, AnAbsurdRetryAfterIsCapped) {
  Budget budget({150, absl::Minutes(5)});
  budget.OnThrottled(kStart, absl::InfiniteDuration());
  EXPECT_EQ(budget.NextSlot(kStart), kStart + absl::Hours(24));
}

TEST(Budget, ChargedRequestsCount) {
  Budget budget({10, absl::Seconds(10)});
  budget.Charge(kStart, 4);  // two more than the burst
  EXPECT_FALSE(budget.TryTake(kStart));
  const absl::Duration slot = absl::Seconds(10) / 9;
  EXPECT_NEAR(absl::ToDoubleSeconds(budget.NextSlot(kStart) - kStart),
              absl::ToDoubleSeconds(3 * slot), 0.001);
  budget.Charge(kStart, 1'000'000'000);
  EXPECT_LE(budget.NextSlot(kStart), kStart + absl::Seconds(12));
}

TEST(Budget, AClockThatGoesBackGrantsNothingAndBlocksNothing) {
  Budget budget({1, absl::Seconds(10)});
  ASSERT_TRUE(budget.TryTake(kStart));
  const absl::Time back = kStart - absl::Hours(1);
  EXPECT_FALSE(budget.TryTake(back));
  EXPECT_EQ(budget.NextSlot(back), back + absl::Seconds(10));
  budget.OnThrottled(back, absl::Seconds(30));
  EXPECT_EQ(budget.NextSlot(back - absl::Hours(1)), back - absl::Hours(1) + absl::Seconds(30));
}

TEST(Budget, NonsenseSettingsStillWork) {
  for (const BudgetSettings settings :
       {BudgetSettings{0, absl::Seconds(1)}, BudgetSettings{-5, absl::ZeroDuration()},
        BudgetSettings{1'000'000'000, absl::Microseconds(1)},
        BudgetSettings{1'000'000'000, absl::InfiniteDuration()}}) {
    Budget budget(settings);
    EXPECT_TRUE(budget.TryTake(kStart));
    budget.OnThrottled(kStart, std::nullopt);
    const absl::Time slot = budget.NextSlot(kStart);
    EXPECT_TRUE(budget.TryTake(slot));
  }
}

}  // namespace
}  // namespace cxscribe
