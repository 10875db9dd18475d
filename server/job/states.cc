#include "server/job/states.h"

#include <algorithm>
#include <string>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

// The part of progress_percent that a state's own work covers.
struct Range {
  int begin;
  int end;
};

Range ProgressRange(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_VALIDATING:
      return {0, 5};
    case v1::JOB_STATE_TRANSCRIBING:
      return {5, 90};
    case v1::JOB_STATE_PROCESSING:
      return {90, 99};
    case v1::JOB_STATE_SUCCEEDED:
    case v1::JOB_STATE_QUARANTINED:
      return {100, 100};
    default:
      return {0, 0};
  }
}

// Marks a visible change of the job.
void Touch(v1::Job& job, absl::Time now) {
  job.set_revision(job.revision() + 1);
  if (!job.has_update_time() || FromTimestamp(job.update_time()) < now) {
    *job.mutable_update_time() = ToTimestamp(now);
  }
}

}  // namespace

bool IsEnd(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_SUCCEEDED:
    case v1::JOB_STATE_FAILED:
    case v1::JOB_STATE_CANCELLED:
    case v1::JOB_STATE_QUARANTINED:
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return true;
    default:
      return false;
  }
}

bool CanTransition(v1::JobState from, v1::JobState to) {
  const bool stops = to == v1::JOB_STATE_FAILED || to == v1::JOB_STATE_CANCELLED;
  switch (from) {
    case v1::JOB_STATE_QUEUED:
      return stops || to == v1::JOB_STATE_VALIDATING;
    case v1::JOB_STATE_VALIDATING:
      return stops || to == v1::JOB_STATE_TRANSCRIBING || to == v1::JOB_STATE_NEEDS_ATTENTION;
    case v1::JOB_STATE_TRANSCRIBING:
      return stops || to == v1::JOB_STATE_PROCESSING || to == v1::JOB_STATE_NEEDS_ATTENTION;
    case v1::JOB_STATE_PROCESSING:
      return stops || to == v1::JOB_STATE_SUCCEEDED || to == v1::JOB_STATE_QUARANTINED;
    case v1::JOB_STATE_QUARANTINED:
      return to == v1::JOB_STATE_SUCCEEDED || to == v1::JOB_STATE_FAILED;
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return to == v1::JOB_STATE_TRANSCRIBING || to == v1::JOB_STATE_FAILED;
    default:
      return false;
  }
}

bool CanCancel(v1::JobState state) { return CanTransition(state, v1::JOB_STATE_CANCELLED); }

bool CanDelete(v1::JobState state) { return IsEnd(state); }

std::string_view SeedStatus(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_QUEUED:
      return "queued";
    case v1::JOB_STATE_SUCCEEDED:
    case v1::JOB_STATE_QUARANTINED:
      return "completed";
    case v1::JOB_STATE_FAILED:
    case v1::JOB_STATE_CANCELLED:
      return "failed";
    default:
      return "in_progress";
  }
}

std::string_view StateName(v1::JobState state) {
  constexpr std::string_view kPrefix = "JOB_STATE_";
  if (!v1::JobState_IsValid(state)) return "UNSPECIFIED";
  std::string_view name = v1::JobState_Name(state);  // refers to the descriptor's own string
  name.remove_prefix(kPrefix.size());
  return name;
}

int ProgressIn(v1::JobState state, int percent) {
  const Range range = ProgressRange(state);
  return range.begin + (range.end - range.begin) * std::clamp(percent, 0, 100) / 100;
}

void StartJob(v1::Job& job, absl::Time now) {
  job.set_state(v1::JOB_STATE_QUEUED);
  job.set_status(std::string(SeedStatus(v1::JOB_STATE_QUEUED)));
  job.set_revision(1);
  job.set_progress_percent(0);
  *job.mutable_create_time() = ToTimestamp(now);
  *job.mutable_update_time() = ToTimestamp(now);
  job.clear_end_time();
  job.clear_error();
}

absl::Status Advance(v1::Job& job, v1::JobState to, absl::Time now) {
  if (!CanTransition(job.state(), to)) {
    const std::string from(StateName(job.state()));
    const std::string target(StateName(to));
    return ErrorBuilder(
               absl::StatusCode::kInternal, "BAD_TRANSITION",
               absl::StrCat("job ", job.job_id(), " is ", from, " and cannot become ", target))
        .Metadata("from", from)
        .Metadata("to", target)
        .Build();
  }
  job.set_state(to);
  job.set_status(std::string(SeedStatus(to)));
  job.set_progress_percent(std::max(job.progress_percent(), ProgressIn(to, 0)));
  Touch(job, now);
  if (IsEnd(to)) {
    *job.mutable_end_time() = job.update_time();
  } else {
    job.clear_end_time();
  }
  if (to != v1::JOB_STATE_FAILED && to != v1::JOB_STATE_NEEDS_ATTENTION) job.clear_error();
  return absl::OkStatus();
}

bool RaiseProgress(v1::Job& job, int percent, absl::Time now) {
  const int progress = ProgressIn(job.state(), percent);
  if (progress <= job.progress_percent()) return false;
  job.set_progress_percent(progress);
  Touch(job, now);
  return true;
}

}  // namespace cxscribe
