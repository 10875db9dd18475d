#include "server/store/check.h"

#include <filesystem>
#include <unistd.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <absl/strings/str_cat.h>

#include "server/store/schema.h"

namespace cxscribe {
namespace {

// What keeps `setting` from being written at `path`; empty: nothing.
std::string CheckWritable(const std::string& setting, const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return absl::StrCat(setting, ": ", path, " is a directory; name a file");
  }
  if (std::filesystem::exists(path, error)) {
    if (access(path.c_str(), R_OK | W_OK) == 0) return "";
    return absl::StrCat(setting, ": ", path, " cannot be read and written by this user");
  }
  // The server makes missing folders; the nearest one that is there decides.
  std::filesystem::path parent = std::filesystem::absolute(path, error).parent_path();
  while (!std::filesystem::exists(parent, error) && parent.has_relative_path()) {
    parent = parent.parent_path();
  }
  if (std::filesystem::is_directory(parent, error) && access(parent.c_str(), W_OK | X_OK) == 0) {
    return "";
  }
  return absl::StrCat(setting, ": ", path, " cannot be made: ", parent.string(),
                      " is not a folder that this user may write to");
}

std::string CheckDatabase(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) || std::filesystem::file_size(path, error) == 0) {
    return "";
  }
  try {
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    const int64_t application = database.execAndGet("PRAGMA application_id").getInt64();
    const int64_t version = database.execAndGet("PRAGMA user_version").getInt64();
    if (application != kApplicationId && (application != 0 || version != 0)) {
      return absl::StrCat("storage.path: ", path, " is another program's database");
    }
    if (version > SchemaVersion()) {
      return absl::StrCat("storage.path: ", path, " was written by a newer cxscribed (schema ",
                          version, ", this one knows ", SchemaVersion(), ")");
    }
  } catch (const SQLite::Exception& exception) {
    return absl::StrCat("storage.path: ", path, " cannot be read: ", exception.what());
  }
  return "";
}

}  // namespace

std::vector<ConfigError> CheckFiles(const StorageSettings& storage, const AuditSettings& audit) {
  std::vector<ConfigError> errors;
  const auto add = [&errors](const SourceLocation& where, std::string problem) {
    if (!problem.empty()) errors.push_back({where, std::move(problem)});
  };
  add(storage.path_where, CheckWritable("storage.path", storage.path));
  add(storage.path_where, CheckDatabase(storage.path));
  add(audit.path_where, CheckWritable("audit.path", audit.path));
  return errors;
}

}  // namespace cxscribe
