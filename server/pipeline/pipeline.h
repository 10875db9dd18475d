// Pipeline: the stages of one YAML pipeline, loaded and ready; Run takes a transcript through them.
//
// Thread-safe: many jobs run at once; a stage's instances bound how many are inside it. Immutable
// once loaded, and shared: a job in flight keeps the pipeline that it began with (std::shared_ptr),
// whatever is reloaded meanwhile.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/time/time.h>

#include "cxscribe/v1/evidence.pb.h"
#include "cxscribe/v1/pipeline_service.pb.h"
#include "cxscribe/v1/transcript.pb.h"
#include "plugins/host/stage_runner.h"
#include "server/base/clock.h"
#include "server/config/settings.h"

namespace cxscribe {

// What the job asks of the pipeline.
struct PipelineRequest {
  std::string language;
  RedactionPolicy policy;
  bool punctuation = true;
  bool diarization = true;
  std::map<std::string, std::string> labels;
  absl::Time deadline = absl::InfiniteFuture();
  // Set from another thread to ask the running stage to stop. May be null.
  std::shared_ptr<std::atomic<bool>> cancelled;
  // 0 to 100 over the whole pipeline; called on the thread of Run. May be null.
  std::function<void(int percent)> progress;
  // One line that a plugin logged. May be null.
  std::function<void(std::string_view stage, PluginLogLevel level, std::string_view line)> log;
  // `cxctl pipeline run` sees the text whatever was found.
  bool never_withhold = false;
};

enum class Disposition {
  kDeliver,     // the text may be given out as it stands in `transcript`
  kQuarantine,  // the text is withheld
};

// What became of a transcript.
struct PipelineResult {
  // Not OK: a stage failed the job; `stages` still says what ran. CANCELLED when it was asked to
  // stop.
  absl::Status status;
  Disposition disposition = Disposition::kDeliver;
  // The texts are empty: kQuarantine, and the request did not say never_withhold.
  bool withheld = false;
  // Final: masked where it had to be, with turns; texts and words empty when withheld.
  v1::Transcript transcript;
  std::vector<v1::StageRecord> stages;
  v1::Compliance compliance;
  v1::TalkStatistics talk_statistics;
};

class Pipeline {
 public:
  virtual ~Pipeline() = default;
  virtual const std::string& name() const = 0;
  // SHA-256 over all that can change what the pipeline does: plugins' bytes, configurations, order,
  // policies.
  virtual const std::string& hash() const = 0;
  virtual v1::Pipeline Describe() const = 0;
  // Blocks; for a pool thread.
  virtual PipelineResult Run(v1::Transcript transcript, const PipelineRequest& request) const = 0;
  // The worst health among the stages that use the plugin with these bytes; UNSPECIFIED when none
  // does.
  virtual v1::PluginHealth HealthOf(const std::string& /*plugin_sha256*/) const {
    return v1::PLUGIN_HEALTH_UNSPECIFIED;
  }
};

// The worse of the two: FAILED, RECOVERING, STARTING, OK, UNSPECIFIED. Pure.
v1::PluginHealth WorseHealth(v1::PluginHealth one, v1::PluginHealth other);

// All pipelines of a configuration, swapped whole.
struct PipelineSet {
  std::map<std::string, std::shared_ptr<const Pipeline>> pipelines;
  std::vector<v1::Plugin> plugins;  // without health, which changes
  // What a job may name beside a pipeline, by name.
  std::map<std::string, RedactionPolicy> redaction_policies;

  std::shared_ptr<const Pipeline> Find(const std::string& name) const {
    const auto found = pipelines.find(name);
    return found == pipelines.end() ? nullptr : found->second;
  }

  // The plugins with their health as it is now.
  std::vector<v1::Plugin> PluginsWithHealth() const;
};

// One line that a plugin logged outside a run: while its instances are made, or destroyed.
using StageLog =
    std::function<void(std::string_view stage, PluginLogLevel level, std::string_view line)>;

// How pipelines are loaded.
struct PipelineLoading {
  // May be null; called on any thread until the set is destroyed.
  StageLog log = nullptr;
  // Set from any thread to give the load up; what it returns is then an error. Noticed between
  // stages, and while a worker process is waited for. Not while a plugin with `isolation:
  // in_process` is loaded, checked or created: code that runs in this process cannot be stopped
  // from outside. May be null.
  std::shared_ptr<const std::atomic<bool>> abandon = nullptr;
};

// Loads every plugin and makes every pipeline, or returns nullptr and every error there is: missing
// files, wrong ABI, configurations that the plugins' schemas refuse, stages out of order. `clock`
// must outlive the set.
std::shared_ptr<const PipelineSet> LoadPipelines(const Settings& settings, const Clock& clock,
                                                 std::vector<ConfigError>& errors,
                                                 const PipelineLoading& loading = {});

}  // namespace cxscribe
