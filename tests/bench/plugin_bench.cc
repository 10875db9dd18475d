#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "plugins/host/in_process.h"
#include "plugins/host/isolated.h"
#include "plugins/host/plugin_file.h"
#include "server/base/clock.h"
#include "server/config/redaction_policies.h"
#include "server/pipeline/pipeline.h"
#include "tests/bench/benches.h"
#include "tests/bench/transcripts.h"

namespace cxscribe {
namespace {

constexpr int kSegments = 200;
// Pipeline runs that are timed together, a share of them on each thread.
constexpr int kBatch = 32;

constexpr const char* kBuiltIn[] = {"punctuation", "diarization", "redaction"};

absl::StatusOr<std::unique_ptr<StageRunner>> Start(const std::string& directory,
                                                   const std::string& name, bool isolated) {
  PluginFile::Options options;
  options.directory = directory;
  options.name = absl::StrCat(name, ".so");
  auto file = PluginFile::Open(options);
  if (!file.ok()) return file.status();
  auto plugin = isolated ? OpenIsolated(*std::move(file), {}) : OpenInProcess(**file);
  if (!plugin.ok()) return plugin.status();
  StageOptions stage;
  stage.stage = name;
  return (*plugin)->StartStage(stage);
}

int CountWords(const v1::Transcript& transcript) {
  int words = 0;
  for (const v1::Segment& segment : transcript.segments()) {
    words += 1 + static_cast<int>(std::count(segment.text().begin(), segment.text().end(), ' '));
  }
  return words;
}

absl::StatusOr<std::shared_ptr<const Pipeline>> LoadBuiltIn(const std::string& directory,
                                                            Isolation isolation, int instances,
                                                            const Clock& clock) {
  Settings settings;
  settings.plugins.directory = directory;
  PipelineSettings& pipeline = settings.pipelines.emplace_back();
  pipeline.name = "default";
  for (const char* name : kBuiltIn) {
    StageSettings stage;
    stage.name = name;
    stage.plugin = absl::StrCat(name, ".so");
    stage.isolation = isolation;
    stage.instances = instances;
    pipeline.stages.push_back(std::move(stage));
  }
  std::vector<ConfigError> errors;
  const auto set = LoadPipelines(settings, clock, errors);
  if (set == nullptr) return absl::FailedPreconditionError(errors.front().message);
  return set->Find("default");
}

// What a plugin that emits its input comes to, without a boundary.
v1::Transcript CopyByHand(const v1::Transcript& in) {
  v1::Transcript out;
  for (const v1::Segment& segment : in.segments()) *out.add_segments() = segment;
  return out;
}

// Runs `once` kBatch times on as many threads as there are cores.
void RunBatch(int threads, const std::function<void()>& once) {
  std::atomic<int> next{0};
  std::vector<std::thread> running;
  running.reserve(static_cast<size_t>(threads));
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&] {
      while (next++ < kBatch) once();
    });
  }
  for (std::thread& thread : running) thread.join();
}

}  // namespace

absl::StatusOr<std::vector<Comparison>> BenchPlugins(const std::string& directory, int rounds) {
  auto in_process = Start(CXSCRIBE_BENCH_PLUGINS, "bench_empty", /*isolated=*/false);
  if (!in_process.ok()) return in_process.status();
  auto isolated = Start(CXSCRIBE_BENCH_PLUGINS, "bench_empty", /*isolated=*/true);
  if (!isolated.ok()) return isolated.status();
  const v1::Transcript call = MakeCall(kSegments);
  absl::Status failure;
  RunContext context;
  context.language = "en-US";
  context.redaction_policy = "pii";
  const RedactionPolicy pii = BuiltInRedactionPolicies().at("pii");
  context.entity_types = pii.entity_types;
  const auto run = [&](StageRunner& runner) {
    if (auto output = runner.Run(context, call); !output.ok()) failure = output.status();
  };
  std::vector<Comparison> comparisons;
  comparisons.push_back(Compare(
      "empty plugin in process, 200 segments", [&] { run(**in_process); },
      "plain loop that copies them",
      [&] {
        if (CopyByHand(call).segments_size() != kSegments) failure = absl::InternalError("copy");
      },
      rounds));
  comparisons.push_back(Compare(
      "empty plugin isolated, 200 segments", [&] { run(**isolated); }, "in process",
      [&] { run(**in_process); }, rounds));

  for (const char* name : kBuiltIn) {
    auto stage = Start(directory, name, /*isolated=*/false);
    if (!stage.ok()) return stage.status();
    comparisons.push_back(Compare(
        absl::StrCat(name, " in process, 200 segments"), [&] { run(**stage); }, "empty plugin",
        [&] { run(**in_process); }, std::max(1, rounds / 10)));
    comparisons.back().words = CountWords(call);
  }

  static const SystemClock clock;
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto fast = LoadBuiltIn(directory, Isolation::kInProcess, threads, clock);
  if (!fast.ok()) return fast.status();
  const auto safe = LoadBuiltIn(directory, Isolation::kProcess, threads, clock);
  if (!safe.ok()) return safe.status();
  PipelineRequest request;
  request.language = "en-US";
  request.policy = pii;
  std::atomic<int> failed{0};
  const auto through = [&](const Pipeline& pipeline) {
    RunBatch(threads, [&] { failed += pipeline.Run(call, request).status.ok() ? 0 : 1; });
  };
  comparisons.push_back(Compare(
      absl::StrCat("built-in stages isolated, ", kBatch, " calls on ", threads, " threads"),
      [&] { through(**safe); }, "in process", [&] { through(**fast); }, std::max(1, rounds / 50)));
  if (!failure.ok()) return failure;
  if (failed > 0) return absl::InternalError(absl::StrCat(failed.load(), " runs failed"));
  return comparisons;
}

}  // namespace cxscribe
