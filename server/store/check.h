// CheckFiles: whether the store and the audit file could be opened, without opening them for
// writing or making anything: for `cxscribed --validate`, also while a server runs on them.
#pragma once

#include <string>
#include <vector>

namespace cxscribe {

// Everything that would keep a server from using the database at `store_path` and the log at
// `audit_path`; empty: nothing. Blocks on the file system.
std::vector<std::string> CheckFiles(const std::string& store_path, const std::string& audit_path);

}  // namespace cxscribe
