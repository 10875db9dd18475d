#include "plugins/host/in_process.h"

#include <utility>

#include "plugins/host/in_process_stage.h"
#include "plugins/host/loaded_plugin.h"
#include "plugins/host/sanitized.h"

namespace cxscribe {
namespace {

class InProcessPlugin final : public Plugin {
 public:
  InProcessPlugin(const LoadedPlugin& plugin, const PluginFile& file)
      : plugin_(plugin), info_(plugin.info()) {
    info_.file = file.path();
    info_.sha256 = file.sha256();
  }

  const PluginInfo& info() const override { return info_; }

  std::vector<ConfigProblem> CheckConfig(std::string_view config_json) const override {
    return plugin_.CheckConfig(config_json);
  }

  absl::StatusOr<std::unique_ptr<StageRunner>> StartStage(
      const StageOptions& options) const override {
    return InProcessStage::Start(plugin_, options);
  }

 private:
  const LoadedPlugin& plugin_;  // lives as long as the process
  PluginInfo info_;
};

constexpr char kUsePreload[] =
    "start this program with it in LD_PRELOAD, or run the plugin with isolation: process";

}  // namespace

absl::StatusOr<std::shared_ptr<const Plugin>> OpenInProcess(const PluginFile& file) {
  if (absl::Status status = RefuseSanitized(file, kUsePreload); !status.ok()) return status;
  const absl::StatusOr<const LoadedPlugin*> plugin = LoadedPlugin::Load(file);
  if (!plugin.ok()) return plugin.status();
  return std::shared_ptr<const Plugin>(std::make_shared<InProcessPlugin>(**plugin, file));
}

}  // namespace cxscribe
