// CheckFiles: whether the store and the audit file could be opened, without opening them for
// writing or making anything: for `cxscribed --validate`, also while a server runs on them.
#pragma once

#include <vector>

#include "server/config/settings.h"

namespace cxscribe {

// Everything that would keep a server from using its database and its audit log, each at the place
// that named the file; empty: nothing. Blocks on the file system.
std::vector<ConfigError> CheckFiles(const StorageSettings& storage, const AuditSettings& audit);

}  // namespace cxscribe
