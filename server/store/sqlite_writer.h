// SqliteWriter: the one connection that writes, and what it writes. Not thread-safe: it belongs to
// the store's writer thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>
#include <absl/time/time.h>

#include "server/job/job_store.h"
#include "server/store/sqlite_connection.h"

namespace cxscribe {

class SqliteWriter {
 public:
  // One write of a group. `apply` may run more than once: each time on a state of the database in
  // which it has not run.
  struct Write {
    absl::AnyInvocable<absl::Status(SqliteWriter&)> apply;
    absl::AnyInvocable<void(absl::Status)> finish;
    size_t bytes = 0;
  };

  // The database must be prepared (schema.h). `connection` belongs to the writer from now on.
  // Throws SQLite::Exception.
  SqliteWriter(std::unique_ptr<SqliteConnection> connection, std::string path, AuditSealer sealer);

  // Commits the writes together and returns what became of each. A write that fails leaves nothing
  // behind and does not touch its neighbours: where it takes the transaction with it, each is tried
  // alone.
  // Does not call `finish`.
  std::vector<absl::Status> CommitGroup(std::vector<Write>& writes);

  // Moves the write-ahead log into the database and empties it, so that nothing deleted stays on
  // the disk. False while a reader is in the way.
  bool Checkpoint();

  int64_t audit_sequence() const { return position_.audit_sequence; }

  // For `apply`, inside a transaction; see JobStore. They throw SQLite::Exception.
  absl::Status Create(const JobWrite& write, absl::Time request_ids_since, int max_unfinished,
                      CreateOutcome& outcome);
  absl::Status Update(const JobWrite& write);
  absl::Status Delete(const std::string& job_id, int64_t expected_revision,
                      const internal::v1::AuditDraft& audit);
  absl::Status UpdateWebhook(const internal::v1::WebhookDelivery& delivery);

 private:
  // What the database holds, remembered so that it need not be counted for each write.
  struct Position {
    int64_t unfinished = 0;
    int64_t audit_sequence = 0;
    std::string audit_hash;
  };
  // One transaction over `count` writes. False: it was lost to one of several writes, and each
  // should be tried alone.
  bool TryCommit(Write* writes, size_t count, absl::Status* statuses);
  absl::Status ApplyOne(Write& write);

  // What a used request id answers; nothing (OK, `used` false) when it is free.
  absl::Status FindRequestId(const JobWrite& write, absl::Time since, bool& used,
                             CreateOutcome& outcome);
  void RememberRequestId(const internal::v1::JobRecord& record, absl::Time since);
  // The revision of a job, 0 when there is none, and its state.
  int64_t FindRevision(const std::string& job_id, v1::JobState& state);
  // Everything of a write but the row of `jobs`.
  absl::Status WriteRest(const JobWrite& write);
  void WriteEvents(const std::string& job_id, const std::vector<v1::JobEvent>& events);
  void WriteResult(const std::string& job_id, const StoredResult& result, const AuditLine& anchor);
  absl::Status InsertWebhook(const internal::v1::WebhookDelivery& delivery);
  AuditLine AppendAudit(const internal::v1::AuditDraft& draft);

  const std::unique_ptr<SqliteConnection> connection_;
  const std::string path_;
  const AuditSealer sealer_;
  Position position_;
};

}  // namespace cxscribe
