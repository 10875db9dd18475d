// Deadlines and cancellation of a run, on the monotonic clock; shared by the stage runners.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string_view>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include "plugins/host/plugin_error.h"
#include "plugins/host/stage_runner.h"

namespace cxscribe {

using SteadyTime = std::chrono::steady_clock::time_point;

// How late a run notices a cancellation, which only sets a flag.
inline constexpr absl::Duration kCancelPoll = absl::Milliseconds(20);
// std::condition_variable overflows on a wait without end.
inline constexpr absl::Duration kLongestWait = absl::Hours(1);

inline SteadyTime SteadyNow() { return std::chrono::steady_clock::now(); }

inline SteadyTime After(SteadyTime start, absl::Duration delay) {
  if (delay > absl::Hours(24 * 365)) return SteadyTime::max();
  return start + absl::ToChronoNanoseconds(std::max(delay, absl::ZeroDuration()));
}

inline absl::Duration Until(SteadyTime when) {
  const SteadyTime now = SteadyNow();
  if (when <= now) return absl::ZeroDuration();  // also SteadyTime::min(): a difference overflows
  if (when == SteadyTime::max()) return kLongestWait;
  return std::min(absl::FromChrono(when - now), kLongestWait);
}

inline bool IsCancelled(const RunContext& context) {
  return context.cancelled != nullptr && context.cancelled->load(std::memory_order_relaxed);
}

// How long a run may wait before it has to look at its flag and its deadline again.
inline absl::Duration NextLook(const RunContext& context, SteadyTime deadline) {
  const absl::Duration left = Until(deadline);
  return context.cancelled == nullptr ? left : std::min(left, kCancelPoll);
}

inline absl::Status CancelledStatus(const PluginIdentity& identity) {
  return PluginStatus(identity, absl::StatusCode::kCancelled, "PLUGIN_CANCELLED",
                      "the run was cancelled");
}

inline absl::Status TimeoutStatus(const PluginIdentity& identity, const RunContext& context,
                                  std::string_view what) {
  return PluginStatus(identity, absl::StatusCode::kDeadlineExceeded, "PLUGIN_TIMEOUT",
                      absl::StrCat(std::string(what), " within the stage's timeout of ",
                                   absl::FormatDuration(context.timeout)));
}

// What a run tells its caller that asked a plugin to process: `stop` says why it was told to stop,
// if it was.
inline absl::StatusOr<RunOutput> SettleResult(absl::StatusOr<RunOutput> result,
                                              const absl::Status& stop,
                                              const PluginIdentity& identity,
                                              const RunContext& context, SteadyTime deadline) {
  if (result.ok()) return result;  // also late, it is as good as any
  // An error after it was told to stop is how it stopped.
  if (!stop.ok()) return stop;
  if (IsCancelled(context)) return CancelledStatus(identity);
  if (SteadyNow() >= deadline) return TimeoutStatus(identity, context, "process did not return");
  if (absl::IsCancelled(result.status())) {
    // Nobody may take this for a job that its caller cancelled.
    return PluginViolation(identity, "process said it was cancelled, but it was not");
  }
  return result;
}

}  // namespace cxscribe
