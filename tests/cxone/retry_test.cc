#include "server/cxone/retry.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'705'312'800);
const absl::Time kFar = kNow + absl::Hours(24);

// Always the same value, so that the ends of the jitter can be seen.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value) : value_(value) {}
  uint64_t Next() override { return static_cast<uint64_t>(value_ * 0x1.0p53) << 11; }

 private:
  double value_;
};
constexpr double kAlmostOne = 0.9999999;

UpstreamOutcome Outcome(UpstreamFailure failure, int status,
                        RequestFate fate = RequestFate::kNotProcessed) {
  UpstreamOutcome outcome;
  outcome.failure = failure;
  outcome.http_status = status;
  outcome.fate = fate;
  return outcome;
}

RetryTally Tally(int attempts, absl::Time started = kNow) {
  RetryTally tally;
  tally.attempts = attempts;
  tally.started = started;
  return tally;
}

struct TransientCase {
  const char* name;
  UpstreamFailure failure;
  int status;
  GiveUp expected;
};

class FirstFailure : public testing::TestWithParam<TransientCase> {};

TEST_P(FirstFailure, IsRetriedOrNotByItsKind) {
  const TransientCase& c = GetParam();
  SeededRandom random(1);
  RetryTally tally = Tally(1);
  tally.throttled = c.failure == UpstreamFailure::kThrottled ? 1 : 0;
  tally.malformed = c.failure == UpstreamFailure::kMalformed ? 1 : 0;
  const RetryDecision decision =
      DecideRetry(Outcome(c.failure, c.status), tally, Repetition::kSafe, {}, kNow, kFar, random);
  EXPECT_EQ(decision.give_up, c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Retry, FirstFailure,
    testing::Values(
        TransientCase{"BadRequest", UpstreamFailure::kRejected, 400, GiveUp::kFinal},
        TransientCase{"Unprocessable", UpstreamFailure::kRejected, 422, GiveUp::kFinal},
        TransientCase{"Unauthorised", UpstreamFailure::kCredentials, 401, GiveUp::kFinal},
        TransientCase{"Forbidden", UpstreamFailure::kForbidden, 403, GiveUp::kFinal},
        TransientCase{"NotFound", UpstreamFailure::kGone, 404, GiveUp::kFinal},
        TransientCase{"TooManyRequests", UpstreamFailure::kThrottled, 429, GiveUp::kNone},
        TransientCase{"ServerError", UpstreamFailure::kUnavailable, 500, GiveUp::kFinal},
        TransientCase{"NotImplemented", UpstreamFailure::kUnavailable, 501, GiveUp::kFinal},
        TransientCase{"VersionNotSupported", UpstreamFailure::kUnavailable, 505, GiveUp::kFinal},
        TransientCase{"BadGateway", UpstreamFailure::kUnavailable, 502, GiveUp::kNone},
        TransientCase{"Unavailable", UpstreamFailure::kUnavailable, 503, GiveUp::kNone},
        TransientCase{"GatewayTimeout", UpstreamFailure::kUnavailable, 504, GiveUp::kNone},
        TransientCase{"NoConnection", UpstreamFailure::kUnavailable, 0, GiveUp::kNone},
        TransientCase{"BrokenOffAnswer", UpstreamFailure::kUnavailable, 200, GiveUp::kNone},
        TransientCase{"Malformed", UpstreamFailure::kMalformed, 200, GiveUp::kNone}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(Retry, NeverRepeatsAnUnsafeCallOfUnknownFate) {
  SeededRandom random(1);
  for (const auto& [failure, status] :
       std::vector<std::pair<UpstreamFailure, int>>{{UpstreamFailure::kUnavailable, 0},
                                                    {UpstreamFailure::kUnavailable, 502},
                                                    {UpstreamFailure::kUnavailable, 504},
                                                    {UpstreamFailure::kMalformed, 200}}) {
    const UpstreamOutcome outcome = Outcome(failure, status, RequestFate::kUnknown);
    EXPECT_EQ(DecideRetry(outcome, Tally(1), Repetition::kUnsafe, {}, kNow, kFar, random).give_up,
              GiveUp::kFateUnknown)
        << status;
    EXPECT_TRUE(DecideRetry(outcome, Tally(1), Repetition::kSafe, {}, kNow, kFar, random).retry())
        << status;
  }
}

TEST(Retry, RepeatsAnUnsafeCallThatWasNotProcessed) {
  SeededRandom random(1);
  EXPECT_TRUE(DecideRetry(Outcome(UpstreamFailure::kUnavailable, 503), Tally(1),
                          Repetition::kUnsafe, {}, kNow, kFar, random)
                  .retry());
  EXPECT_TRUE(DecideRetry(Outcome(UpstreamFailure::kThrottled, 429), Tally(1), Repetition::kUnsafe,
                          {}, kNow, kFar, random)
                  .retry());
}

TEST(Retry, BacksOffWithFullJitterUpToTheCap) {
  const RetrySettings settings;  // 500 ms to 60 s
  FixedRandom high(kAlmostOne);
  FixedRandom low(0);
  absl::Duration ceiling = settings.initial_backoff;
  for (int attempt = 1; attempt <= 60; ++attempt) {
    const UpstreamOutcome outcome = Outcome(UpstreamFailure::kUnavailable, 503);
    const RetryDecision longest =
        DecideRetry(outcome, Tally(attempt), Repetition::kSafe, settings, kNow, kFar, high);
    ASSERT_TRUE(longest.retry());
    EXPECT_LE(longest.delay, ceiling) << attempt;
    EXPECT_GE(longest.delay, ceiling * 0.99) << attempt;
    const RetryDecision shortest =
        DecideRetry(outcome, Tally(attempt), Repetition::kSafe, settings, kNow, kFar, low);
    EXPECT_EQ(shortest.delay, absl::ZeroDuration()) << attempt;
    ceiling = std::min(settings.max_backoff, 2 * ceiling);
  }
}

TEST(Retry, JitterIsUniform) {
  SeededRandom random(7);
  std::vector<int> quarters(4);
  for (int i = 0; i < 4000; ++i) {
    const absl::Duration delay = FullJitter(absl::Seconds(1), absl::Seconds(60), 2, random);
    ++quarters[static_cast<size_t>(delay / absl::Seconds(1))];
  }
  for (const int count : quarters) EXPECT_NEAR(count, 1000, 120);
}

TEST(Retry, JitterSurvivesAbsurdExponents) {
  FixedRandom high(kAlmostOne);
  EXPECT_LE(FullJitter(absl::Hours(1), absl::Seconds(60), 1'000'000, high), absl::Seconds(60));
  EXPECT_EQ(FullJitter(absl::ZeroDuration(), absl::Seconds(60), 100, high), absl::ZeroDuration());
  EXPECT_GE(FullJitter(absl::Seconds(1), absl::Seconds(60), -5, high), absl::ZeroDuration());
}

TEST(Retry, RetryAfterIsAFloorWithALittleJitter) {
  const RetrySettings settings;
  for (const UpstreamFailure failure :
       {UpstreamFailure::kThrottled, UpstreamFailure::kUnavailable}) {
    UpstreamOutcome outcome = Outcome(failure, failure == UpstreamFailure::kThrottled ? 429 : 503);
    outcome.retry_after = absl::Seconds(100);
    FixedRandom low(0);
    EXPECT_EQ(DecideRetry(outcome, Tally(1), Repetition::kSafe, settings, kNow, kFar, low).delay,
              absl::Seconds(100));
    FixedRandom high(kAlmostOne);
    const absl::Duration longest =
        DecideRetry(outcome, Tally(1), Repetition::kSafe, settings, kNow, kFar, high).delay;
    EXPECT_GT(longest, absl::Seconds(109));
    EXPECT_LE(longest, absl::Seconds(110));
  }
}

TEST(Retry, GivesUpAtOnceWhenRetryAfterPassesTheDeadline) {
  SeededRandom random(1);
  UpstreamOutcome outcome = Outcome(UpstreamFailure::kThrottled, 429);
  outcome.retry_after = absl::Seconds(60);
  EXPECT_EQ(
      DecideRetry(outcome, Tally(1), Repetition::kSafe, {}, kNow, kNow + absl::Seconds(60), random)
          .give_up,
      GiveUp::kTime);
  EXPECT_TRUE(
      DecideRetry(outcome, Tally(1), Repetition::kSafe, {}, kNow, kNow + absl::Seconds(70), random)
          .retry());
}

TEST(Retry, NothingStartsAtOrAfterTheDeadline) {
  SeededRandom random(1);
  for (const absl::Duration left :
       {-absl::Seconds(1), absl::ZeroDuration(), absl::Nanoseconds(1)}) {
    for (int i = 0; i < 100; ++i) {
      const RetryDecision decision =
          DecideRetry(Outcome(UpstreamFailure::kUnavailable, 503), Tally(1), Repetition::kSafe, {},
                      kNow, kNow + left, random);
      if (decision.retry()) {
        EXPECT_LT(decision.delay, left);
      }
    }
  }
}

TEST(Retry, OutlastsAnOutageOfThirtyMinutesButNotForEver) {
  SeededRandom random(3);
  const RetrySettings settings;
  RetrySeries series(settings);
  absl::Time now = kNow;
  for (;;) {
    const RetryDecision next = series.Next(Outcome(UpstreamFailure::kUnavailable, 503),
                                           Repetition::kSafe, now, kFar, random);
    if (!next.retry()) {
      EXPECT_EQ(next.give_up, GiveUp::kTime);
      break;
    }
    now += next.delay;
  }
  EXPECT_GT(now - kNow, absl::Minutes(40));
  EXPECT_LT(now - kNow, absl::Minutes(45));
  EXPECT_LT(series.tally().attempts, 200);
}

TEST(Retry, StopsAtTheAttemptCap) {
  SeededRandom random(3);
  RetrySettings settings;
  settings.max_attempts = 3;
  RetrySeries series(settings);
  const UpstreamOutcome outcome = Outcome(UpstreamFailure::kUnavailable, 0);
  EXPECT_TRUE(series.Next(outcome, Repetition::kSafe, kNow, kFar, random).retry());
  EXPECT_TRUE(series.Next(outcome, Repetition::kSafe, kNow, kFar, random).retry());
  EXPECT_EQ(series.Next(outcome, Repetition::kSafe, kNow, kFar, random).give_up, GiveUp::kAttempts);
  series.Reset();
  EXPECT_TRUE(series.Next(outcome, Repetition::kSafe, kNow, kFar, random).retry());
}

TEST(Retry, ThrottlingIsWaitedOutForAsLongAsTheJobLives) {
  SeededRandom random(3);
  RetrySettings settings;
  settings.max_attempts = 3;
  RetrySeries series(settings);
  UpstreamOutcome throttled = Outcome(UpstreamFailure::kThrottled, 429);
  throttled.retry_after = absl::Minutes(5);
  absl::Time now = kNow;
  for (int i = 0; i < 20; ++i) {  // 100 minutes: beyond max_elapsed and max_attempts
    const RetryDecision next = series.Next(throttled, Repetition::kSafe, now, kFar, random);
    ASSERT_TRUE(next.retry()) << i;
    EXPECT_GE(next.delay, absl::Minutes(5));
    now += next.delay;
  }
}

// Waits out 50 minutes of 429, and returns the time after it.
absl::Time Throttle(RetrySeries& series, Random& random) {
  UpstreamOutcome throttled = Outcome(UpstreamFailure::kThrottled, 429);
  throttled.retry_after = absl::Minutes(5);
  absl::Time now = kNow;
  while (now < kNow + absl::Minutes(50)) {
    now += series.Next(throttled, Repetition::kSafe, now, kFar, random).delay;
  }
  return now;
}

TEST(Retry, ThrottledTimeDoesNotCountAsAnOutage) {
  const RetrySettings settings;  // max_elapsed 45 minutes
  for (const UpstreamOutcome& outcome :
       {Outcome(UpstreamFailure::kUnavailable, 503), Outcome(UpstreamFailure::kMalformed, 200)}) {
    FixedRandom high(kAlmostOne);
    RetrySeries series(settings);
    const absl::Time now = Throttle(series, high);
    const RetryDecision next = series.Next(outcome, Repetition::kSafe, now, kFar, high);
    ASSERT_TRUE(next.retry()) << outcome.http_status;
    // Nor as reason to back off longer.
    EXPECT_LE(next.delay, settings.initial_backoff);
    EXPECT_EQ(series.tally().started, kNow);
  }
}

TEST(Retry, AnOutageAfterThrottlingLastsAsLongAsAnother) {
  SeededRandom random(3);
  const RetrySettings settings;
  RetrySeries series(settings);
  const absl::Time began = Throttle(series, random);
  absl::Time now = began;
  for (;;) {
    const RetryDecision next = series.Next(Outcome(UpstreamFailure::kUnavailable, 503),
                                           Repetition::kSafe, now, kFar, random);
    if (!next.retry()) break;
    now += next.delay;
  }
  EXPECT_GT(now - began, absl::Minutes(40));
  EXPECT_LT(now - began, absl::Minutes(45));
}

TEST(Retry, A503ThatSaysWhenIsWaitedForAsLongAsTheJobLives) {
  SeededRandom random(3);
  const RetrySettings settings;  // max_elapsed 45 minutes
  RetrySeries series(settings);
  UpstreamOutcome outcome = Outcome(UpstreamFailure::kUnavailable, 503);
  outcome.retry_after = absl::Seconds(3600);
  const RetryDecision first = series.Next(outcome, Repetition::kSafe, kNow, kFar, random);
  ASSERT_TRUE(first.retry());
  EXPECT_GE(first.delay, absl::Hours(1));
  EXPECT_TRUE(series.Next(outcome, Repetition::kSafe, kNow + first.delay, kFar, random).retry());
  EXPECT_EQ(
      series.Next(outcome, Repetition::kSafe, kNow + absl::Hours(2), kNow + absl::Hours(3), random)
          .give_up,
      GiveUp::kTime);
}

TEST(Retry, MalformedAnswersAreTriedAFewTimesOnly) {
  SeededRandom random(3);
  const RetrySettings settings;  // 4 attempts
  RetrySeries series(settings);
  const UpstreamOutcome malformed = Outcome(UpstreamFailure::kMalformed, 200);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_TRUE(series.Next(malformed, Repetition::kSafe, kNow, kFar, random).retry()) << i;
  }
  EXPECT_EQ(series.Next(malformed, Repetition::kSafe, kNow, kFar, random).give_up,
            GiveUp::kAttempts);
}

TEST(Retry, OutagesDoNotUseUpTheAttemptsOfMalformedAnswers) {
  SeededRandom random(3);
  const RetrySettings settings;
  RetrySeries series(settings);
  for (int i = 0; i < 10; ++i) {
    series.Next(Outcome(UpstreamFailure::kUnavailable, 503), Repetition::kSafe, kNow, kFar, random);
  }
  EXPECT_TRUE(
      series.Next(Outcome(UpstreamFailure::kMalformed, 200), Repetition::kSafe, kNow, kFar, random)
          .retry());
}

}  // namespace
}  // namespace cxscribe
