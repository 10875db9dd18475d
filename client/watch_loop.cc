#include "client/watch_loop.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <set>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "client/api_client.h"
#include "client/error_view.h"
#include "client/format.h"
#include "client/interrupt.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace cxscribe::client {
namespace {

constexpr int kSilentHeartbeats = 3;

// Takes a job's new state into `jobs`; false when it is not news.
bool Learn(const v1::Job& job, std::map<std::string, v1::Job>& jobs) {
  const auto known = jobs.find(job.job_id());
  if (known != jobs.end()) {
    const v1::Job& before = known->second;
    if (job.revision() < before.revision()) return false;
    const bool same_estimate =
        job.estimated_percent() == before.estimated_percent() &&
        FromTimestamp(job.estimated_end_time()) == FromTimestamp(before.estimated_end_time());
    if (job.revision() == before.revision() && same_estimate) return false;
  }
  jobs[job.job_id()] = job;
  return true;
}

bool HasEnded(const std::map<std::string, v1::Job>& jobs, const std::string& job_id) {
  const auto known = jobs.find(job_id);
  return known != jobs.end() && IsEndState(known->second.state());
}

bool WorthAnotherTry(const absl::Status& status) {
  // CANCELLED that nobody here asked for: a server that goes down cut the stream off.
  if (absl::IsUnavailable(status) || absl::IsCancelled(status)) return true;
  // A server that has too much to do now says when to come back; other limits do not pass.
  return absl::IsResourceExhausted(status) && RetryDelayOf(status) > absl::ZeroDuration();
}

class Loop {
 public:
  Loop(ApiClient& api, const WatchPlan& plan, const Clock& clock, Random& random,
       Interrupt& interrupt, WatchObserver& observer)
      : api_(api),
        plan_(plan),
        clock_(clock),
        random_(random),
        interrupt_(interrupt),
        observer_(observer) {
    for (const WatchedJob& target : plan.targets) wanted_.insert(target.job_id);
  }

  WatchOutcome Run() {
    for (;;) {
      const absl::Status status = FollowOneStream();
      if (outcome_.interrupted || AllEnded()) return std::move(outcome_);
      if (!WorthAnotherTry(status)) return GiveUp(status);
      if (!lost_since_.has_value()) lost_since_ = clock_.Now();
      const absl::Duration delay =
          std::max(BackoffDelay(attempt_++, random_), RetryDelayOf(status));
      const absl::Duration patience =
          was_connected_ ? plan_.reconnect_timeout : plan_.first_connect_timeout;
      if (clock_.Now() + delay - *lost_since_ > patience) return GiveUp(status);
      observer_.OnLost(status, delay);
      if (interrupt_.WaitFor(delay)) {
        outcome_.interrupted = true;
        return std::move(outcome_);
      }
    }
  }

 private:
  absl::Status FollowOneStream() {
    const std::unique_ptr<WatchStream> stream = api_.Watch(Request());
    absl::Time heard = clock_.Now();
    v1::WatchResponse response;
    for (;;) {
      if (interrupt_.raised()) {
        outcome_.interrupted = true;
        return absl::OkStatus();
      }
      switch (stream->Next(plan_.tick, response)) {
        case WatchStream::Event::kMessage:
          heard = clock_.Now();
          Take(response);
          if (AllEnded()) return absl::OkStatus();
          break;
        case WatchStream::Event::kTick:
          observer_.OnTick();
          if (clock_.Now() - heard > plan_.heartbeat_interval * kSilentHeartbeats) {
            return absl::UnavailableError(
                absl::StrCat("nothing heard from the server for ",
                             HumanDuration(plan_.heartbeat_interval * kSilentHeartbeats)));
          }
          break;
        case WatchStream::Event::kEnd: {
          absl::Status status = stream->Finish();
          if (!status.ok()) return status;
          return absl::UnavailableError("the server ended the stream before the jobs had ended");
        }
      }
    }
  }

  v1::WatchRequest Request() const {
    v1::WatchRequest request;
    for (const WatchedJob& target : ResumeTargets(plan_, outcome_)) {
      auto* wanted = request.add_targets();
      wanted->set_job_id(target.job_id);
      wanted->set_after_revision(target.after_revision);
    }
    request.mutable_heartbeat_interval()->set_seconds(
        absl::ToInt64Seconds(plan_.heartbeat_interval));
    return request;
  }

  void Take(const v1::WatchResponse& response) {
    was_connected_ = true;
    attempt_ = 0;
    if (lost_since_.has_value()) {
      lost_since_.reset();
      observer_.OnRestored();
    }
    if (!response.has_job() || wanted_.count(response.job().job_id()) == 0) return;
    if (Learn(response.job(), outcome_.jobs)) observer_.OnJob(response.job());
  }

  bool AllEnded() const {
    return std::all_of(wanted_.begin(), wanted_.end(), [this](const std::string& job_id) {
      return HasEnded(outcome_.jobs, job_id);
    });
  }

  WatchOutcome GiveUp(const absl::Status& status) {
    outcome_.status = status;
    return std::move(outcome_);
  }

  ApiClient& api_;
  const WatchPlan& plan_;
  const Clock& clock_;
  Random& random_;
  Interrupt& interrupt_;
  WatchObserver& observer_;
  std::set<std::string> wanted_;
  WatchOutcome outcome_;
  std::optional<absl::Time> lost_since_;
  int attempt_ = 0;
  bool was_connected_ = false;
};

}  // namespace

absl::StatusOr<WatchedJob> ParseWatchedJob(const std::string& text) {
  WatchedJob target;
  const size_t at = text.find('@');
  target.job_id = text.substr(0, at);
  if (target.job_id.empty()) return absl::InvalidArgumentError("a job id is empty");
  if (at == std::string::npos) return target;
  const std::string revision = text.substr(at + 1);
  if (revision.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(revision, &target.after_revision)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is not a job id with a revision, for example ", target.job_id, "@7"));
  }
  return target;
}

std::string ToText(const WatchedJob& target) {
  if (target.after_revision == 0) return target.job_id;
  return absl::StrCat(target.job_id, "@", target.after_revision);
}

absl::Duration BackoffDelay(int attempt, Random& random) {
  const double seconds = std::min(10.0, 0.5 * std::pow(2.0, std::min(attempt, 10)));
  return absl::Seconds(seconds * (0.5 + 0.5 * random.NextDouble()));
}

std::vector<WatchedJob> ResumeTargets(const WatchPlan& plan, const WatchOutcome& outcome) {
  std::vector<WatchedJob> targets;
  for (WatchedJob target : plan.targets) {
    if (HasEnded(outcome.jobs, target.job_id)) continue;
    const auto known = outcome.jobs.find(target.job_id);
    if (known != outcome.jobs.end()) target.after_revision = known->second.revision();
    targets.push_back(std::move(target));
  }
  return targets;
}

WatchOutcome RunWatch(ApiClient& api, const WatchPlan& plan, const Clock& clock, Random& random,
                      Interrupt& interrupt, WatchObserver& observer) {
  return Loop(api, plan, clock, random, interrupt, observer).Run();
}

}  // namespace cxscribe::client
