// Call: one call of a plugin's process, shared by the thread that makes it and the thread that
// waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "cxscribe/plugin.h"
#include "plugins/host/instance.h"
#include "plugins/host/output_builder.h"
#include "plugins/host/output_checker.h"
#include "plugins/host/plugin_log.h"
#include "plugins/host/run_clock.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {

// Owns all that the plugin is given, so that a call which is given up can go on without harm. The
// waiting thread alone runs the callbacks of the RunContext: they end with its Run.
class Call {
 public:
  // SteadyTime::max(): no deadline. `target` must outlive the call; it gets what passes the checks.
  Call(const PluginIdentity& identity, PluginKind kind, const RunContext& context,
       std::unique_ptr<const EncodedTranscript> transcript, SteadyTime deadline,
       OutputTarget& target);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  SteadyTime deadline() const { return deadline_; }
  // Before the call: what to do, on the plugin's own threads, when there is something to deliver.
  void set_notify(std::function<void()> notify) { notify_ = std::move(notify); }

  // For the thread that makes the call: calls the plugin and keeps the result, then tells the
  // waiter.
  void Execute(PluginInstance& instance);
  void MarkDone();

  // For the thread that waits. Returns true once done, false after `at_most` or when there is
  // something to deliver.
  bool Wait(absl::Duration at_most);
  // Hands what the plugin logged, and its newest progress, to the callbacks of `context`.
  void Deliver(const RunContext& context);
  // From now on the plugin is told to stop.
  void RequestStop() { stop_.store(true, std::memory_order_relaxed); }
  // How it ended, and with which data files; when done.
  absl::Status status();
  std::vector<v1::ResourceDigest> resources();

  const EncodedTranscript& transcript() const { return *transcript_; }

 private:
  bool ShouldStop() const;
  int64_t RemainingNanoseconds() const;
  absl::Status Result(cx_code code, bool threw);

  static Call& Self(const cx_context* context) { return *static_cast<Call*>(context->host_data); }
  static Call& Self(const cx_sink* sink) { return *static_cast<Call*>(sink->host_data); }
  static int32_t IsCancelled(const cx_context* context) noexcept;
  static int64_t Remaining(const cx_context* context) noexcept;
  static void SetProgress(const cx_context* context, double fraction) noexcept;
  static void Log(const cx_context* context, cx_log_level level, cx_string message) noexcept;
  static cx_code EmitSegment(const cx_sink* sink, const cx_segment* segment) noexcept;
  static cx_code EmitFinding(const cx_sink* sink, const cx_finding* finding) noexcept;
  static cx_code EmitAnnotation(const cx_sink* sink, const cx_annotation* annotation) noexcept;
  static cx_code SetOutcome(const cx_sink* sink, cx_outcome outcome, cx_string reason) noexcept;
  static void Fail(const cx_sink* sink, cx_code code, cx_string reason, cx_string message) noexcept;

  const PluginIdentity identity_;
  const std::string language_;
  const std::string redaction_policy_;
  const std::vector<std::string> entity_types_;
  const std::vector<std::pair<std::string, std::string>> labels_;
  const std::shared_ptr<const std::atomic<bool>> cancelled_;
  const std::unique_ptr<const EncodedTranscript> transcript_;
  const SteadyTime deadline_;
  std::atomic<bool> stop_{false};
  std::function<void()> notify_;

  std::vector<cx_string> raw_entity_types_;
  std::vector<cx_label> raw_labels_;
  cx_context raw_context_ = {};
  cx_sink raw_sink_ = {};

  // Of the calling thread.
  OutputChecker checker_;
  absl::Status failure_;

  Mutex mutex_;
  CondVar changed_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  PluginLogBuffer log_ ABSL_GUARDED_BY(mutex_){PluginLogBuffer::Bound::kInAll};
  std::optional<double> progress_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_) = absl::UnknownError("not done");
  std::vector<v1::ResourceDigest> resources_ ABSL_GUARDED_BY(mutex_);
};

// A call whose output is for this process.
class LocalCall final : public Call {
 public:
  LocalCall(const PluginIdentity& identity, PluginKind kind, const RunContext& context,
            std::unique_ptr<const EncodedTranscript> transcript, SteadyTime deadline)
      : Call(identity, kind, context, std::move(transcript), deadline, builder_),
        builder_(identity.stage, Call::transcript()) {}

  // Call once, when done.
  absl::StatusOr<RunOutput> TakeResult();

 private:
  OutputBuilder builder_;
};

}  // namespace cxscribe
