// The job's state machine: which states there are, how they follow each other, and what a step does
// to the job. Everything that asks "may this job …" asks here. Pure functions; thread-safe.
//
//   QUEUED -> VALIDATING -> TRANSCRIBING -> PROCESSING -> SUCCEEDED | QUARANTINED
//   Each of the four may end in FAILED or CANCELLED; NEEDS_ATTENTION is reached once a submission's
//   fate is unknown. A person moves on: NEEDS_ATTENTION -> TRANSCRIBING | FAILED,
//   QUARANTINED -> SUCCEEDED | FAILED.
#pragma once

#include <string_view>

#include <absl/status/status.h>
#include <absl/time/time.h>

#include "cxscribe/v1/job.pb.h"

namespace cxscribe {

// Whether the state ends a Watch: nothing more happens unless a person acts.
bool IsEnd(v1::JobState state);

// Whether a job may step from `from` to `to`. No state follows itself.
bool CanTransition(v1::JobState from, v1::JobState to);

// Whether CancelJob may stop the job.
bool CanCancel(v1::JobState state);
// Whether DeleteJob may remove the job.
bool CanDelete(v1::JobState state);

// CXone's own words for the state: "queued", "in_progress", "completed" or "failed".
std::string_view SeedStatus(v1::JobState state);

// The state's name without its prefix: "QUEUED". "UNSPECIFIED" for values that have none.
std::string_view StateName(v1::JobState state);

// The job's progress_percent when `percent` (0 to 100, clamped) of the state's own work is done.
// QUEUED is 0, VALIDATING 0-5, TRANSCRIBING 5-90, PROCESSING 90-99, SUCCEEDED and QUARANTINED 100.
// The other ends add nothing: 0.
int ProgressIn(v1::JobState state, int percent);

// Makes `job` a new one: QUEUED, revision 1, created and updated `now`.
void StartJob(v1::Job& job, absl::Time now);

// One step: sets state, status and update_time, counts the revision up, raises the progress to the
// start of the new state's range, sets end_time in an end state and clears it on the way out of
// one. Clears `error` except in FAILED and NEEDS_ATTENTION, where the caller sets it. An
// update_time never goes back, even if the clock did. INTERNAL with reason BAD_TRANSITION, and no
// change, when CanTransition says no.
[[nodiscard]] absl::Status Advance(v1::Job& job, v1::JobState to, absl::Time now);

// Raises progress_percent to ProgressIn(job.state, percent), and with it revision and update_time.
// False, and no change, when that would not raise it.
bool RaiseProgress(v1::Job& job, int percent, absl::Time now);

}  // namespace cxscribe
