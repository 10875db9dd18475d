// Plugins that were built with a sanitizer: their run-time library must be the first of a process.
#pragma once

#include <string_view>

#include <absl/status/status.h>

#include "plugins/host/plugin_file.h"

namespace cxscribe {

// FAILED_PRECONDITION, reason PLUGIN_SANITIZED, where `file` needs a sanitizer's run-time library
// that this process does not have; `remedy` as in "run it in a worker". A process into which it
// came late would end.
absl::Status RefuseSanitized(const PluginFile& file, std::string_view remedy);

}  // namespace cxscribe
