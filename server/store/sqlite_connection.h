// SqliteConnection: one connection to the database, with its statements prepared once.
//
// Not thread-safe. Everything here throws SQLite::Exception, and nothing else does; the store turns
// them into Status at its edge with SqliteError.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <absl/status/status.h>

namespace cxscribe {

// How long a call waits for another process's lock. Only tools (a backup, the sqlite3 shell) ever
// contend with the server.
inline constexpr int kSqliteBusyTimeoutMs = 5000;

// A blob to bind, as opposed to text. The bytes must outlive the step.
struct Blob {
  std::string_view bytes;
};

// One use of a statement: bind, then step. Resets the statement when it goes.
class SqliteQuery {
 public:
  explicit SqliteQuery(SQLite::Statement& statement) : statement_(statement) {}
  ~SqliteQuery() { statement_.tryReset(); }
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  // Binds the next parameter. Text and blobs must outlive the last step.
  SqliteQuery& Bind(int64_t value);
  SqliteQuery& Bind(const std::string& text);
  SqliteQuery& Bind(Blob blob);

  // Whether there is another row.
  bool Step() { return statement_.executeStep(); }
  // For statements without rows.
  void Run() {
    while (Step()) {
    }
  }

  int64_t Int(int column) const { return statement_.getColumn(column).getInt64(); }
  // Text or blob; valid until the next step.
  std::string_view Bytes(int column) const;
  std::string Text(int column) const { return std::string(Bytes(column)); }

 private:
  SQLite::Statement& statement_;
  int bound_ = 0;
};

class SqliteConnection {
 public:
  enum class Mode { kReadWrite, kReadOnly };

  // Opens an existing file.
  SqliteConnection(const std::string& path, Mode mode);

  // A statement that is prepared on first use and kept. `sql` must be a literal: its address is
  // the key.
  SqliteQuery Query(const char* sql);
  // Statements without rows, not kept.
  void Execute(const std::string& sql) { database_.exec(sql); }
  int64_t Pragma(const std::string& name);
  // Whether no transaction is open: SQLite ends one itself on some errors.
  bool IsIdle() const;

  SQLite::Database& database() { return database_; }

 private:
  SQLite::Database database_;
  std::map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

// A transaction that is rolled back unless committed. `begin` is BEGIN or BEGIN IMMEDIATE.
class SqliteTransaction {
 public:
  SqliteTransaction(SqliteConnection& connection, const char* begin);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  void Commit();

 private:
  SqliteConnection& connection_;
};

// What an exception means to the store's callers: RESOURCE_EXHAUSTED STORE_FULL, UNAVAILABLE
// STORE_UNAVAILABLE, DATA_LOSS STORE_CORRUPT, else INTERNAL STORE_ERROR. Names `path`.
absl::Status SqliteError(const SQLite::Exception& exception, std::string_view path);
// DATA_LOSS, STORE_CORRUPT: a row that does not hold what it should.
absl::Status CorruptRowError(std::string_view path, std::string_view table, std::string_view key);

}  // namespace cxscribe
