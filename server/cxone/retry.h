// Retry: which upstream failures are tried again, when, and what the job's error says when they
// are not. Pure: time and randomness come in as arguments.
//
// | failure (http status)            | tried again                                                |
// |----------------------------------|------------------------------------------------------------|
// | kRejected (400 and other 4xx)    | no                                                         |
// | kCredentials (401)               | no; the client has already tried once with a fresh token   |
// | kForbidden (403), kGone (404)    | no                                                         |
// | kThrottled (429)                 | after Retry-After, for as long as the job may live         |
// | kUnavailable (502, 503, 504, 0)  | full jitter, until max_elapsed, max_attempts or the        |
// |                                  | deadline; with Retry-After not before it, and for as long  |
// |                                  | as the job may live                                        |
// | kUnavailable (500 and other 5xx) | no: the server answered, and says that it failed on this   |
// |                                  | very request                                               |
// | kMalformed                       | full jitter, malformed_attempts times in all, until        |
// |                                  | max_elapsed                                                |
//
// max_elapsed counts from the first failure since upstream last worked; a 429 says that it works.
// Whatever the failure, a call that must not take effect twice is not repeated once its fate is
// unknown.
#pragma once

#include <optional>
#include <string_view>

#include <absl/status/status.h>
#include <absl/time/time.h>

#include "server/base/random.h"
#include "server/config/settings.h"
#include "server/cxone/client.h"

namespace cxscribe {

// Whether a call may take effect twice without harm.
enum class Repetition {
  kSafe,    // reads; submissions that the account dedupes by key
  kUnsafe,  // submissions otherwise
};

enum class GiveUp {
  kNone,         // try again
  kFinal,        // this failure does not go away by repeating
  kFateUnknown,  // repeating could do it twice
  kAttempts,     // tried as often as allowed
  kTime,         // no time is left, or the time that upstream asks for ends too late
};

struct RetryDecision {
  GiveUp give_up = GiveUp::kNone;
  // With kNone: from now. Not negative.
  absl::Duration delay = absl::ZeroDuration();

  bool retry() const { return give_up == GiveUp::kNone; }
};

// What has been tried so far of one call, or of one run of failed polls. Plain data.
struct RetryTally {
  int attempts = 0;    // failed ones, this one included
  int throttled = 0;   // of them, answered 429
  int malformed = 0;   // of them, kMalformed
  absl::Time started;  // when the first of them was made or failed; the caller's choice
  // When the first of those failed that came after the last 429; absent: now.
  std::optional<absl::Time> failing_since;
};

// Whether upstream says that it failed on this very request (500 and other 5xx that do not go
// away).
bool FailedOnTheRequest(const UpstreamOutcome& outcome);

// Decides about the failure that `tally` counts last. `outcome` must not be ok. Retries never start
// at or after `deadline`.
RetryDecision DecideRetry(const UpstreamOutcome& outcome, const RetryTally& tally,
                          Repetition repetition, const RetrySettings& settings, absl::Time now,
                          absl::Time deadline, Random& random);

// Keeps the tally of one call. Not thread-safe.
//
//   RetrySeries series(settings);
//   ... on failure:
//   const RetryDecision next = series.Next(outcome, Repetition::kSafe, now, job_deadline, random);
//   if (next.retry()) executor.PostAfter(next.delay, ...);
//   else Fail(JobErrorFor(outcome, "polling the transcription", series.tally(), now));
//   ... on success: series.Reset();
class RetrySeries {
 public:
  // `settings` must outlive the series.
  explicit RetrySeries(const RetrySettings& settings) : settings_(&settings) {}

  RetryDecision Next(const UpstreamOutcome& outcome, Repetition repetition, absl::Time now,
                     absl::Time deadline, Random& random);
  void Reset() { tally_ = RetryTally(); }
  const RetryTally& tally() const { return tally_; }

 private:
  const RetrySettings* settings_;
  RetryTally tally_;
};

// uniform(0, min(cap, base * 2^exponent)): "full jitter",
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
absl::Duration FullJitter(absl::Duration base, absl::Duration cap, int exponent, Random& random);

// The longest delay that ParseRetryAfter returns.
inline constexpr absl::Duration kLongestRetryAfter = absl::Hours(24);

// A Retry-After value (RFC 9110, 10.2.3) as a delay from `now`: seconds, or an HTTP date in any of
// its three forms. Nothing: it is neither. Past times and negative seconds are 0.
std::optional<absl::Duration> ParseRetryAfter(std::string_view value, absl::Time now);

// The job's error for a call that failed for good: code, reason, what to do, and the metadata
// upstream_status, call, attempts, elapsed and field. `call` says what was being done, for example
// "submitting the transcription".
absl::Status JobErrorFor(const UpstreamOutcome& outcome, std::string_view call, int attempts,
                         absl::Duration elapsed);
absl::Status JobErrorFor(const UpstreamOutcome& outcome, std::string_view call,
                         const RetryTally& tally, absl::Time now);

}  // namespace cxscribe
