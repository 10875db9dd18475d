// When workers are started again: delays, the breaker, and that poisoned jobs starve nobody.
#include "plugins/host/restart_policy.h"

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using Breaker = RestartPolicy::Breaker;
using Time = RestartPolicy::Time;

// Jitter at its most: delays are as long as they can be.
class MostRandom final : public Random {
 public:
  uint64_t Next() override { return UINT64_MAX; }
};

Time At(double seconds) {
  return Time() + std::chrono::hours(1) +
         std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
}

class RestartPolicyTest : public testing::Test {
 protected:
  static RestartPolicy::Options SmallOptions() {
    RestartPolicy::Options options;
    options.first_delay = absl::Milliseconds(100);
    options.max_delay = absl::Seconds(1);
    options.breaker_strikes = 6;
    options.window = absl::Minutes(1);
    options.open_for = absl::Seconds(10);
    options.max_open = absl::Seconds(35);
    return options;
  }

  double DelayAfter(double now) const {
    return std::chrono::duration<double>(policy_.restart_at() - At(now)).count();
  }
  // So many jobs kill their workers, one after the other.
  void Kill(int jobs, double now) {
    for (int i = 0; i < jobs; ++i) policy_.Crashed(At(now), next_job_++);
  }

  MostRandom random_;
  RestartPolicy policy_{SmallOptions(), random_};
  uint64_t next_job_ = 1;
};

TEST_F(RestartPolicyTest, TheFirstWorkerIsReplacedAtOnce) {
  policy_.Crashed(At(0), 1);
  EXPECT_LE(policy_.restart_at(), At(0));
  EXPECT_EQ(policy_.strikes(At(0)), 1);
  EXPECT_EQ(policy_.breaker(At(0)), Breaker::kClosed);
}

TEST_F(RestartPolicyTest, OneJobCountsOnceHoweverOftenItKills) {
  for (int i = 0; i < 50; ++i) policy_.Crashed(At(0), 7);
  EXPECT_EQ(policy_.strikes(At(0)), 1);
  EXPECT_LE(policy_.restart_at(), At(0));
}

TEST_F(RestartPolicyTest, TwoJobsInTurnAreStillTwo) {
  for (int i = 0; i < 10; ++i) policy_.Crashed(At(0), static_cast<uint64_t>(1 + i % 2));
  EXPECT_EQ(policy_.strikes(At(0)), 2);
}

TEST_F(RestartPolicyTest, EachFurtherOneDoublesTheWaitUpToABound) {
  Kill(1, 0);
  for (const double delay : {0.1, 0.2, 0.4, 0.8}) {
    Kill(1, 0);
    EXPECT_NEAR(DelayAfter(0), delay, 1e-6);
  }
}

TEST_F(RestartPolicyTest, WorkersThatDoNotStartOrDieIdleCountEach) {
  for (int i = 0; i < 2; ++i) policy_.StartFailed(At(0));
  policy_.DiedIdle(At(0));
  EXPECT_EQ(policy_.strikes(At(0)), 3);
  EXPECT_NEAR(DelayAfter(0), 0.2, 1e-6);
}

TEST_F(RestartPolicyTest, JitterTakesAtMostHalf) {
  SeededRandom seeded(1);
  for (int i = 0; i < 100; ++i) {
    RestartPolicy policy(SmallOptions(), seeded);
    policy.Crashed(At(0), 1);
    policy.Crashed(At(0), 2);
    EXPECT_GE(policy.restart_at(), At(0.05));
    EXPECT_LE(policy.restart_at(), At(0.1));
  }
}

TEST_F(RestartPolicyTest, ASuccessForgetsEverything) {
  Kill(5, 0);
  policy_.Succeeded();
  EXPECT_EQ(policy_.strikes(At(0)), 0);
  EXPECT_LE(policy_.restart_at(), At(0));
  Kill(1, 1);
  EXPECT_LE(policy_.restart_at(), At(1));
}

TEST_F(RestartPolicyTest, OldStrikesAreForgotten) {
  Kill(5, 0);
  EXPECT_EQ(policy_.strikes(At(59)), 5);
  EXPECT_EQ(policy_.strikes(At(61)), 0);
  Kill(1, 61);
  EXPECT_EQ(policy_.strikes(At(61)), 1);
  EXPECT_EQ(policy_.breaker(At(61)), Breaker::kClosed);
}

TEST_F(RestartPolicyTest, TheBreakerOpensAtSoManyJobsWithoutASuccess) {
  Kill(5, 0);
  EXPECT_EQ(policy_.breaker(At(0)), Breaker::kClosed);
  EXPECT_TRUE(policy_.TryEnter(At(0)));
  Kill(1, 0);
  EXPECT_EQ(policy_.breaker(At(0)), Breaker::kOpen);
  EXPECT_FALSE(policy_.TryEnter(At(0)));
  EXPECT_FALSE(policy_.TryEnter(At(9.9)));
  // There is a worker for the trial when it half-opens.
  EXPECT_LE(policy_.restart_at(), policy_.opens_until());
}

TEST_F(RestartPolicyTest, AHalfOpenBreakerLetsOneTrialIn) {
  Kill(6, 0);
  EXPECT_EQ(policy_.breaker(At(10)), Breaker::kHalfOpen);
  EXPECT_TRUE(policy_.TryEnter(At(10)));
  EXPECT_FALSE(policy_.TryEnter(At(10)));
  policy_.Left();  // the trial was cancelled
  EXPECT_TRUE(policy_.TryEnter(At(11)));
  policy_.Succeeded();
  EXPECT_EQ(policy_.breaker(At(11)), Breaker::kClosed);
  EXPECT_TRUE(policy_.TryEnter(At(11)));
  EXPECT_TRUE(policy_.TryEnter(At(11)));
}

TEST_F(RestartPolicyTest, ATrialThatFailsOpensItForTwiceAsLongUpToABound) {
  Kill(6, 0);
  double now = 0;
  for (const double open : {10.0, 20.0, 35.0, 35.0}) {
    EXPECT_NEAR(std::chrono::duration<double>(policy_.opens_until() - At(now)).count(), open, 1e-6);
    now += open;
    ASSERT_TRUE(policy_.TryEnter(At(now)));
    Kill(1, now);
    EXPECT_EQ(policy_.breaker(At(now)), Breaker::kOpen);
  }
}

TEST_F(RestartPolicyTest, AWorkerThatCannotBeHadForTheTrialOpensItAgain) {
  Kill(6, 0);
  policy_.StartFailed(At(5));  // still open: changes nothing
  EXPECT_EQ(policy_.breaker(At(10)), Breaker::kHalfOpen);
  policy_.StartFailed(At(10));
  EXPECT_EQ(policy_.breaker(At(10)), Breaker::kOpen);
}

TEST_F(RestartPolicyTest, ATenthOfPoisonedJobsNeverOpensIt) {
  SeededRandom seeded(42);
  RestartPolicy policy(RestartPolicy::Options{}, seeded);
  double now = 0;
  for (uint64_t job = 1; job <= 100'000; ++job) {
    now += 0.001;
    ASSERT_TRUE(policy.TryEnter(At(now)));
    if (seeded.NextDouble() < 0.1) {
      policy.Crashed(At(now), job);
      policy.Crashed(At(now), job);
    } else {
      policy.Succeeded();
    }
  }
}

}  // namespace
}  // namespace cxscribe
