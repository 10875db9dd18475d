#include "server/store/sqlite_connection.h"

#include <sqlite3.h>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

int OpenFlags(SqliteConnection::Mode mode) {
  // Each connection has one thread at a time, so SQLite's own mutexes are not needed.
  return (mode == SqliteConnection::Mode::kReadOnly ? SQLITE_OPEN_READONLY
                                                    : SQLITE_OPEN_READWRITE) |
         SQLITE_OPEN_NOMUTEX;
}

}  // namespace

SqliteQuery& SqliteQuery::Bind(int64_t value) {
  statement_.bind(++bound_, value);
  return *this;
}

SqliteQuery& SqliteQuery::Bind(const std::string& text) {
  statement_.bindNoCopy(++bound_, text);
  return *this;
}

SqliteQuery& SqliteQuery::Bind(Blob blob) {
  statement_.bindNoCopy(++bound_, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
  return *this;
}

std::string_view SqliteQuery::Bytes(int column) const {
  const SQLite::Column value = statement_.getColumn(column);
  const void* data = value.getBlob();  // before the size: SQLite's order
  const int size = value.getBytes();
  return {static_cast<const char*>(data), data == nullptr ? 0 : static_cast<size_t>(size)};
}

SqliteConnection::SqliteConnection(const std::string& path, Mode mode)
    : database_(path, OpenFlags(mode), kSqliteBusyTimeoutMs) {
  sqlite3_extended_result_codes(database_.getHandle(), 1);
  Execute("PRAGMA trusted_schema = OFF");
  Execute("PRAGMA cell_size_check = ON");
  Execute("PRAGMA foreign_keys = ON");
  Execute("PRAGMA temp_store = MEMORY");
  // Deleted rows are overwritten, not only unlinked.
  Execute("PRAGMA secure_delete = ON");
}

SqliteQuery SqliteConnection::Query(const char* sql) {
  std::unique_ptr<SQLite::Statement>& statement = statements_[sql];
  if (statement == nullptr) statement = std::make_unique<SQLite::Statement>(database_, sql);
  return SqliteQuery(*statement);
}

int64_t SqliteConnection::Pragma(const std::string& name) {
  return database_.execAndGet("PRAGMA " + name).getInt64();
}

bool SqliteConnection::IsIdle() const { return sqlite3_get_autocommit(database_.getHandle()) != 0; }

SqliteTransaction::SqliteTransaction(SqliteConnection& connection, const char* begin)
    : connection_(connection) {
  connection_.Query(begin).Run();
}

SqliteTransaction::~SqliteTransaction() {
  if (connection_.IsIdle()) return;
  try {
    connection_.Query("ROLLBACK").Run();
  } catch (const SQLite::Exception&) {
    // ROLLBACK fails only where there is nothing left to roll back.
  }
}

void SqliteTransaction::Commit() { connection_.Query("COMMIT").Run(); }

absl::Status SqliteError(const SQLite::Exception& exception, std::string_view path) {
  const std::string what = absl::StrCat("store ", std::string(path), ": ", exception.what(),
                                        " (SQLite code ", exception.getExtendedErrorCode(), ")");
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_FULL:
      return ErrorBuilder(absl::StatusCode::kResourceExhausted, "STORE_FULL",
                          absl::StrCat(what, "; free space on its disk"))
          .RetryAfter(absl::Seconds(30))
          .Build();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return ErrorBuilder(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                          absl::StrCat(what, "; check its disk and its permissions"))
          .RetryAfter(absl::Seconds(5))
          .Build();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorBuilder(absl::StatusCode::kDataLoss, "STORE_CORRUPT",
                          absl::StrCat(what, "; restore it from a backup"))
          .Build();
    default:
      return ErrorBuilder(absl::StatusCode::kInternal, "STORE_ERROR", what).Build();
  }
}

absl::Status CorruptRowError(std::string_view path, std::string_view table, std::string_view key) {
  return ErrorBuilder(absl::StatusCode::kDataLoss, "STORE_CORRUPT",
                      absl::StrCat("store ", std::string(path), ": the row ", std::string(key),
                                   " of table ", std::string(table),
                                   " does not hold what was written; restore it from a backup"))
      .Metadata("table", std::string(table))
      .Metadata("key", std::string(key))
      .Build();
}

}  // namespace cxscribe
