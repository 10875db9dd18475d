#include "plugins/host/isolated.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/sanitized.h"
#include "plugins/host/worker_client.h"
#include "plugins/host/worker_stage.h"
#include "server/base/mutex.h"

namespace cxscribe {
namespace {

class IsolatedPlugin final : public Plugin {
 public:
  IsolatedPlugin(std::shared_ptr<const PluginFile> file, WorkerClient::Options worker,
                 const WorkerSettings& settings, std::unique_ptr<WorkerClient> checker)
      : file_(std::move(file)),
        worker_(std::move(worker)),
        settings_(settings),
        info_(checker->info()),
        checker_(std::move(checker)) {}

  ~IsolatedPlugin() override {
    MutexLock lock(mutex_);  // nobody else may be here any more
    if (checker_ != nullptr) checker_->Quit();
  }

  const PluginInfo& info() const override { return info_; }

  std::vector<ConfigProblem> CheckConfig(std::string_view config_json) const override {
    const SteadyTime deadline = After(SteadyNow(), settings_.start_timeout);
    // Taken out while it is used, so that nobody waits for a lock; who finds none starts one.
    std::unique_ptr<WorkerClient> checker;
    {
      MutexLock lock(mutex_);
      checker = std::move(checker_);
    }
    if (checker == nullptr || checker->lost()) {
      auto started = WorkerClient::Start(worker_, *file_, deadline);
      if (!started.ok()) return {ConfigProblem{"", Problem(started.status())}};
      checker = *std::move(started);
    }
    auto problems = checker->Check(config_json, deadline);
    if (!problems.ok()) return {ConfigProblem{"", Problem(problems.status())}};
    MutexLock lock(mutex_);
    checker_ = std::move(checker);
    return *std::move(problems);
  }

  absl::StatusOr<std::unique_ptr<StageRunner>> StartStage(
      const StageOptions& options) const override {
    return WorkerStage::Start(file_, info_, worker_, settings_.restart, options);
  }

 private:
  static std::string Problem(const absl::Status& status) {
    return absl::StrCat("could not be checked: ", status.message());
  }

  const std::shared_ptr<const PluginFile> file_;
  const WorkerClient::Options worker_;
  const WorkerSettings settings_;
  const PluginInfo info_;
  mutable Mutex mutex_;
  mutable std::unique_ptr<WorkerClient> checker_ ABSL_GUARDED_BY(mutex_);
};

constexpr char kAllowSanitizers[] =
    "set plugins.allow_sanitizers: true on a machine for tests, whose workers are then confined "
    "less";

}  // namespace

absl::StatusOr<std::shared_ptr<const Plugin>> OpenIsolated(std::shared_ptr<const PluginFile> file,
                                                           const WorkerSettings& settings) {
  if (!settings.allow_sanitizers) {
    if (absl::Status status = RefuseSanitized(*file, kAllowSanitizers); !status.ok()) return status;
  }
  absl::StatusOr<WorkerProgram> program = WorkerProgram::Find(settings.program);
  if (!program.ok()) return program.status();
  const WorkerClient::Options options{*std::move(program), settings.memory_bytes, settings.abandon};
  absl::StatusOr<std::unique_ptr<WorkerClient>> checker =
      WorkerClient::Start(options, *file, After(SteadyNow(), settings.start_timeout));
  if (!checker.ok()) return checker.status();
  return std::shared_ptr<const Plugin>(
      std::make_shared<IsolatedPlugin>(std::move(file), options, settings, *std::move(checker)));
}

}  // namespace cxscribe
