#include "server/watch/session.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/job/states.h"

namespace cxscribe {

WatchSession::WatchSession(const std::vector<std::pair<std::string, int64_t>>& targets) {
  // Pointers into the map stay valid only while nothing is inserted: everything is inserted here.
  targets_.reserve(targets.size());
  for (const auto& [job_id, seen] : targets) targets_[job_id].seen = seen;
  unfinished_ = targets_.size();
}

absl::Status WatchSession::Begin(const JobPtr& job) {
  const auto found = targets_.find(job->job_id());
  if (found == targets_.end() || found->second.begun) return absl::OkStatus();
  Target& target = found->second;
  // A change may have come while the store was read.
  if (target.pending == nullptr || target.pending->revision() < job->revision()) {
    target.pending = job;
  }
  if (target.pending->revision() < target.seen) {
    return ErrorBuilder(
               absl::StatusCode::kOutOfRange, "CURSOR_AHEAD",
               absl::StrCat("watch of ", job->job_id(), ": after_revision ", target.seen,
                            " is ahead of the job's revision ", target.pending->revision(),
                            "; the cursor is from another server or store: watch again from 0"))
        .Resource("job", job->job_id())
        .Build();
  }
  target.begun = true;
  target.waiting = true;
  waiting_.push_back(&target);
  return absl::OkStatus();
}

bool WatchSession::Offer(const JobPtr& job) {
  const auto found = targets_.find(job->job_id());
  if (found == targets_.end()) return false;
  Target& target = found->second;
  if (target.pending != nullptr && job->revision() <= target.pending->revision()) return false;
  if (target.begun && job->revision() <= target.seen) return false;
  target.pending = job;
  if (!target.begun || target.waiting) return false;
  target.waiting = true;
  waiting_.push_back(&target);
  return true;
}

WatchSession::JobPtr WatchSession::Next() {
  if (waiting_.empty()) return nullptr;
  Target& target = *waiting_.front();
  waiting_.pop_front();
  target.waiting = false;
  JobPtr job = std::exchange(target.pending, nullptr);
  target.seen = job->revision();
  if (!target.ended && IsEnd(job->state())) {
    target.ended = true;
    --unfinished_;
  }
  return job;
}

}  // namespace cxscribe
