// LoadPipelines: see pipeline.h. Collects every error of every stage before it gives up.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "plugins/host/in_process.h"
#include "plugins/host/isolated.h"
#include "plugins/host/json_schema.h"
#include "plugins/host/plugin.h"
#include "plugins/host/plugin_file.h"
#include "server/pipeline/outcomes.h"
#include "server/pipeline/pipeline.h"
#include "server/pipeline/staged_pipeline.h"

namespace cxscribe {
namespace {

// The place of the value at `pointer`, or of what is nearest around it: a schema complains about
// keys that are not there.
SourceLocation PlaceOf(const StageSettings& stage, std::string pointer) {
  while (true) {
    const auto found = stage.config_where.find(pointer);
    if (found != stage.config_where.end()) return found->second;
    if (pointer.empty()) return stage.where;
    const size_t slash = pointer.rfind('/');
    pointer.resize(slash == std::string::npos ? 0 : slash);
  }
}

class Loader {
 public:
  Loader(const Settings& settings, const Clock& clock, std::vector<ConfigError>& errors,
         const PipelineLoading& loading)
      : plugins_(settings.plugins),
        policies_(settings.redaction_policies),
        clock_(clock),
        errors_(errors),
        loading_(loading) {}

  void LoadPipeline(const PipelineSettings& settings) {
    std::vector<LoadedStage> stages;
    const StageSettings* first_verify = nullptr;
    for (const StageSettings& stage : settings.stages) {
      if (stage.plugin.empty()) continue;  // reported by whoever read the file
      if (loading_.abandon != nullptr && loading_.abandon->load()) {
        Error(stage.where, absl::StrCat("stage ", stage.name,
                                        " was not loaded: loading was given "
                                        "up before"));
        return;
      }
      const size_t errors_before = errors_.size();
      const auto plugin = LoadPlugin(stage);
      if (plugin == nullptr) continue;
      const bool verifies = plugin->info().kind == PluginKind::kVerify;
      CheckRules(stage, plugin->info());
      if (plugin->info().capability == kRedactionVerification) CheckPolicyNames(stage);
      if (verifies && first_verify == nullptr) first_verify = &stage;
      if (!verifies && first_verify != nullptr) {
        Error(stage.plugin_where,
              absl::StrCat("stage ", stage.name,
                           " changes the transcript, and may not come after stage ",
                           first_verify->name, ", which verifies it; move it up"));
      }
      for (const ConfigProblem& problem : plugin->CheckConfig(CanonicalJson(stage.config))) {
        Error(PlaceOf(stage, problem.pointer), absl::StrCat("config", problem.pointer, " of stage ",
                                                            stage.name, ": ", problem.message));
      }
      // Making instances of what is known to be wrong says nothing new.
      if (errors_.size() > errors_before) continue;
      if (auto runner = Start(stage, *plugin)) {
        NotePlugin(plugin->info(), stage, settings.name);
        stages.push_back(MakeLoadedStage(stage, plugin->info(), std::move(runner)));
      }
    }
    set_.pipelines[settings.name] =
        std::make_shared<StagedPipeline>(settings.name, std::move(stages), clock_);
  }

  PipelineSet TakeSet() { return std::move(set_); }

 private:
  void Error(const SourceLocation& where, std::string message) {
    errors_.push_back({where, std::move(message)});
  }

  std::shared_ptr<const Plugin> LoadPlugin(const StageSettings& stage) {
    PluginFile::Options options;
    options.directory = plugins_.directory;
    options.name = stage.plugin;
    options.sha256 = stage.sha256;
    const auto file = PluginFile::Open(options);
    if (!file.ok()) {
      Error(stage.plugin_where, std::string(file.status().message()));
      return nullptr;
    }
    auto plugin = stage.isolation == Isolation::kProcess ? OpenIsolated(*file, Worker())
                                                         : OpenInProcess(**file);
    if (!plugin.ok()) {
      Error(stage.plugin_where, std::string(plugin.status().message()));
      return nullptr;
    }
    return *std::move(plugin);
  }

  WorkerSettings Worker() const {
    WorkerSettings worker;
    worker.program = plugins_.worker;
    worker.memory_bytes = static_cast<uint64_t>(plugins_.worker_memory_mb) << 20;
    worker.allow_sanitizers = plugins_.allow_sanitizers;
    worker.start_timeout = plugins_.start_timeout;
    worker.abandon = loading_.abandon;
    return worker;
  }

  void CheckRules(const StageSettings& stage, const PluginInfo& plugin) {
    const bool verifies = plugin.kind == PluginKind::kVerify;
    if (stage.on_finding_given && !verifies) {
      Error(stage.where, absl::StrCat("stage ", stage.name,
                                      ": on_finding is for stages that "
                                      "verify; ",
                                      stage.plugin, " changes the transcript"));
    }
    if (stage.on_error == OnError::kSkip && plugin.capability == kRedactionVerification) {
      Error(stage.where, absl::StrCat("stage ", stage.name,
                                      ": on_error: skip is refused for redaction-verification: "
                                      "text that was not verified would be given out; use fail"));
    } else if (stage.on_error == OnError::kSkip && stage.on_finding_given && verifies &&
               stage.on_finding != OnFinding::kFlag) {
      Error(stage.where, absl::StrCat("stage ", stage.name,
                                      ": on_error: skip is refused beside on_finding: redact or "
                                      "quarantine, which hides text: use fail"));
    }
  }

  // A verifier of redaction that takes settings for each policy has them under `policies`, by the
  // policy's name; only here it is known which names there are.
  void CheckPolicyNames(const StageSettings& stage) {
    const auto policies = stage.config.find("policies");
    if (policies == stage.config.end() || !policies->is_object()) return;
    std::vector<std::string> names;
    for (const auto& [name, policy] : policies_) names.push_back(name);
    for (const auto& [name, rules] : policies->items()) {
      if (policies_.count(name) != 0) continue;
      Error(PlaceOf(stage, absl::StrCat("/policies/", EscapePointer(name))),
            absl::StrCat("config/policies/", name, " of stage ", stage.name,
                         ": there is no such redaction policy; there are ",
                         absl::StrJoin(names, ", ")));
    }
  }

  std::shared_ptr<StageRunner> Start(const StageSettings& stage, const Plugin& plugin) {
    StageOptions options;
    options.stage = stage.name;
    options.config_json = CanonicalJson(stage.config);
    options.data_directory = absl::StrCat(plugins_.data_directory, "/", plugin.info().name);
    options.instances = stage.instances;
    if (loading_.log) {
      options.log = [log = loading_.log, name = stage.name](
                        PluginLogLevel level, std::string_view line) { log(name, level, line); };
    }
    options.start_timeout = plugins_.start_timeout;
    auto runner = plugin.StartStage(options);
    if (!runner.ok()) {
      Error(stage.plugin_where, std::string(runner.status().message()));
      return nullptr;
    }
    return *std::move(runner);
  }

  void NotePlugin(const PluginInfo& info, const StageSettings& stage, const std::string& pipeline) {
    v1::Plugin* entry = nullptr;
    for (v1::Plugin& plugin : set_.plugins) {
      if (plugin.file() == stage.plugin && plugin.sha256() == info.sha256) entry = &plugin;
    }
    if (entry == nullptr) {
      entry = &set_.plugins.emplace_back();
      entry->set_name(info.name);
      entry->set_version(info.version);
      entry->set_description(info.description);
      entry->set_file(stage.plugin);
      entry->set_sha256(info.sha256);
      entry->set_abi(info.abi);
      entry->set_capability(info.capability);
      entry->set_kind(info.kind == PluginKind::kVerify ? v1::STAGE_KIND_VERIFY
                                                       : v1::STAGE_KIND_TRANSFORM);
      entry->set_config_schema(info.config_schema);
    }
    entry->add_used_by(absl::StrCat(pipeline, "/", stage.name));
  }

  const PluginSettings& plugins_;
  const std::map<std::string, RedactionPolicy>& policies_;
  const Clock& clock_;
  std::vector<ConfigError>& errors_;
  const PipelineLoading& loading_;
  PipelineSet set_;
};

}  // namespace

std::shared_ptr<const PipelineSet> LoadPipelines(const Settings& settings, const Clock& clock,
                                                 std::vector<ConfigError>& errors,
                                                 const PipelineLoading& loading) {
  const size_t errors_before = errors.size();
  Loader loader(settings, clock, errors, loading);
  for (const PipelineSettings& pipeline : settings.pipelines) loader.LoadPipeline(pipeline);
  if (errors.size() > errors_before) return nullptr;
  PipelineSet set = loader.TakeSet();
  set.redaction_policies = settings.redaction_policies;
  return std::make_shared<const PipelineSet>(std::move(set));
}

}  // namespace cxscribe
