#include "server/store/sqlite_reader.h"

#include <absl/strings/str_cat.h>

#include "server/job/store_errors.h"

namespace cxscribe {
namespace {

using internal::v1::JobRecord;
using internal::v1::ResultChunk;
using internal::v1::WebhookDelivery;

template <typename Message>
bool Parse(std::string_view bytes, Message& message) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// The WHERE clause of a list. Holds no values: those are bound, in the same order.
std::string ListSql(const JobQuery& query) {
  std::string sql = "SELECT job_id, record FROM jobs WHERE tenant = ?";
  if (!query.after.empty()) sql += " AND job_id < ?";
  if (query.created_after.has_value()) sql += " AND created_ns >= ?";
  if (query.created_before.has_value()) sql += " AND created_ns < ?";
  if (!query.states.empty()) {
    sql += " AND state IN (?";
    for (size_t i = 1; i < query.states.size(); ++i) sql += ", ?";
    sql += ")";
  }
  for (size_t i = 0; i < query.labels.size(); ++i) {
    sql += " AND job_id IN (SELECT job_id FROM labels WHERE key = ? AND value = ?)";
  }
  return sql + " ORDER BY job_id DESC LIMIT ?";
}

}  // namespace

absl::StatusOr<JobRecord> SqliteReader::Get(const std::string& job_id) {
  SqliteQuery query = connection_.Query("SELECT record FROM jobs WHERE job_id = ?");
  if (!query.Bind(job_id).Step()) return JobNotFoundError(job_id);
  return ParseRecord(job_id, query.Bytes(0));
}

absl::StatusOr<std::vector<JobRecord>> SqliteReader::GetMany(
    const std::vector<std::string>& job_ids) {
  const SqliteTransaction snapshot(connection_, "BEGIN");
  std::vector<JobRecord> records;
  for (const std::string& job_id : job_ids) {
    absl::StatusOr<JobRecord> record = Get(job_id);
    if (absl::IsNotFound(record.status())) continue;
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  return records;
}

absl::StatusOr<std::vector<JobRecord>> SqliteReader::List(const JobQuery& query) {
  SQLite::Statement statement(connection_.database(), ListSql(query));
  SqliteQuery rows(statement);
  rows.Bind(query.tenant);
  if (!query.after.empty()) rows.Bind(query.after);
  if (query.created_after.has_value()) rows.Bind(absl::ToUnixNanos(*query.created_after));
  if (query.created_before.has_value()) rows.Bind(absl::ToUnixNanos(*query.created_before));
  for (const v1::JobState state : query.states) rows.Bind(state);
  for (const auto& [key, value] : query.labels) rows.Bind(key).Bind(value);
  rows.Bind(query.limit);

  std::vector<JobRecord> records;
  int64_t bytes = 0;
  while ((query.max_bytes == 0 || bytes <= query.max_bytes) && rows.Step()) {
    bytes += static_cast<int64_t>(rows.Bytes(1).size());
    absl::StatusOr<JobRecord> record = ParseRecord(rows.Text(0), rows.Bytes(1));
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  return records;
}

absl::StatusOr<std::vector<std::pair<int64_t, v1::JobEvent>>> SqliteReader::ListEvents(
    const std::string& job_id, int64_t after, int limit) {
  const SqliteTransaction snapshot(connection_, "BEGIN");
  if (!HasJob(job_id)) return JobNotFoundError(job_id);
  SqliteQuery rows = connection_.Query(
      "SELECT number, event FROM events WHERE job_id = ? AND number > ? ORDER BY number LIMIT ?");
  rows.Bind(job_id).Bind(after).Bind(limit);
  std::vector<std::pair<int64_t, v1::JobEvent>> events;
  while (rows.Step()) {
    events.emplace_back(rows.Int(0), v1::JobEvent());
    if (!Parse(rows.Bytes(1), events.back().second)) {
      return CorruptRowError(path_, "events", absl::StrCat(job_id, "/", rows.Int(0)));
    }
  }
  return events;
}

absl::StatusOr<ResultPage> SqliteReader::GetResult(const std::string& job_id, int first_segment,
                                                   int64_t max_bytes) {
  const SqliteTransaction snapshot(connection_, "BEGIN");
  if (!HasJob(job_id)) return JobNotFoundError(job_id);
  ResultPage page;
  int64_t segment_count = 0;
  if (absl::Status status = ReadHeader(job_id, page, segment_count); !status.ok()) return status;
  if (first_segment < 0 || (first_segment > 0 && first_segment >= segment_count)) {
    return NoSuchSegmentError(job_id, first_segment, static_cast<int>(segment_count));
  }
  if (segment_count == 0) return page;
  if (absl::Status status = ReadChunks(job_id, first_segment, segment_count, max_bytes, page);
      !status.ok()) {
    return status;
  }
  return page;
}

absl::Status SqliteReader::ReadHeader(const std::string& job_id, ResultPage& page,
                                      int64_t& segment_count) {
  SqliteQuery row = connection_.Query(
      "SELECT header, segment_count, audit_sequence, audit_hash FROM results WHERE job_id = ?");
  if (!row.Bind(job_id).Step()) return NoResultError(job_id);
  if (!Parse(row.Bytes(0), page.header)) return CorruptRowError(path_, "results", job_id);
  segment_count = row.Int(1);
  page.audit.set_sequence(row.Int(2));
  page.audit.set_head_hash(row.Text(3));
  return absl::OkStatus();
}

// Fills the page's chunks, and whether they are the last. `first_segment` is in the result.
absl::Status SqliteReader::ReadChunks(const std::string& job_id, int first_segment,
                                      int64_t segment_count, int64_t max_bytes, ResultPage& page) {
  SqliteQuery rows = connection_.Query(
      "SELECT first_segment, chunk FROM result_chunks WHERE job_id = ?1 AND first_segment >= "
      "(SELECT max(first_segment) FROM result_chunks WHERE job_id = ?1 AND first_segment <= ?2) "
      "ORDER BY first_segment");
  rows.Bind(job_id).Bind(first_segment);
  int64_t bytes = 0;
  int64_t next = -1;
  while (rows.Step()) {
    const std::string_view stored = rows.Bytes(1);
    bytes += static_cast<int64_t>(stored.size());
    if (!page.chunks.empty() && bytes > max_bytes) break;
    ResultChunk chunk;
    if (!Parse(stored, chunk) || chunk.first_segment() != rows.Int(0) ||
        (next >= 0 && chunk.first_segment() != next)) {
      return CorruptRowError(path_, "result_chunks", absl::StrCat(job_id, "/", rows.Int(0)));
    }
    next = chunk.first_segment() + chunk.segments_size();
    page.chunks.push_back(std::move(chunk));
  }
  page.last = next == segment_count;
  // A page that stops early must have been cut by max_bytes, and must hold what was asked for.
  if (next <= first_segment || next > segment_count || (!page.last && bytes <= max_bytes)) {
    return CorruptRowError(path_, "result_chunks", job_id);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<JobRecord>> SqliteReader::ListUnfinished() {
  SqliteQuery rows = connection_.Query(
      "SELECT job_id, record FROM jobs WHERE state BETWEEN 1 AND 4 ORDER BY job_id");
  std::vector<JobRecord> records;
  while (rows.Step()) {
    absl::StatusOr<JobRecord> record = ParseRecord(rows.Text(0), rows.Bytes(1));
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  return records;
}

absl::StatusOr<std::vector<WebhookDelivery>> SqliteReader::ListPendingWebhooks(int limit) {
  SqliteQuery rows = connection_.Query(
      "SELECT message_id, delivery FROM webhooks WHERE done = 0 "
      "ORDER BY next_attempt_ns, message_id LIMIT ?");
  rows.Bind(limit);
  std::vector<WebhookDelivery> deliveries;
  while (rows.Step()) {
    deliveries.emplace_back();
    if (!Parse(rows.Bytes(1), deliveries.back()) ||
        deliveries.back().message_id() != rows.Bytes(0)) {
      return CorruptRowError(path_, "webhooks", rows.Bytes(0));
    }
  }
  return deliveries;
}

absl::StatusOr<std::vector<AuditLine>> SqliteReader::ListAuditLines(int64_t after_sequence,
                                                                    int limit) {
  SqliteQuery rows = connection_.Query(
      "SELECT sequence, hash, line FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?");
  rows.Bind(after_sequence).Bind(limit);
  std::vector<AuditLine> lines;
  while (rows.Step()) lines.push_back({rows.Int(0), rows.Text(1), rows.Text(2)});
  return lines;
}

absl::StatusOr<AuditLine> SqliteReader::GetAuditHead() {
  SqliteQuery row =
      connection_.Query("SELECT sequence, hash, line FROM audit ORDER BY sequence DESC LIMIT 1");
  if (!row.Step()) return AuditLine();
  return AuditLine{row.Int(0), row.Text(1), row.Text(2)};
}

bool SqliteReader::HasJob(const std::string& job_id) {
  return connection_.Query("SELECT 1 FROM jobs WHERE job_id = ?").Bind(job_id).Step();
}

absl::StatusOr<JobRecord> SqliteReader::ParseRecord(std::string_view job_id,
                                                    std::string_view bytes) const {
  JobRecord record;
  if (!Parse(bytes, record) || record.job().job_id() != job_id) {
    return CorruptRowError(path_, "jobs", job_id);
  }
  return record;
}

}  // namespace cxscribe
