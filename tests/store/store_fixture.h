// What the store's tests share: records to write, and waiting for answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "server/base/mutex.h"
#include "server/base/timestamp.h"
#include "server/job/job_store.h"
#include "server/job/states.h"

namespace cxscribe {

inline const absl::Time kStart = absl::FromUnixSeconds(1'705'312'800);

// The nth job's id; they sort by n.
inline std::string JobId(int n) { return absl::StrFormat("job_%026d", n); }

// A write that creates the nth job, one second after the one before.
inline JobWrite NewJob(int n, const std::string& tenant = "tenant-a") {
  JobWrite write;
  v1::Job& job = *write.record.mutable_job();
  job.set_job_id(JobId(n));
  StartJob(job, kStart + absl::Seconds(n));
  job.add_recording_ids(absl::StrCat("rec_", n));
  write.record.set_tenant(tenant);
  write.record.set_request_sha256("sha");
  return write;
}

inline internal::v1::AuditDraft Draft(const std::string& event, const std::string& job_id) {
  internal::v1::AuditDraft draft;
  *draft.mutable_timestamp() = ToTimestamp(kStart);
  draft.set_event(event);
  draft.mutable_job()->set_job_id(job_id);
  return draft;
}

// The write that takes `record` to `state`, against the revision that it has.
inline JobWrite Step(internal::v1::JobRecord record, v1::JobState state) {
  JobWrite write;
  write.expected_revision = record.job().revision();
  record.mutable_job()->set_state(state);
  record.mutable_job()->set_revision(write.expected_revision + 1);
  v1::JobEvent event;
  event.set_revision(record.job().revision());
  event.set_type("STATE_CHANGED");
  event.set_state(state);
  write.record = std::move(record);
  write.events.push_back(event);
  return write;
}

// `chunks` chunks of `segments` segments, each of `bytes` bytes of text.
inline StoredResult MakeResult(int chunks, int segments, size_t bytes) {
  StoredResult result;
  result.header.set_transcription_id("txn_1");
  result.header.set_segment_count(chunks * segments);
  for (int i = 0; i < chunks; ++i) {
    internal::v1::ResultChunk chunk;
    chunk.set_first_segment(i * segments);
    for (int j = 0; j < segments; ++j) {
      chunk.add_segments()->set_text(std::string(bytes, static_cast<char>('a' + i % 26)));
    }
    result.chunks.push_back(std::move(chunk));
  }
  return result;
}

inline internal::v1::WebhookDelivery Message(int n, absl::Time next_attempt) {
  internal::v1::WebhookDelivery delivery;
  delivery.set_message_id(absl::StrCat("msg_", n));
  delivery.set_job_id(JobId(n));
  delivery.set_payload("{}");
  *delivery.mutable_next_attempt_time() = ToTimestamp(next_attempt);
  return delivery;
}

// One answer of a store. Get waits for it, at most 30 s, running `pump` meanwhile where there is
// one.
template <typename T>
class Answer {
 public:
  std::function<void(T)> Callback() {
    return [state = state_](T value) {
      MutexLock lock(state->mutex);
      EXPECT_FALSE(state->value.has_value()) << "a callback runs once";
      state->value.emplace(std::move(value));
      state->ready.NotifyAll();
    };
  }

  // Moved out: once.
  T Get(const std::function<void()>& pump = nullptr) {
    if (pump) pump();
    MutexLock lock(state_->mutex);
    for (int i = 0; i < 30 && !state_->value.has_value(); ++i) {
      state_->ready.WaitFor(state_->mutex, absl::Seconds(1));
    }
    if (!state_->value.has_value()) return T(absl::DeadlineExceededError("no answer"));
    return *std::move(state_->value);
  }

 private:
  struct State {
    Mutex mutex;
    CondVar ready;
    std::optional<T> value ABSL_GUARDED_BY(mutex);
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// A store's calls, each waited for.
class Blocking {
 public:
  explicit Blocking(JobStore& store, std::function<void()> pump = nullptr)
      : store_(store), pump_(std::move(pump)) {}

  absl::StatusOr<CreateOutcome> Create(JobWrite write,
                                       absl::Time request_ids_since = absl::InfinitePast(),
                                       int max_unfinished = 1'000'000) {
    return Wait<CreateOutcome>([&](auto done) {
      store_.Create(std::move(write), request_ids_since, max_unfinished, std::move(done));
    });
  }
  absl::Status Update(JobWrite write) {
    return Done([&](auto done) { store_.Update(std::move(write), std::move(done)); });
  }
  absl::Status Delete(const std::string& job_id, int64_t revision) {
    return Done([&](auto done) {
      store_.Delete(job_id, revision, Draft("DELETED", job_id), std::move(done));
    });
  }
  absl::StatusOr<internal::v1::JobRecord> Get(const std::string& job_id) {
    return Wait<internal::v1::JobRecord>([&](auto done) { store_.Get(job_id, std::move(done)); });
  }
  std::vector<std::string> GetMany(std::vector<std::string> job_ids) {
    auto records = Wait<std::vector<internal::v1::JobRecord>>(
        [&](auto done) { store_.GetMany(std::move(job_ids), std::move(done)); });
    return Ids(records);
  }
  // The ids of the page.
  std::vector<std::string> List(JobQuery query) {
    auto page = Wait<std::vector<internal::v1::JobRecord>>(
        [&](auto done) { store_.List(std::move(query), std::move(done)); });
    return Ids(page);
  }
  std::vector<std::string> ListUnfinished() {
    auto all = Wait<std::vector<internal::v1::JobRecord>>(
        [&](auto done) { store_.ListUnfinished(std::move(done)); });
    return Ids(all);
  }
  absl::StatusOr<std::vector<std::pair<int64_t, v1::JobEvent>>> ListEvents(
      const std::string& job_id, int64_t after = 0, int limit = 1000) {
    return Wait<std::vector<std::pair<int64_t, v1::JobEvent>>>(
        [&](auto done) { store_.ListEvents(job_id, after, limit, std::move(done)); });
  }
  absl::StatusOr<ResultPage> GetResult(const std::string& job_id, int first_segment = 0,
                                       int64_t max_bytes = 1 << 30) {
    return Wait<ResultPage>(
        [&](auto done) { store_.GetResult(job_id, first_segment, max_bytes, std::move(done)); });
  }
  std::vector<std::string> ListPendingWebhooks(int limit = 1000) {
    auto pending = Wait<std::vector<internal::v1::WebhookDelivery>>(
        [&](auto done) { store_.ListPendingWebhooks(limit, std::move(done)); });
    EXPECT_TRUE(pending.ok()) << pending.status();
    std::vector<std::string> ids;
    if (pending.ok()) {
      for (const auto& delivery : *pending) ids.push_back(delivery.message_id());
    }
    return ids;
  }
  absl::Status UpdateWebhook(internal::v1::WebhookDelivery delivery) {
    return Done([&](auto done) { store_.UpdateWebhook(std::move(delivery), std::move(done)); });
  }
  std::vector<AuditLine> ListAuditLines(int64_t after = 0, int limit = 1'000'000) {
    auto lines = Wait<std::vector<AuditLine>>(
        [&](auto done) { store_.ListAuditLines(after, limit, std::move(done)); });
    EXPECT_TRUE(lines.ok()) << lines.status();
    return lines.ok() ? *lines : std::vector<AuditLine>();
  }
  absl::StatusOr<AuditLine> GetAuditHead() {
    return Wait<AuditLine>([&](auto done) { store_.GetAuditHead(std::move(done)); });
  }

 private:
  template <typename T, typename Start>
  absl::StatusOr<T> Wait(Start start) {
    Answer<absl::StatusOr<T>> answer;
    start(answer.Callback());
    return answer.Get(pump_);
  }
  template <typename Start>
  absl::Status Done(Start start) {
    Answer<absl::Status> answer;
    start(answer.Callback());
    return answer.Get(pump_);
  }
  static std::vector<std::string> Ids(
      const absl::StatusOr<std::vector<internal::v1::JobRecord>>& records) {
    EXPECT_TRUE(records.ok()) << records.status();
    std::vector<std::string> ids;
    if (records.ok()) {
      for (const auto& record : *records) ids.push_back(record.job().job_id());
    }
    return ids;
  }

  JobStore& store_;
  const std::function<void()> pump_;
};

}  // namespace cxscribe
