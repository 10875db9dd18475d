// OpenInProcess: runs a plugin's code inside this process. Trusted and fastest; a crash of the
// plugin takes the process with it.
//
// Each instance has a thread of its own, and every call of it happens there. A call that outlasts
// its deadline is asked to stop; if it does not within the grace period, its thread and instance
// are abandoned and a new instance takes its place. After kMaxAbandoned the stage is kFailed until
// restart. A process with abandoned threads should end through _exit: they may still be in the
// plugin's code.
#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "plugins/host/plugin.h"
#include "plugins/host/plugin_file.h"

namespace cxscribe {

// Of one stage.
inline constexpr int kMaxAbandoned = 2;

// Loads the library (its constructors run here), asks for its table and checks it. The same bytes
// are loaded once, and never unloaded. Errors, FAILED_PRECONDITION each: PLUGIN_LOAD (the dynamic
// linker's own words), PLUGIN_NO_ENTRY, PLUGIN_NULL_TABLE, PLUGIN_SHORT_TABLE, PLUGIN_MAGIC,
// PLUGIN_ABI (names both versions), PLUGIN_TABLE (all of its wrong fields), PLUGIN_SCHEMA.
absl::StatusOr<std::shared_ptr<const Plugin>> OpenInProcess(const PluginFile& file);

}  // namespace cxscribe
