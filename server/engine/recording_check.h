// Recordings before they are submitted: looked up at CXone in batches that many jobs share, then
// judged.
#pragma once

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

// Looks recordings up, 100 ids a call, waiting ids of several jobs in one call. Not thread-safe:
// everything, callbacks included, happens on `loop`.
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

  // One attempt; `done` runs exactly once, never inside this call.
  void Find(const std::vector<std::string>& ids, Callback done);

 private:
  struct Request {
    size_t remaining = 0;
    // Set after a call that was refused or made no sense: its ids go alone, so that one job's do
    // not spoil another's.
    bool alone = false;
    std::vector<std::string> ids;
    UpstreamOutcome outcome;
    Found found;
    Callback done;
  };
  struct Item {
    std::string id;
    std::shared_ptr<Request> request;
  };

  void Pump();
  std::vector<Item> TakeBatch();
  void Send(std::vector<Item> batch);
  void Settle(std::vector<Item> batch, UpstreamResult<std::vector<UpstreamRecording>> result);

  TimerExecutor& loop_;
  CxoneClient& client_;
  BudgetGate& gate_;
  const Observer observe_;
  std::deque<Item> waiting_;
  int in_flight_ = 0;
  bool pump_posted_ = false;
};

}  // namespace cxscribe
