// Between the host's own types and the messages that go to and from a worker.
//
// A worker belongs to whoever wrote its plugin. What comes from it is rebuilt here as the host
// would have made it: names checked by the reader of plugin tables, texts made printable and cut,
// reasons and codes only those that there are. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "cxscribe/internal/v1/worker.pb.h"
#include "plugins/host/config_schema.h"
#include "plugins/host/plugin_error.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/run_clock.h"

namespace cxscribe {

internal::v1::WorkerPlugin ToMessage(const PluginInfo& info);
// What a worker says once it has loaded its plugin.
struct LoadedMessage {
  PluginInfo plugin;  // without file and sha256
  // What the worker could not give up.
  std::vector<std::string> gaps;
};
// The errors of ReadPluginTable, or DATA_LOSS.
absl::StatusOr<LoadedMessage> ReadLoadedMessage(std::string_view payload);

internal::v1::WorkerError ToErrorMessage(const absl::Status& status);
// Why a plugin could not be loaded; see OpenInProcess.
absl::Status ReadLoadError(std::string_view payload);
// An error of the plugin's create or process: PLUGIN_ERROR or PLUGIN_VIOLATION.
absl::Status ReadCallError(std::string_view payload, const PluginIdentity& identity);

internal::v1::WorkerProblems ToMessage(const std::vector<ConfigProblem>& problems);
absl::StatusOr<std::vector<ConfigProblem>> ReadProblems(std::string_view payload);

// All but the callbacks and the flag.
internal::v1::WorkerCall ToMessage(const RunContext& context, SteadyTime deadline);
RunContext ReadCall(const internal::v1::WorkerCall& message);
SteadyTime DeadlineOf(const internal::v1::WorkerCall& message);

}  // namespace cxscribe
