// SqliteReader: one read-only connection and the store's queries. Not thread-safe: one thread at a
// time. Each call sees one state of the database. Throws SQLite::Exception.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "server/job/job_store.h"
#include "server/store/sqlite_connection.h"

namespace cxscribe {

// See JobStore for what each call means.
class SqliteReader {
 public:
  explicit SqliteReader(const std::string& path)
      : connection_(path, SqliteConnection::Mode::kReadOnly), path_(path) {}

  absl::StatusOr<internal::v1::JobRecord> Get(const std::string& job_id);
  absl::StatusOr<std::vector<internal::v1::JobRecord>> GetMany(
      const std::vector<std::string>& job_ids);
  absl::StatusOr<std::vector<internal::v1::JobRecord>> List(const JobQuery& query);
  absl::StatusOr<std::vector<std::pair<int64_t, v1::JobEvent>>> ListEvents(
      const std::string& job_id, int64_t after, int limit);
  absl::StatusOr<ResultPage> GetResult(const std::string& job_id, int first_segment,
                                       int64_t max_bytes);
  absl::StatusOr<std::vector<internal::v1::JobRecord>> ListUnfinished();
  absl::StatusOr<std::vector<internal::v1::WebhookDelivery>> ListPendingWebhooks(int limit);
  absl::StatusOr<std::vector<AuditLine>> ListAuditLines(int64_t after_sequence, int limit);
  absl::StatusOr<AuditLine> GetAuditHead();

 private:
  bool HasJob(const std::string& job_id);
  // A record as stored; DATA_LOSS unless it is the one of job `job_id`.
  absl::StatusOr<internal::v1::JobRecord> ParseRecord(std::string_view job_id,
                                                      std::string_view bytes) const;
  absl::Status ReadHeader(const std::string& job_id, ResultPage& page, int64_t& segment_count);
  absl::Status ReadChunks(const std::string& job_id, int first_segment, int64_t segment_count,
                          int64_t max_bytes, ResultPage& page);

  SqliteConnection connection_;
  const std::string path_;
};

}  // namespace cxscribe
