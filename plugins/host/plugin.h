// Plugin: a plugin that was loaded and has passed the checks of its table; makes stages.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/host/config_schema.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/stage_runner.h"

namespace cxscribe {

// Thread-safe. Where the plugin's code runs is the implementation's affair: OpenInProcess
// (in_process.h), or a worker process.
class Plugin {
 public:
  virtual ~Plugin() = default;

  virtual const PluginInfo& info() const = 0;

  // All problems of a stage's configuration (a JSON object): those of the schema, or where it is
  // met, those that the plugin's own validate reports.
  virtual std::vector<ConfigProblem> CheckConfig(std::string_view config_json) const = 0;

  // Makes the stage's instances; an error of the plugin's `create` has reason PLUGIN_ERROR (see
  // StageRunner::Run), one that outlasts options.start_timeout PLUGIN_TIMEOUT. The plugin need not
  // outlive its stages.
  virtual absl::StatusOr<std::unique_ptr<StageRunner>> StartStage(
      const StageOptions& options) const = 0;
};

}  // namespace cxscribe
