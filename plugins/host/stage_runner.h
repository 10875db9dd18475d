// StageRunner: one stage of a pipeline, ready to run transcripts, wherever its plugin lives.
//
//   auto plugin = OpenInProcess(*file);                       // in_process.h
//   auto runner = (*plugin)->StartStage({.stage = "punctuation", .config_json = "{}"});
//   absl::StatusOr<RunOutput> output = (*runner)->Run(context, transcript);
//   if (output.ok()) ApplyOutput(*std::move(output), transcript);
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "cxscribe/v1/evidence.pb.h"
#include "cxscribe/v1/transcript.pb.h"
#include "plugins/host/plugin_info.h"

namespace cxscribe {

enum class PluginLogLevel { kDebug, kInfo, kWarning, kError };
using PluginLog = std::function<void(PluginLogLevel, std::string_view message)>;

// What one run is about.
struct RunContext {
  std::string language;
  std::string redaction_policy;
  // What the policy has checked.
  std::vector<std::string> entity_types;
  std::vector<std::pair<std::string, std::string>> labels;
  // From the start of Run, the wait for a free instance included. Measured on the monotonic clock.
  absl::Duration timeout = absl::InfiniteDuration();
  // Set from any thread to ask the run to stop; it does within 20 ms and the stage's grace period.
  // May be null.
  std::shared_ptr<const std::atomic<bool>> cancelled;
  // Both may be null. They are called on the thread that called Run, before it returns.
  PluginLog log;
  std::function<void(double fraction)> progress;
};

// The input segments that an emitted one was made of: [begin, begin + count). count 0: it did not
// say.
struct SourceRange {
  int32_t begin = 0;
  int32_t count = 0;
};

// What a stage made of a transcript; checked by the host, so its consumers may rely on it: valid
// UTF-8, every index and offset inside, entity types known or namespaced.
struct RunOutput {
  // False: the segments stay as they were, and the two lists are empty. Always false for a
  // verifying stage.
  bool replaced = false;
  std::vector<v1::Segment> segments;
  std::vector<SourceRange> sources;  // one for each of `segments`
  // `stage` is filled in both; indices address the new segments where there are any.
  std::vector<v1::Finding> findings;
  std::vector<v1::Annotation> annotations;
  // PASS, FAIL or INCONCLUSIVE.
  v1::Outcome outcome = v1::OUTCOME_PASS;
  std::string reason;
  // Every data file that the instance was made with.
  std::vector<v1::ResourceDigest> resources;
};

// Puts `output` into `transcript`: new segments, findings and annotations. Annotations of earlier
// stages move with the segments they were on; one whose text changed is widened from the span to
// its segment, and one whose segment has no successor is dropped. Turns are cleared if the segments
// were replaced: they have to be computed again.
void ApplyOutput(RunOutput output, v1::Transcript& transcript);

enum class StageState {
  kOk,
  // A worker is on its way though nothing is wrong: the one before was given up with a cancelled
  // call.
  kStarting,
  // Works, after something went wrong: a call was abandoned, a worker is being restarted.
  kRecovering,
  // Refuses every run. In process: until the server restarts or the pipelines are loaded again;
  // isolated: until a run that is let in as a trial succeeds.
  kFailed,
};

struct StageHealth {
  StageState state = StageState::kOk;
  // What happened last; empty when kOk.
  std::string message;
};

struct StageOptions {
  // The stage's name in its pipeline; for findings, annotations and messages.
  std::string stage;
  // An object, already checked (Plugin::CheckConfig).
  std::string config_json = "{}";
  // Absolute; where the plugin's data files are. Empty: it has none.
  std::string data_directory;
  // How many transcripts may be in the plugin at once, at least 1.
  int instances = 1;
  // How long making the instances may take altogether.
  absl::Duration start_timeout = absl::Seconds(60);
  // How long a call may overstay its deadline, or its cancellation, before it is given up.
  absl::Duration grace = absl::Milliseconds(100);
  // Log lines from outside a run (making and destroying an instance). May be null; may be called on
  // any thread, until the runner is destroyed.
  PluginLog log;
};

// Thread-safe: up to `instances` runs proceed at once, more wait for their turn. Nobody may be in
// Run when the runner is destroyed.
class StageRunner {
 public:
  virtual ~StageRunner() = default;

  // Blocks: call it on a pool thread. The errors, all with ErrorInfo (reason, metadata stage,
  // plugin and version):
  //
  //   PLUGIN_ERROR: the plugin's own; its code and message, its reason as plugin_reason.
  //   PLUGIN_VIOLATION, INTERNAL: it broke the contract, in which way.
  //   PLUGIN_CRASHED, INTERNAL: isolated only; the call killed its worker, twice. Metadata signal,
  //     elapsed_ms and attempts.
  //   PLUGIN_TIMEOUT, DEADLINE_EXCEEDED: it, or waiting for an instance, outlasted context.timeout.
  //   PLUGIN_CANCELLED, CANCELLED: through context.cancelled.
  //   STAGE_FAILED: health() is kFailed; FAILED_PRECONDITION, or isolated, UNAVAILABLE.
  //   STAGE_INPUT, INTERNAL: the transcript is not valid input (UTF-8, limits.h).
  //
  // None of them holds transcript text.
  virtual absl::StatusOr<RunOutput> Run(const RunContext& context,
                                        const v1::Transcript& transcript) = 0;
  virtual StageHealth health() const = 0;
};

}  // namespace cxscribe
