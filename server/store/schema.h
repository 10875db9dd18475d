// The database's file and schema: how a new one is made, and how an older one is brought up to
// date.
#pragma once

#include <string>

#include <absl/status/status.h>

#include "server/store/sqlite_connection.h"

namespace cxscribe {

// "cxsc", in the database's header.
inline constexpr int64_t kApplicationId = 0x63787363;
// The version that this program writes: the number of migrations.
int64_t SchemaVersion();

// Creates the file (mode 0600) and its missing parent directories (mode 0700) unless it is there.
absl::Status CreateDatabaseFile(const std::string& path);

// Sets the durability of `connection` and brings the schema up to date, each step in a transaction
// of its own. FAILED_PRECONDITION: reason STORE_TOO_NEW, a newer program wrote it; STORE_FOREIGN,
// it is another program's; STORE_NO_WAL, the file system cannot hold it. Throws SQLite::Exception.
absl::Status PrepareDatabase(SqliteConnection& connection, const std::string& path);

}  // namespace cxscribe
