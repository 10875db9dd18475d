// JobStore: where jobs, results, audit entries and webhook messages are durable. An interface;
// server/store implements it.
//
// Asynchronous: no call blocks on I/O. Each callback runs exactly once, on a thread of the store's
// own, after the call returned; it must not block. Thread-safe. A write's callback with OK means
// that it is on disk (fsync); writes that arrive while one commit runs are committed together by
// the next. Writes to one job must not overlap: the engine waits for one before the next.
//
// Beside what each call names, every call may answer RESOURCE_EXHAUSTED (STORE_BUSY: too many calls
// wait; STORE_FULL: no space on the disk), UNAVAILABLE (STORE_UNAVAILABLE: the disk fails, or the
// store is closing) or DATA_LOSS (STORE_CORRUPT: what was read is not what was written).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "cxscribe/internal/v1/record.pb.h"
#include "cxscribe/v1/job.pb.h"

namespace cxscribe {

// A result, in the pieces in which it is stored and paged.
struct StoredResult {
  internal::v1::ResultHeader header;
  std::vector<internal::v1::ResultChunk> chunks;  // by first_segment, rising
};

// One durable step of one job: all of it or none.
struct JobWrite {
  // What the store must hold for the job now; anything else is ABORTED with reason STALE_REVISION.
  // 0: the job must not exist.
  int64_t expected_revision = 0;
  // The job after the step. Its revision is expected_revision when nothing visible changed, else
  // one more.
  internal::v1::JobRecord record;
  std::vector<v1::JobEvent> events;
  std::optional<StoredResult> result;
  std::optional<internal::v1::AuditDraft> audit;
  std::optional<internal::v1::WebhookDelivery> webhook;
};

// What a create came to.
struct CreateOutcome {
  // The new job; or with `already_existed` the one that the request id named first. A deleted job's
  // record holds nothing but its id.
  internal::v1::JobRecord record;
  bool already_existed = false;
};

struct JobQuery {
  std::string tenant;
  std::vector<v1::JobState> states;          // empty: all
  std::optional<absl::Time> created_after;   // at or after
  std::optional<absl::Time> created_before;  // before
  std::vector<std::pair<std::string, std::string>> labels;
  int limit = 50;
  std::string after;  // a job id: only jobs older than it; empty: from the newest
  // 0: no bound. Else the list stops after the first job with which the records are larger than
  // this together.
  int64_t max_bytes = 0;
};

// A page of a result: the header on every page, and chunks from `first_segment` on.
struct ResultPage {
  internal::v1::ResultHeader header;
  std::vector<internal::v1::ResultChunk> chunks;
  bool last = true;
  v1::AuditAnchor audit;
};

// An audit entry with its place in the log.
struct AuditLine {
  int64_t sequence = 0;  // from 1, no gaps
  std::string hash;
  std::string line;  // the exact bytes, without the newline
};

// Gives a draft its place: makes the line that is hashed. Pure. `prev_hash` is the hash of the
// entry before, or 64 zeros.
using AuditSealer = AuditLine (*)(const internal::v1::AuditDraft& draft, int64_t sequence,
                                  const std::string& prev_hash);

class JobStore {
 public:
  template <typename T>
  using Callback = absl::AnyInvocable<void(absl::StatusOr<T>)>;
  using Done = absl::AnyInvocable<void(absl::Status)>;

  virtual ~JobStore() = default;

  // Creates a job (write.expected_revision is 0). When the record's job has a request_id that its
  // tenant used since `request_ids_since`: with the same request_sha256 the first job, else
  // ALREADY_EXISTS with reason REQUEST_ID_REUSED. When `max_unfinished` jobs have not ended:
  // RESOURCE_EXHAUSTED with reason QUEUE_FULL.
  virtual void Create(JobWrite write, absl::Time request_ids_since, int max_unfinished,
                      Callback<CreateOutcome> done) = 0;
  // One step of a job that exists.
  virtual void Update(JobWrite write, Done done) = 0;
  // Removes a job's record, result and events; keeps its audit entries, its webhook messages and
  // its request id. `audit` is appended. NOT_FOUND; ABORTED with reason STALE_REVISION.
  virtual void Delete(const std::string& job_id, int64_t expected_revision,
                      internal::v1::AuditDraft audit, Done done) = 0;

  // NOT_FOUND when there is no such job. Tenants are compared by the caller.
  virtual void Get(const std::string& job_id, Callback<internal::v1::JobRecord> done) = 0;
  // Those of the jobs that there are, in the order of `job_ids`.
  virtual void GetMany(std::vector<std::string> job_ids,
                       Callback<std::vector<internal::v1::JobRecord>> done) = 0;
  // Newest first.
  virtual void List(JobQuery query, Callback<std::vector<internal::v1::JobRecord>> done) = 0;
  // Oldest first: events with a number above `after`, each with its number (from 1 in each job).
  // NOT_FOUND when there is no such job.
  virtual void ListEvents(const std::string& job_id, int64_t after, int limit,
                          Callback<std::vector<std::pair<int64_t, v1::JobEvent>>> done) = 0;
  // As many whole chunks from the one that holds `first_segment` as fit into `max_bytes`, at least
  // one. NOT_FOUND when there is no such job or it has no result (reason NO_RESULT); OUT_OF_RANGE
  // when the result is shorter. A result without segments has one page, with no chunk.
  virtual void GetResult(const std::string& job_id, int first_segment, int64_t max_bytes,
                         Callback<ResultPage> done) = 0;
  // Every job that has not ended, oldest first: for recovery.
  virtual void ListUnfinished(Callback<std::vector<internal::v1::JobRecord>> done) = 0;

  // Webhook messages that are not done, soonest first.
  virtual void ListPendingWebhooks(int limit,
                                   Callback<std::vector<internal::v1::WebhookDelivery>> done) = 0;
  // NOT_FOUND when there is no message of this id.
  virtual void UpdateWebhook(internal::v1::WebhookDelivery delivery, Done done) = 0;

  // Audit lines after `sequence`, in order.
  virtual void ListAuditLines(int64_t after_sequence, int limit,
                              Callback<std::vector<AuditLine>> done) = 0;
  // The newest audit line; sequence 0 when there is none.
  virtual void GetAuditHead(Callback<AuditLine> done) = 0;
};

}  // namespace cxscribe
