#include "server/store/sqlite_writer.h"

#include <algorithm>
#include <memory>
#include <sqlite3.h>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/timestamp.h"
#include "server/job/states.h"
#include "server/job/store_errors.h"

namespace cxscribe {
namespace {

using internal::v1::AuditDraft;
using internal::v1::JobRecord;
using internal::v1::ResultChunk;
using internal::v1::WebhookDelivery;

// Expired request ids are removed a few at a time, by the creates that come after them.
constexpr int64_t kExpiredIdsPerCreate = 16;

const std::string& GenesisHash() {
  static const std::string hash(64, '0');
  return hash;
}

int64_t Nanos(const google::protobuf::Timestamp& timestamp) {
  return absl::ToUnixNanos(FromTimestamp(timestamp));
}

}  // namespace

SqliteWriter::SqliteWriter(std::unique_ptr<SqliteConnection> connection, std::string path,
                           AuditSealer sealer)
    : connection_(std::move(connection)), path_(std::move(path)), sealer_(sealer) {
  SqliteQuery count = connection_->Query("SELECT count(*) FROM jobs WHERE state BETWEEN 1 AND 4");
  count.Step();
  position_.unfinished = count.Int(0);
  SqliteQuery head =
      connection_->Query("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
  position_.audit_hash = GenesisHash();
  if (head.Step()) {
    position_.audit_sequence = head.Int(0);
    position_.audit_hash = head.Text(1);
  }
}

std::vector<absl::Status> SqliteWriter::CommitGroup(std::vector<Write>& writes) {
  std::vector<absl::Status> statuses(writes.size());
  if (TryCommit(writes.data(), writes.size(), statuses.data())) return statuses;
  for (size_t i = 0; i < writes.size(); ++i) TryCommit(&writes[i], 1, &statuses[i]);
  return statuses;
}

bool SqliteWriter::TryCommit(Write* writes, size_t count, absl::Status* statuses) {
  const Position before = position_;
  try {
    SqliteTransaction transaction(*connection_, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < count; ++i) {
      statuses[i] = ApplyOne(writes[i]);
      if (connection_->IsIdle()) {  // the error ended the transaction, with all that was in it
        position_ = before;
        return count == 1;
      }
    }
    transaction.Commit();
    return true;
  } catch (const SQLite::Exception& exception) {
    position_ = before;
    // One write too large for the disk must not fail those that fit; other errors are everyone's.
    if (count > 1 && (exception.getErrorCode() & 0xff) == SQLITE_FULL) return false;
    std::fill_n(statuses, count, SqliteError(exception, path_));
    return true;
  }
}

// Leaves nothing of a failed write in the transaction, or no transaction.
absl::Status SqliteWriter::ApplyOne(Write& write) {
  const Position before = position_;
  absl::Status status;
  connection_->Query("SAVEPOINT one").Run();
  try {
    status = write.apply(*this);
  } catch (const SQLite::Exception& exception) {
    status = SqliteError(exception, path_);
  }
  if (connection_->IsIdle()) return status;
  if (!status.ok()) {
    position_ = before;
    connection_->Query("ROLLBACK TO one").Run();
  }
  connection_->Query("RELEASE one").Run();
  return status;
}

bool SqliteWriter::Checkpoint() {
  // Writes wait meanwhile, so it is not worth waiting long for a reader.
  constexpr int kPatienceMs = 50;
  bool complete = false;
  try {
    sqlite3_busy_timeout(connection_->database().getHandle(), kPatienceMs);
    SqliteQuery checkpoint = connection_->Query("PRAGMA wal_checkpoint(TRUNCATE)");
    complete = checkpoint.Step() && checkpoint.Int(0) == 0;
  } catch (const SQLite::Exception&) {
    complete = false;
  }
  sqlite3_busy_timeout(connection_->database().getHandle(), kSqliteBusyTimeoutMs);
  return complete;
}

absl::Status SqliteWriter::Create(const JobWrite& write, absl::Time request_ids_since,
                                  int max_unfinished, CreateOutcome& outcome) {
  if (absl::Status status = CheckCreate(write); !status.ok()) return status;
  const JobRecord& record = write.record;
  const std::string& job_id = record.job().job_id();
  outcome = CreateOutcome();
  bool used = false;
  absl::Status status = FindRequestId(write, request_ids_since, used, outcome);
  if (!status.ok() || used) return status;

  v1::JobState state = v1::JOB_STATE_UNSPECIFIED;
  if (const int64_t stored = FindRevision(job_id, state); stored != 0) {
    return StaleRevisionError(job_id, 0, stored);
  }
  if (position_.unfinished >= max_unfinished) return QueueFullError(max_unfinished);

  const std::string bytes = record.SerializeAsString();
  connection_
      ->Query(
          "INSERT INTO jobs (job_id, tenant, state, revision, created_ns, record) "
          "VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(job_id)
      .Bind(record.tenant())
      .Bind(record.job().state())
      .Bind(record.job().revision())
      .Bind(Nanos(record.job().create_time()))
      .Bind(Blob{bytes})
      .Run();
  for (const auto& [key, value] : record.job().labels()) {
    connection_->Query("INSERT INTO labels (job_id, key, value) VALUES (?, ?, ?)")
        .Bind(job_id)
        .Bind(key)
        .Bind(value)
        .Run();
  }
  RememberRequestId(record, request_ids_since);
  if (!IsEnd(record.job().state())) ++position_.unfinished;
  outcome.record = record;
  return WriteRest(write);
}

absl::Status SqliteWriter::Update(const JobWrite& write) {
  if (absl::Status status = CheckUpdate(write); !status.ok()) return status;
  const v1::Job& job = write.record.job();
  v1::JobState state = v1::JOB_STATE_UNSPECIFIED;
  const int64_t stored = FindRevision(job.job_id(), state);
  if (stored != write.expected_revision) {
    return StaleRevisionError(job.job_id(), write.expected_revision, stored);
  }
  const std::string bytes = write.record.SerializeAsString();
  connection_->Query("UPDATE jobs SET state = ?, revision = ?, record = ? WHERE job_id = ?")
      .Bind(job.state())
      .Bind(job.revision())
      .Bind(Blob{bytes})
      .Bind(job.job_id())
      .Run();
  position_.unfinished += (IsEnd(job.state()) ? 0 : 1) - (IsEnd(state) ? 0 : 1);
  return WriteRest(write);
}

absl::Status SqliteWriter::Delete(const std::string& job_id, int64_t expected_revision,
                                  const AuditDraft& audit) {
  v1::JobState state = v1::JOB_STATE_UNSPECIFIED;
  const int64_t stored = FindRevision(job_id, state);
  if (stored == 0) return JobNotFoundError(job_id);
  if (stored != expected_revision) return StaleRevisionError(job_id, expected_revision, stored);
  connection_->Query("DELETE FROM jobs WHERE job_id = ?").Bind(job_id).Run();
  if (!IsEnd(state)) --position_.unfinished;
  AppendAudit(audit);
  return absl::OkStatus();
}

absl::Status SqliteWriter::UpdateWebhook(const WebhookDelivery& delivery) {
  const std::string bytes = delivery.SerializeAsString();
  SqliteQuery update = connection_->Query(
      "UPDATE webhooks SET done = ?, next_attempt_ns = ?, delivery = ? WHERE message_id = ? "
      "RETURNING 1");
  update.Bind(delivery.has_done_time() ? 1 : 0)
      .Bind(Nanos(delivery.next_attempt_time()))
      .Bind(Blob{bytes})
      .Bind(delivery.message_id());
  const bool found = update.Step();
  return found ? absl::OkStatus() : WebhookNotFoundError(delivery.message_id());
}

absl::Status SqliteWriter::FindRequestId(const JobWrite& write, absl::Time since, bool& used,
                                         CreateOutcome& outcome) {
  const std::string& request_id = write.record.job().request_id();
  if (request_id.empty()) return absl::OkStatus();
  SqliteQuery find = connection_->Query(
      "SELECT r.sha256, r.job_id, j.record FROM request_ids r LEFT JOIN jobs j USING (job_id) "
      "WHERE r.tenant = ? AND r.request_id = ? AND r.used_ns >= ?");
  find.Bind(write.record.tenant()).Bind(request_id).Bind(absl::ToUnixNanos(since));
  if (!find.Step()) return absl::OkStatus();
  used = true;
  const std::string job_id = find.Text(1);
  if (find.Bytes(0) != write.record.request_sha256()) {
    return RequestIdReusedError(request_id, job_id);
  }
  outcome.already_existed = true;
  const std::string_view record = find.Bytes(2);  // empty: deleted
  if (!outcome.record.ParseFromArray(record.data(), static_cast<int>(record.size()))) {
    return CorruptRowError(path_, "jobs", job_id);
  }
  outcome.record.mutable_job()->set_job_id(job_id);
  return absl::OkStatus();
}

void SqliteWriter::RememberRequestId(const JobRecord& record, absl::Time since) {
  if (record.job().request_id().empty()) return;
  connection_
      ->Query(
          "DELETE FROM request_ids WHERE (tenant, request_id) IN "
          "(SELECT tenant, request_id FROM request_ids WHERE used_ns < ? LIMIT ?)")
      .Bind(absl::ToUnixNanos(since))
      .Bind(kExpiredIdsPerCreate)
      .Run();
  connection_
      ->Query(
          "INSERT OR REPLACE INTO request_ids (tenant, request_id, sha256, job_id, used_ns) "
          "VALUES (?, ?, ?, ?, ?)")
      .Bind(record.tenant())
      .Bind(record.job().request_id())
      .Bind(record.request_sha256())
      .Bind(record.job().job_id())
      .Bind(Nanos(record.job().create_time()))
      .Run();
}

int64_t SqliteWriter::FindRevision(const std::string& job_id, v1::JobState& state) {
  SqliteQuery find = connection_->Query("SELECT revision, state FROM jobs WHERE job_id = ?");
  if (!find.Bind(job_id).Step()) return 0;
  state = static_cast<v1::JobState>(find.Int(1));
  return find.Int(0);
}

absl::Status SqliteWriter::WriteRest(const JobWrite& write) {
  const std::string& job_id = write.record.job().job_id();
  WriteEvents(job_id, write.events);
  AuditLine anchor;
  if (write.audit.has_value()) anchor = AppendAudit(*write.audit);
  if (write.result.has_value()) WriteResult(job_id, *write.result, anchor);
  return write.webhook.has_value() ? InsertWebhook(*write.webhook) : absl::OkStatus();
}

void SqliteWriter::WriteEvents(const std::string& job_id, const std::vector<v1::JobEvent>& events) {
  if (events.empty()) return;
  int64_t number = 0;
  {
    SqliteQuery last =
        connection_->Query("SELECT coalesce(max(number), 0) FROM events WHERE job_id = ?");
    if (last.Bind(job_id).Step()) number = last.Int(0);
  }
  for (const v1::JobEvent& event : events) {
    const std::string bytes = event.SerializeAsString();
    connection_->Query("INSERT INTO events (job_id, number, event) VALUES (?, ?, ?)")
        .Bind(job_id)
        .Bind(++number)
        .Bind(Blob{bytes})
        .Run();
  }
}

void SqliteWriter::WriteResult(const std::string& job_id, const StoredResult& result,
                               const AuditLine& anchor) {
  connection_->Query("DELETE FROM results WHERE job_id = ?").Bind(job_id).Run();
  int64_t segments = 0;
  for (const ResultChunk& chunk : result.chunks) segments += chunk.segments_size();
  const std::string header = result.header.SerializeAsString();
  connection_
      ->Query(
          "INSERT INTO results (job_id, header, segment_count, audit_sequence, audit_hash) "
          "VALUES (?, ?, ?, ?, ?)")
      .Bind(job_id)
      .Bind(Blob{header})
      .Bind(segments)
      .Bind(anchor.sequence)
      .Bind(anchor.hash)
      .Run();
  for (const ResultChunk& chunk : result.chunks) {
    const std::string bytes = chunk.SerializeAsString();
    connection_->Query("INSERT INTO result_chunks (job_id, first_segment, chunk) VALUES (?, ?, ?)")
        .Bind(job_id)
        .Bind(chunk.first_segment())
        .Bind(Blob{bytes})
        .Run();
  }
}

absl::Status SqliteWriter::InsertWebhook(const WebhookDelivery& delivery) {
  const std::string bytes = delivery.SerializeAsString();
  SqliteQuery insert = connection_->Query(
      "INSERT INTO webhooks (message_id, job_id, done, next_attempt_ns, delivery) "
      "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1");
  insert.Bind(delivery.message_id())
      .Bind(delivery.job_id())
      .Bind(delivery.has_done_time() ? 1 : 0)
      .Bind(Nanos(delivery.next_attempt_time()))
      .Bind(Blob{bytes});
  return insert.Step() ? absl::OkStatus() : WebhookExistsError(delivery.message_id());
}

AuditLine SqliteWriter::AppendAudit(const AuditDraft& draft) {
  AuditLine line = sealer_(draft, position_.audit_sequence + 1, position_.audit_hash);
  connection_->Query("INSERT INTO audit (sequence, hash, line) VALUES (?, ?, ?)")
      .Bind(line.sequence)
      .Bind(line.hash)
      .Bind(Blob{line.line})
      .Run();
  position_.audit_sequence = line.sequence;
  position_.audit_hash = line.hash;
  return line;
}

}  // namespace cxscribe
