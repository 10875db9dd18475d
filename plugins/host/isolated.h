// OpenIsolated: runs a plugin's code in processes of its own. Nothing of the plugin is ever loaded
// into this process, so nothing that it does ends this process.
//
// Each instance has a worker process (cx-plugin-worker), which is kept and used again. A call that
// outlasts its deadline is asked to stop, and its worker is killed if it does not within the grace
// period. A job whose call kills its worker is tried once more, in a fresh one; the second time it
// fails, with PLUGIN_CRASHED. Workers are started again as the RestartPolicy says; while its
// breaker is open the stage is kFailed and refuses runs with STAGE_FAILED.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "plugins/host/plugin.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/restart_policy.h"

namespace cxscribe {

struct WorkerSettings {
  // The program; empty: cx-plugin-worker beside this one.
  std::string program;
  // Address space of a worker; 0: no limit.
  uint64_t memory_bytes = uint64_t{2} << 30;
  // Whether plugins that were built with a sanitizer may run: their workers have its run-time
  // library, and are confined by little more than their user and what kills a process. For tests.
  bool allow_sanitizers = false;
  // For loading a plugin, and for each check of a configuration.
  absl::Duration start_timeout = absl::Seconds(60);
  RestartPolicy::Options restart;
  // Set from any thread to give up waiting for a worker that starts or checks a configuration, as
  // if the time for it had passed. May be null.
  std::shared_ptr<const std::atomic<bool>> abandon;
};

// Starts a worker, which loads the plugin and says what it is; it stays for checking
// configurations until the Plugin is destroyed. Errors: those of OpenInProcess; PLUGIN_CRASHED and
// PLUGIN_TIMEOUT where loading it does that; PLUGIN_VIOLATION where it makes its worker break the
// protocol; PLUGIN_SANITIZED; WORKER_NOT_FOUND, WORKER_VERSION, WORKER_FAILED and WORKER_SPAWN.
absl::StatusOr<std::shared_ptr<const Plugin>> OpenIsolated(std::shared_ptr<const PluginFile> file,
                                                           const WorkerSettings& settings);

}  // namespace cxscribe
