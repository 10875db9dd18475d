#include "server/cxone/retry.h"

#include <algorithm>
#include <cmath>

namespace cxscribe {
namespace {

// Added to a Retry-After at random, as a share of it, so that what was refused together does not
// come back together.
constexpr double kRetryAfterSpread = 0.1;

// Whether the failure can go away by itself.
bool IsTransient(const UpstreamOutcome& outcome) {
  switch (outcome.failure) {
    case UpstreamFailure::kThrottled:
    case UpstreamFailure::kMalformed:
      return true;
    case UpstreamFailure::kUnavailable:
      return !FailedOnTheRequest(outcome);
    case UpstreamFailure::kNone:
    case UpstreamFailure::kRejected:
    case UpstreamFailure::kCredentials:
    case UpstreamFailure::kForbidden:
    case UpstreamFailure::kGone:
      return false;
  }
  return false;
}

}  // namespace

bool FailedOnTheRequest(const UpstreamOutcome& outcome) {
  if (outcome.failure != UpstreamFailure::kUnavailable) return false;
  switch (outcome.http_status) {
    case 502:
    case 503:
    case 504:
      return false;
    default:
      // An answer that broke off is a broken connection, whatever its first line said.
      return outcome.http_status >= 500;
  }
}

absl::Duration FullJitter(absl::Duration base, absl::Duration cap, int exponent, Random& random) {
  // 2^62 of any base is beyond every cap; a larger exponent would only overflow.
  const absl::Duration grown = base * std::ldexp(1.0, std::clamp(exponent, 0, 62));
  return std::max(absl::ZeroDuration(), std::min(cap, grown)) * random.NextDouble();
}

RetryDecision DecideRetry(const UpstreamOutcome& outcome, const RetryTally& tally,
                          Repetition repetition, const RetrySettings& settings, absl::Time now,
                          absl::Time deadline, Random& random) {
  if (!IsTransient(outcome)) return {GiveUp::kFinal};
  if (outcome.fate == RequestFate::kUnknown && repetition == Repetition::kUnsafe) {
    return {GiveUp::kFateUnknown};
  }
  absl::Time limit = deadline;
  if (outcome.failure == UpstreamFailure::kMalformed &&
      tally.malformed >= settings.malformed_attempts) {
    return {GiveUp::kAttempts};
  }
  const bool throttled = outcome.failure == UpstreamFailure::kThrottled;
  // Being asked to wait says nothing about upstream's health: those attempts do not count.
  const int counted = throttled ? tally.throttled : tally.attempts - tally.throttled;
  if (!throttled) {
    if (counted >= settings.max_attempts) return {GiveUp::kAttempts};
    // Who says when to come back is waited for.
    const bool invited =
        outcome.failure == UpstreamFailure::kUnavailable && outcome.retry_after.has_value();
    if (!invited) limit = std::min(limit, tally.failing_since.value_or(now) + settings.max_elapsed);
  }
  absl::Duration delay =
      FullJitter(settings.initial_backoff, settings.max_backoff, std::max(0, counted - 1), random);
  if (outcome.retry_after.has_value()) {
    const absl::Duration floor = std::max(absl::ZeroDuration(), *outcome.retry_after);
    const absl::Duration spread = std::max(settings.initial_backoff, floor * kRetryAfterSpread);
    delay = floor + spread * random.NextDouble();
  }
  if (now + delay >= limit) return {GiveUp::kTime};
  return {GiveUp::kNone, delay};
}

RetryDecision RetrySeries::Next(const UpstreamOutcome& outcome, Repetition repetition,
                                absl::Time now, absl::Time deadline, Random& random) {
  if (tally_.attempts == 0) tally_.started = now;
  ++tally_.attempts;
  if (outcome.failure == UpstreamFailure::kThrottled) {
    ++tally_.throttled;
    tally_.failing_since.reset();
  } else if (!tally_.failing_since.has_value()) {
    tally_.failing_since = now;
  }
  if (outcome.failure == UpstreamFailure::kMalformed) ++tally_.malformed;
  return DecideRetry(outcome, tally_, repetition, *settings_, now, deadline, random);
}

}  // namespace cxscribe
