// Directories for files that only the server may read.
#pragma once

#include <string>

namespace cxscribe {

// Makes the folder that `file` stands in, and the folders above it that are missing, each with mode
// 0700. Returns 0, or the errno of what failed. Folders that are there stay as they are.
int MakeParentDirectories(const std::string& file);

}  // namespace cxscribe
