// See staged_pipeline.h. The run itself is in pipeline_run.cc.
#include "server/pipeline/staged_pipeline.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <absl/time/time.h>

#include "server/base/hash.h"
#include "server/pipeline/outcomes.h"
#include "server/pipeline/pipeline_run.h"

namespace cxscribe {
namespace {

// Changes with the rules of this folder, so that equal hashes mean equal behaviour. The order of
// the fields is a published format: docs/evidence.md.
constexpr std::string_view kFormat = "cxscribe.pipeline.2";

std::string_view Name(OnFinding on_finding) {
  switch (on_finding) {
    case OnFinding::kRedact:
      return "redact";
    case OnFinding::kFlag:
      return "flag";
    case OnFinding::kQuarantine:
      return "quarantine";
  }
  return "";
}

std::string_view Name(OnError on_error) { return on_error == OnError::kSkip ? "skip" : "fail"; }

// What `instances` and the pipeline's name change is not what a transcript becomes.
std::string HashOf(const std::vector<LoadedStage>& stages) {
  Hasher hasher;
  hasher.Add(kFormat).Add(stages.size());
  for (const LoadedStage& stage : stages) {
    hasher.Add(stage.settings.name);
    hasher.Add(stage.plugin.sha256);
    hasher.Add(CanonicalJson(stage.settings.config));
    hasher.Add(absl::ToInt64Nanoseconds(stage.settings.timeout));
    hasher.Add(IsolationName(stage.settings.isolation));
    hasher.Add(Name(stage.settings.on_error));
    hasher.Add(stage.verifies() ? Name(stage.on_finding) : "");
  }
  return hasher.Hex();
}

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration result;
  result.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  result.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return result;
}

v1::PluginHealth ToHealth(StageState state) {
  switch (state) {
    case StageState::kOk:
      return v1::PLUGIN_HEALTH_OK;
    case StageState::kStarting:
      return v1::PLUGIN_HEALTH_STARTING;
    case StageState::kRecovering:
      return v1::PLUGIN_HEALTH_RECOVERING;
    case StageState::kFailed:
      return v1::PLUGIN_HEALTH_FAILED;
  }
  return v1::PLUGIN_HEALTH_UNSPECIFIED;
}

// How bad it is; unknown is nothing yet.
int Severity(v1::PluginHealth health) {
  switch (health) {
    case v1::PLUGIN_HEALTH_OK:
      return 1;
    case v1::PLUGIN_HEALTH_STARTING:
      return 2;
    case v1::PLUGIN_HEALTH_RECOVERING:
      return 3;
    case v1::PLUGIN_HEALTH_FAILED:
      return 4;
    default:
      return 0;
  }
}

}  // namespace

v1::PluginHealth WorseHealth(v1::PluginHealth one, v1::PluginHealth other) {
  return Severity(one) < Severity(other) ? other : one;
}

bool LoadedStage::verifies_redaction() const { return plugin.capability == kRedactionVerification; }

std::string CanonicalJson(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

LoadedStage MakeLoadedStage(StageSettings settings, PluginInfo plugin,
                            std::shared_ptr<StageRunner> runner) {
  LoadedStage stage;
  stage.on_finding = EffectiveOnFinding(settings, plugin.capability);
  stage.config_sha256 = Sha256Hex(CanonicalJson(settings.config));
  stage.settings = std::move(settings);
  stage.plugin = std::move(plugin);
  stage.runner = std::move(runner);
  return stage;
}

StagedPipeline::StagedPipeline(std::string name, std::vector<LoadedStage> stages,
                               const Clock& clock)
    : name_(std::move(name)), stages_(std::move(stages)), hash_(HashOf(stages_)), clock_(clock) {}

v1::Pipeline StagedPipeline::Describe() const {
  v1::Pipeline description;
  description.set_name(name_);
  description.set_hash(hash_);
  for (const LoadedStage& loaded : stages_) {
    v1::Stage& stage = *description.add_stages();
    stage.set_name(loaded.settings.name);
    stage.set_plugin(loaded.settings.plugin);
    stage.set_capability(loaded.plugin.capability);
    stage.set_kind(loaded.verifies() ? v1::STAGE_KIND_VERIFY : v1::STAGE_KIND_TRANSFORM);
    *stage.mutable_timeout() = ToDuration(loaded.settings.timeout);
    stage.set_isolation(std::string(IsolationName(loaded.settings.isolation)));
    stage.set_on_error(std::string(Name(loaded.settings.on_error)));
    if (loaded.verifies()) stage.set_on_finding(std::string(Name(loaded.on_finding)));
    stage.set_instances(loaded.settings.instances);
    stage.set_config_sha256(loaded.config_sha256);
  }
  return description;
}

PipelineResult StagedPipeline::Run(v1::Transcript transcript,
                                   const PipelineRequest& request) const {
  return PipelineRun(stages_, request, clock_, std::move(transcript)).Execute();
}

v1::PluginHealth StagedPipeline::HealthOf(const std::string& plugin_sha256) const {
  v1::PluginHealth worst = v1::PLUGIN_HEALTH_UNSPECIFIED;
  for (const LoadedStage& stage : stages_) {
    if (stage.plugin.sha256 != plugin_sha256) continue;
    worst = WorseHealth(worst, ToHealth(stage.runner->health().state));
  }
  return worst;
}

std::vector<v1::Plugin> PipelineSet::PluginsWithHealth() const {
  std::vector<v1::Plugin> result = plugins;
  for (v1::Plugin& plugin : result) {
    v1::PluginHealth worst = v1::PLUGIN_HEALTH_UNSPECIFIED;
    for (const auto& [name, pipeline] : pipelines) {
      worst = WorseHealth(worst, pipeline->HealthOf(plugin.sha256()));
    }
    plugin.set_health(worst);
  }
  return result;
}

}  // namespace cxscribe
