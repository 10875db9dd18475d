// WatchLoop: follows jobs until all have ended, over as many Watch streams as that takes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "cxscribe/v1/job.pb.h"

namespace cxscribe {
class Clock;
class Random;
}  // namespace cxscribe

namespace cxscribe::client {

class ApiClient;
class Interrupt;

struct WatchedJob {
  std::string job_id;
  int64_t after_revision = 0;  // the last revision seen
};

// "job_…" or "job_…@REVISION".
absl::StatusOr<WatchedJob> ParseWatchedJob(const std::string& text);
// The same the other way round; without "@0".
std::string ToText(const WatchedJob& target);

struct WatchPlan {
  std::vector<WatchedJob> targets;
  // How long a lost server is tried again; and how long one that has not answered yet.
  absl::Duration reconnect_timeout = absl::Minutes(10);
  absl::Duration first_connect_timeout = absl::Seconds(5);
  // Asked of the server. A stream that is silent for three of them counts as lost.
  absl::Duration heartbeat_interval = absl::Seconds(10);
  absl::Duration tick = absl::Milliseconds(200);
};

// Told what happens, on the thread that runs the loop.
class WatchObserver {
 public:
  virtual ~WatchObserver() = default;
  // A job's first state, and every later one; revisions of a job only grow.
  virtual void OnJob(const v1::Job& job) = 0;
  // Time has passed.
  virtual void OnTick() {}
  // The stream broke; the next try follows after `delay`.
  virtual void OnLost(const absl::Status& status, absl::Duration delay) = 0;
  virtual void OnRestored() = 0;
};

struct WatchOutcome {
  absl::Status status;  // why the loop gave up; OK when all jobs have ended or it was interrupted
  bool interrupted = false;             // by Ctrl-C
  std::map<std::string, v1::Job> jobs;  // the last state of each job that was seen, by id
};

// Reconnects after UNAVAILABLE, RESOURCE_EXHAUSTED with RetryInfo, silence and streams that end
// early, with growing delays and from the last revisions seen. What `plan.targets` says about
// revisions only has to be true, not recent.
WatchOutcome RunWatch(ApiClient& api, const WatchPlan& plan, const Clock& clock, Random& random,
                      Interrupt& interrupt, WatchObserver& observer);

// The targets with the revisions that `outcome` has seen, without jobs that have ended: what to
// watch to go on where it stopped.
std::vector<WatchedJob> ResumeTargets(const WatchPlan& plan, const WatchOutcome& outcome);

// The delay before try `attempt` (from 0): 0.5 s doubling to 10 s, of which a random half is cut.
absl::Duration BackoffDelay(int attempt, Random& random);

}  // namespace cxscribe::client
