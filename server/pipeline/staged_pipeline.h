// StagedPipeline: the Pipeline that runs its stages one after the other. LoadPipelines makes it
// from plugins; tests make it from stages of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/host/plugin_info.h"
#include "plugins/host/stage_runner.h"
#include "server/base/clock.h"
#include "server/config/settings.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe {

// A stage that is ready to run. Immutable; its runner is thread-safe.
struct LoadedStage {
  StageSettings settings;
  PluginInfo plugin;
  std::shared_ptr<StageRunner> runner;
  OnFinding on_finding = OnFinding::kFlag;  // effective; see EffectiveOnFinding
  std::string config_sha256;

  bool verifies() const { return plugin.kind == PluginKind::kVerify; }
  bool verifies_redaction() const;
};

// Fills in what follows from the first two.
LoadedStage MakeLoadedStage(StageSettings settings, PluginInfo plugin,
                            std::shared_ptr<StageRunner> runner);

// The configuration as canonical JSON: keys sorted by their bytes, no white space.
std::string CanonicalJson(const nlohmann::json& value);

class StagedPipeline final : public Pipeline {
 public:
  // `clock` must outlive the pipeline. Verifying stages stand after all transforms.
  StagedPipeline(std::string name, std::vector<LoadedStage> stages, const Clock& clock);

  const std::string& name() const override { return name_; }
  const std::string& hash() const override { return hash_; }
  v1::Pipeline Describe() const override;
  PipelineResult Run(v1::Transcript transcript, const PipelineRequest& request) const override;
  v1::PluginHealth HealthOf(const std::string& plugin_sha256) const override;

 private:
  const std::string name_;
  const std::vector<LoadedStage> stages_;
  const std::string hash_;
  const Clock& clock_;
};

}  // namespace cxscribe
