// Recordings before they are submitted: looked up at CXone in batches that many jobs share, then
// judged.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>

#include "cxscribe/v1/job.pb.h"
#include "server/base/executor.h"
#include "server/cxone/budget_gate.h"
#include "server/cxone/client.h"

namespace cxscribe {

// Judges what CXone answered about a job's recordings. OK, or INVALID_ARGUMENT (RECORDINGS_INVALID)
// with every id that is missing, of a format other than wav or mp3, and the excess over
// `max_storage_mb` MiB, all at once. Pure.
absl::Status JudgeRecordings(const std::vector<std::string>& ids,
                             const std::map<std::string, UpstreamRecording>& found,
                             int64_t max_storage_mb);

// Looks recordings up, 100 ids a call, waiting ids of several jobs in one call. Checks (questions
// of callers, for which no job waits) come after all jobs and never share a call with one. Not
// thread-safe: everything, callbacks included, happens on `loop`.
//
// What waits is bounded by who asks: at most 1000 ids for each job under way and each check.
class RecordingLookup {
 public:
  using Found = std::map<std::string, UpstreamRecording>;
  // Either an outcome that is ok and all that was found, or the first failure.
  using Callback = absl::AnyInvocable<void(const UpstreamOutcome&, const Found&)>;

  // Told of every call's outcome, and when it was sent.
  using Observer = std::function<void(std::string_view call, const UpstreamOutcome& outcome,
                                      absl::Time started)>;

  // All must outlive this.
  RecordingLookup(TimerExecutor& loop, CxoneClient& client, BudgetGate& gate, Observer observe)
      : loop_(loop), client_(client), gate_(gate), observe_(std::move(observe)) {}

  enum class Kind { kJob, kCheck };
  using RequestId = uint64_t;  // never 0

  // One attempt; `done` runs once, never inside this call, unless the request is abandoned before:
  // with the first failure, after which nothing more of the request is sent.
  RequestId Find(Kind kind, const std::vector<std::string>& ids, Callback done);
  // The answer is not needed any more: `done` will not run, and what was not sent yet is not sent.
  // Nothing happens when it has run.
  void Abandon(RequestId request);

 private:
  struct Request {
    RequestId id = 0;
    Kind kind = Kind::kJob;
    bool over = false;  // answered or abandoned
    size_t remaining = 0;
    // Set after a call that was refused or made no sense: its ids go alone, so that one job's do
    // not spoil another's.
    bool alone = false;
    Found found;
    Callback done;
  };
  struct Item {
    std::string id;
    std::shared_ptr<Request> request;
  };

  // One call, from when its ids were taken until it is answered.
  struct Batch {
    Kind kind = Kind::kJob;
    BudgetGate::Ticket ticket = 0;  // waits for the budget; 0: has been sent
    std::vector<Item> items;
  };

  std::deque<Item>& Waiting(Kind kind) { return kind == Kind::kJob ? jobs_ : checks_; }
  int& InFlight(Kind kind) { return kind == Kind::kJob ? jobs_in_flight_ : checks_in_flight_; }
  void PostPump();
  void Pump();
  std::vector<Item> TakeBatch(std::deque<Item>& waiting);
  void Send(Kind kind, std::vector<Item> items);
  void Settle(const std::shared_ptr<Batch>& batch,
              UpstreamResult<std::vector<UpstreamRecording>> result);
  // Ends a request, and drops what it still has waiting.
  void Close(const std::shared_ptr<Request>& request);

  TimerExecutor& loop_;
  CxoneClient& client_;
  BudgetGate& gate_;
  const Observer observe_;
  std::map<RequestId, std::shared_ptr<Request>> requests_;  // that are not over
  RequestId last_request_ = 0;
  std::deque<Item> jobs_;
  std::deque<Item> checks_;
  std::vector<std::shared_ptr<Batch>> unsent_;  // that wait for the budget
  int jobs_in_flight_ = 0;
  int checks_in_flight_ = 0;
  bool pump_posted_ = false;
};

}  // namespace cxscribe
