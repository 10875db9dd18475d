// Opens directories and files along paths that nobody else can redirect: every step is taken from
// the open directory before it and checked after it was opened, so there is no moment between check
// and use.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "plugins/host/descriptor.h"

namespace cxscribe {

// Opens the absolute `path`. Links in the directories above it are resolved; it must not be one
// itself. It must not be writable for everybody; nor may those above it, unless they are sticky, as
// /tmp is. Reasons of errors: PLUGIN_NAME, PLUGIN_NOT_FOUND, PLUGIN_UNSAFE_PATH, PLUGIN_READ.
absl::StatusOr<Descriptor> OpenDirectory(const std::string& path);

// Opens the regular file `name`, a relative path of plain components, in `directory`
// (`directory_path` is for messages), for reading. No component may be a link or writable for
// everybody. Reasons as above.
absl::StatusOr<Descriptor> OpenFileIn(const Descriptor& directory,
                                      const std::string& directory_path, const std::string& name);

}  // namespace cxscribe
