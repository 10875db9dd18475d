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

void RecordingLookup::Find(const std::vector<std::string>& ids, Callback done) {
  auto request = std::make_shared<Request>();
  request->remaining = ids.size();
  request->ids = ids;
  request->done = std::move(done);
  for (const std::string& id : ids) waiting_.push_back({id, request});
  if (pump_posted_) return;
  // Later in the loop: jobs that are admitted together share their calls.
  pump_posted_ = true;
  loop_.Post([this] {
    pump_posted_ = false;
    Pump();
  });
}

void RecordingLookup::Pump() {
  while (in_flight_ < kCallsInFlight && !waiting_.empty()) {
    ++in_flight_;
    Send(TakeBatch());
  }
}

std::vector<RecordingLookup::Item> RecordingLookup::TakeBatch() {
  std::vector<Item> batch;
  std::set<std::string> ids;
  const std::shared_ptr<Request> first = waiting_.front().request;
  while (!waiting_.empty()) {
    const Item& next = waiting_.front();
    if (ids.size() >= kIdsPerCall && ids.count(next.id) == 0) break;
    if (next.request != first && (first->alone || next.request->alone)) break;
    ids.insert(next.id);
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

void RecordingLookup::Send(std::vector<Item> batch) {
  gate_.Run(CallPriority::kValidate, [this, batch = std::move(batch)]() mutable {
    std::vector<std::string> ids;
    for (const Item& item : batch) ids.push_back(item.id);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    client_.GetRecordings(ids, [this, batch = std::move(batch), started = loop_.Now()](
                                   UpstreamResult<std::vector<UpstreamRecording>> result) mutable {
      loop_.Post([this, batch = std::move(batch), started, result = std::move(result)]() mutable {
        observe_("recordings", result.outcome, started);
        Settle(std::move(batch), std::move(result));
      });
    });
  });
}

void RecordingLookup::Settle(std::vector<Item> batch,
                             UpstreamResult<std::vector<UpstreamRecording>> result) {
  --in_flight_;
  const bool shared = std::any_of(batch.begin(), batch.end(), [&](const Item& item) {
    return item.request != batch.front().request;
  });
  if (BlamesTheIds(result.outcome.failure) && shared) {
    for (Item& item : batch) {
      item.request->alone = true;
      waiting_.push_back(std::move(item));
    }
    Pump();
    return;
  }
  std::map<std::string, UpstreamRecording> answer;
  for (auto& recording : result.value) answer[recording.id] = std::move(recording);
  for (Item& item : batch) {
    Request& request = *item.request;
    if (!result.outcome.ok() && request.outcome.ok()) request.outcome = result.outcome;
    if (const auto entry = answer.find(item.id); entry != answer.end()) {
      request.found[item.id] = entry->second;
    }
    if (--request.remaining > 0) continue;
    Callback done = std::move(request.done);
    done(request.outcome, request.found);
  }
  Pump();
}

}  // namespace cxscribe
