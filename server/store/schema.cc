#include "server/store/schema.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <absl/strings/str_cat.h>

#include "cxscribe/v1/job.pb.h"
#include "server/base/directory.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

// The schema's partial index names the states that have not ended: 1 to 4.
static_assert(v1::JOB_STATE_QUEUED == 1 && v1::JOB_STATE_PROCESSING == 4 &&
              v1::JOB_STATE_SUCCEEDED == 5);

// Migration n takes the schema from version n to n + 1. Never change one that was released; append.
//
// The messages are the truth; columns beside them hold what is searched by. Times are Unix
// nanoseconds.
constexpr std::array<const char*, 1> kMigrations = {R"sql(
CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  state INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  created_ns INTEGER NOT NULL,
  record BLOB NOT NULL  -- internal.v1.JobRecord
) STRICT;
-- Covers a list's filters, so that records are read only for the rows of the page.
CREATE INDEX jobs_by_tenant ON jobs (tenant, job_id, state, created_ns);
CREATE INDEX jobs_unfinished ON jobs (job_id) WHERE state BETWEEN 1 AND 4;

CREATE TABLE labels (
  job_id TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (job_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_by_value ON labels (key, value, job_id);

CREATE TABLE events (
  job_id TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
  number INTEGER NOT NULL,
  event BLOB NOT NULL,  -- v1.JobEvent
  PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE results (
  job_id TEXT PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  header BLOB NOT NULL,  -- internal.v1.ResultHeader
  segment_count INTEGER NOT NULL,
  audit_sequence INTEGER NOT NULL,
  audit_hash TEXT NOT NULL
) STRICT;

CREATE TABLE result_chunks (
  job_id TEXT NOT NULL REFERENCES results ON DELETE CASCADE,
  first_segment INTEGER NOT NULL,
  chunk BLOB NOT NULL,  -- internal.v1.ResultChunk
  PRIMARY KEY (job_id, first_segment)
) STRICT;

-- Outlives its job, so that a repeated request is recognised after a deletion too.
CREATE TABLE request_ids (
  tenant TEXT NOT NULL,
  request_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  job_id TEXT NOT NULL,
  used_ns INTEGER NOT NULL,
  PRIMARY KEY (tenant, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_ids_by_time ON request_ids (used_ns);

CREATE TABLE webhooks (
  message_id TEXT PRIMARY KEY,
  job_id TEXT NOT NULL,
  done INTEGER NOT NULL,
  next_attempt_ns INTEGER NOT NULL,
  delivery BLOB NOT NULL  -- internal.v1.WebhookDelivery
) STRICT;
CREATE INDEX webhooks_pending ON webhooks (next_attempt_ns, message_id) WHERE done = 0;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  line BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
)sql"};

absl::Status FileError(const std::string& path, int error) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "STORE_FILE",
                      absl::StrCat("cannot create ", path, ": ", std::strerror(error),
                                   "; check storage.path and its permissions"))
      .Build();
}

}  // namespace

int64_t SchemaVersion() { return static_cast<int64_t>(kMigrations.size()); }

absl::Status CreateDatabaseFile(const std::string& path) {
  if (const int error = MakeParentDirectories(path); error != 0) return FileError(path, error);
  // SQLite gives the WAL and the shared memory the same mode.
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError(path, errno);
  close(descriptor);
  return absl::OkStatus();
}

absl::Status PrepareDatabase(SqliteConnection& connection, const std::string& path) {
  const int64_t application = connection.Pragma("application_id");
  const int64_t version = connection.Pragma("user_version");
  const bool is_new = connection.Pragma("schema_version") == 0;
  if (!is_new && application != kApplicationId) {
    return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "STORE_FOREIGN",
                        absl::StrCat(path,
                                     " is a database of another program; set another "
                                     "storage.path"))
        .Build();
  }
  if (version > SchemaVersion()) {
    return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "STORE_TOO_NEW",
                        absl::StrCat(path, " has schema version ", version,
                                     "; this program knows versions up to ", SchemaVersion(),
                                     ": run the newer program that wrote it, or restore a backup"))
        .Build();
  }

  const std::string mode =
      connection.database().execAndGet("PRAGMA journal_mode = WAL").getString();
  if (mode != "wal") {
    return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "STORE_NO_WAL",
                        absl::StrCat(path,
                                     " stands on a file system that cannot hold a "
                                     "write-ahead log (journal mode is ",
                                     mode, "); put it on a local disk"))
        .Build();
  }
  connection.Execute("PRAGMA synchronous = FULL");
  connection.Execute("PRAGMA journal_size_limit = 67108864");

  for (int64_t from = version; from < SchemaVersion(); ++from) {
    SqliteTransaction transaction(connection, "BEGIN IMMEDIATE");
    connection.Execute(kMigrations[static_cast<size_t>(from)]);
    connection.Execute(absl::StrCat("PRAGMA application_id = ", kApplicationId));
    connection.Execute(absl::StrCat("PRAGMA user_version = ", from + 1));
    transaction.Commit();
  }
  return absl::OkStatus();
}

}  // namespace cxscribe
