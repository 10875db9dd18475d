#include "server/engine/recording_check.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr size_t kIdsPerCall = 100;
// While these run, more ids gather for the next call.
constexpr int kCallsInFlight = 2;
constexpr int64_t kBytesPerMib = 1024 * 1024;
// Larger than any quota; sums of sizes stop here instead of overflowing.
constexpr int64_t kMostBytes = int64_t{1} << 60;

// Whether the failure may be about one of the ids rather than about the call.
bool BlamesTheIds(UpstreamFailure failure) {
  return failure == UpstreamFailure::kRejected || failure == UpstreamFailure::kForbidden ||
         failure == UpstreamFailure::kGone || failure == UpstreamFailure::kMalformed;
}

}  // namespace

absl::Status JudgeRecordings(const std::vector<std::string>& ids,
                             const std::map<std::string, UpstreamRecording>& found,
                             int64_t max_storage_mb) {
  std::vector<std::pair<std::string, std::string>> violations;
  int64_t total_bytes = 0;
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string field = absl::StrCat("recording_ids[", i, "]");
    const auto entry = found.find(ids[i]);
    if (entry == found.end()) {
      violations.emplace_back(
          field, absl::StrCat("CXone does not know recording ", ids[i],
                              ": check the id, and that the account may read its partition"));
      continue;
    }
    const std::string format = absl::AsciiStrToLower(entry->second.format);
    if (format != "wav" && format != "mp3") {
      violations.emplace_back(
          field, absl::StrCat("recording ", ids[i], " has the format \"", format.substr(0, 32),
                              "\"; only wav and mp3 can be transcribed"));
    }
    total_bytes =
        std::min(kMostBytes - std::clamp<int64_t>(entry->second.size_bytes, 0, kMostBytes),
                 total_bytes) +
        std::clamp<int64_t>(entry->second.size_bytes, 0, kMostBytes);
  }
  const bool over_quota = total_bytes > max_storage_mb * kBytesPerMib;
  if (over_quota) {
    violations.emplace_back(
        "recording_ids",
        absl::StrCat(
            "the recordings are ", (total_bytes + kBytesPerMib - 1) / kBytesPerMib,
            " MiB together; a job may have ", max_storage_mb,
            " MiB: split the job, or raise the account's max_storage_mb if CXone allows more"));
  }
  if (violations.empty()) return absl::OkStatus();
  ErrorBuilder error(
      absl::StatusCode::kInvalidArgument, "RECORDINGS_INVALID",
      absl::StrCat(
          violations.front().second,
          violations.size() > 1 ? absl::StrCat(" (and ", violations.size() - 1, " more)") : ""));
  for (auto& [field, description] : violations) error.Field(field, description);
  if (over_quota) {
    error.Quota("max_storage_mb",
                absl::StrCat(total_bytes, " bytes of ", max_storage_mb * kBytesPerMib));
  }
  return error.Build();
}

RecordingLookup::RequestId RecordingLookup::Find(Kind kind, const std::vector<std::string>& ids,
                                                 Callback done) {
  auto request = std::make_shared<Request>();
  request->id = ++last_request_;
  request->kind = kind;
  request->remaining = ids.size();
  request->done = std::move(done);
  requests_[request->id] = request;
  for (const std::string& id : ids) Waiting(kind).push_back({id, request});
  PostPump();
  return request->id;
}

void RecordingLookup::Abandon(RequestId request) {
  const auto found = requests_.find(request);
  if (found == requests_.end()) return;
  const std::shared_ptr<Request> open = found->second;  // closing erases the entry
  Close(open);
  open->done = nullptr;
  PostPump();  // a batch of its ids may have made room
}

void RecordingLookup::Close(const std::shared_ptr<Request>& request) {
  request->over = true;
  requests_.erase(request->id);
  const auto is_its = [&request](const Item& item) { return item.request == request; };
  auto& waiting = Waiting(request->kind);
  waiting.erase(std::remove_if(waiting.begin(), waiting.end(), is_its), waiting.end());
  // Batches that wait for the budget: without its ids, or not at all.
  for (auto entry = unsent_.begin(); entry != unsent_.end();) {
    auto& items = (*entry)->items;
    items.erase(std::remove_if(items.begin(), items.end(), is_its), items.end());
    if (!items.empty()) {
      ++entry;
      continue;
    }
    gate_.Cancel((*entry)->ticket);
    --InFlight((*entry)->kind);
    entry = unsent_.erase(entry);
  }
}

void RecordingLookup::PostPump() {
  if (pump_posted_) return;
  // Later in the loop: jobs that are admitted together share their calls.
  pump_posted_ = true;
  loop_.Post([this] {
    pump_posted_ = false;
    Pump();
  });
}

void RecordingLookup::Pump() {
  while (jobs_in_flight_ < kCallsInFlight && !jobs_.empty()) Send(Kind::kJob, TakeBatch(jobs_));
  if (jobs_.empty() && checks_in_flight_ == 0 && !checks_.empty()) {
    Send(Kind::kCheck, TakeBatch(checks_));
  }
}

std::vector<RecordingLookup::Item> RecordingLookup::TakeBatch(std::deque<Item>& waiting) {
  std::vector<Item> batch;
  std::set<std::string> ids;
  const std::shared_ptr<Request> first = waiting.front().request;
  while (!waiting.empty()) {
    const Item& next = waiting.front();
    if (ids.size() >= kIdsPerCall && ids.count(next.id) == 0) break;
    if (next.request != first && (first->alone || next.request->alone)) break;
    ids.insert(next.id);
    batch.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  return batch;
}

void RecordingLookup::Send(Kind kind, std::vector<Item> items) {
  ++InFlight(kind);
  auto batch = std::make_shared<Batch>();
  batch->kind = kind;
  batch->items = std::move(items);
  unsent_.push_back(batch);
  const auto priority = kind == Kind::kJob ? CallPriority::kValidate : CallPriority::kCheck;
  batch->ticket = gate_.Run(priority, [this, batch] {
    batch->ticket = 0;
    unsent_.erase(std::find(unsent_.begin(), unsent_.end(), batch));
    std::vector<std::string> ids;
    for (const Item& item : batch->items) ids.push_back(item.id);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    client_.GetRecordings(ids, [this, batch, started = loop_.SteadyNow()](
                                   UpstreamResult<std::vector<UpstreamRecording>> result) mutable {
      loop_.Post([this, batch, started, result = std::move(result)]() mutable {
        observe_("recordings", result.outcome, started);
        Settle(batch, std::move(result));
      });
    });
  });
}

void RecordingLookup::Settle(const std::shared_ptr<Batch>& batch,
                             UpstreamResult<std::vector<UpstreamRecording>> result) {
  --InFlight(batch->kind);
  std::vector<Item> items = std::move(batch->items);
  // Of a request that is over nothing is needed any more.
  items.erase(std::remove_if(items.begin(), items.end(),
                             [](const Item& item) { return item.request->over; }),
              items.end());
  const bool shared = std::any_of(items.begin(), items.end(), [&](const Item& item) {
    return item.request != items.front().request;
  });
  if (BlamesTheIds(result.outcome.failure) && shared) {
    for (Item& item : items) {
      item.request->alone = true;
      Waiting(batch->kind).push_back(std::move(item));
    }
    Pump();
    return;
  }
  std::map<std::string, UpstreamRecording> answer;
  for (auto& recording : result.value) answer[recording.id] = std::move(recording);
  for (Item& item : items) {
    const std::shared_ptr<Request> request = item.request;
    if (request->over) continue;  // failed with an id before this one
    if (const auto entry = answer.find(item.id); entry != answer.end()) {
      request->found[item.id] = entry->second;
    }
    if (--request->remaining > 0 && result.outcome.ok()) continue;
    Close(request);
    Callback done = std::move(request->done);
    done(result.outcome, request->found);
  }
  Pump();
}

}  // namespace cxscribe
