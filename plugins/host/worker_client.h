// WorkerClient: the host's side of one worker process, with one plugin in it and at most one
// instance.
//
// Every call blocks the calling thread, which alone reads what the worker sends, until the answer
// is there, a deadline has passed, or the worker is lost: it ended, or said what no worker says,
// and was killed for it. Nothing follows a loss but the destructor.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/host/config_schema.h"
#include "plugins/host/plugin_error.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/plugin_log.h"
#include "plugins/host/run_clock.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/transcript_codec.h"
#include "plugins/host/worker_frame.h"
#include "plugins/host/worker_output.h"
#include "plugins/host/worker_process.h"

namespace cxscribe {

// Shared with the worker, which may write what it likes here: the host only writes.
struct ControlPage {
  std::atomic<bool> stop;
};

// How a call of process ended.
struct WorkerCallEnd {
  enum class Kind {
    kAnswered,   // `result` is the plugin's
    kStopped,    // as kAnswered, after the worker was told to stop, for the reason `stop`
    kDied,       // the worker is lost; see WorkerClient::loss
    kViolated,   // the worker is lost: `result` says what it did that no worker does
    kOverstayed  // it did not stop when it was told to, and was killed; `stop` says why
  };
  Kind kind = Kind::kDied;
  absl::StatusOr<RunOutput> result = absl::UnknownError("no result");
  absl::Status stop;
};

// Not thread-safe; may move between threads from call to call.
class WorkerClient {
 public:
  struct Options {
    WorkerProgram program;
    uint64_t memory_bytes = 0;
    // Set from any thread to give up waiting for a start, a check, a create or an end as if its
    // deadline had passed. May be null.
    std::shared_ptr<const std::atomic<bool>> abandon;
  };

  // Starts a worker, and loads the plugin in it. The errors of WorkerProcess::Spawn and of loading
  // (see OpenInProcess), and FAILED_PRECONDITION with reason WORKER_VERSION, WORKER_FAILED or
  // PLUGIN_CRASHED; DEADLINE_EXCEEDED with reason PLUGIN_TIMEOUT.
  static absl::StatusOr<std::unique_ptr<WorkerClient>> Start(const Options& options,
                                                             const PluginFile& file,
                                                             SteadyTime deadline);
  ~WorkerClient();
  WorkerClient(const WorkerClient&) = delete;
  WorkerClient& operator=(const WorkerClient&) = delete;

  // From now on another flag counts.
  void set_abandon(std::shared_ptr<const std::atomic<bool>> abandon) {
    abandon_ = std::move(abandon);
  }

  const PluginInfo& info() const { return info_; }
  // How the worker is less confined than it should be, one sentence each.
  const std::vector<std::string>& gaps() const { return gaps_; }

  // See Plugin::CheckConfig; the same errors as Start.
  absl::StatusOr<std::vector<ConfigProblem>> Check(std::string_view config_json,
                                                   SteadyTime deadline);
  // Makes the instance. The plugin's own error, or the same as Start.
  absl::Status Create(const PluginIdentity& identity, const StageOptions& options,
                      SteadyTime deadline);
  // Calls process. The callbacks of `context` run on this thread.
  WorkerCallEnd Call(const RunContext& context, const EncodedTranscript& transcript,
                     SteadyTime deadline, absl::Duration grace);

  // The worker has ended between two calls (pidfd): finds out how.
  void NoteEnd();
  // Becomes readable when the worker ends; any thread may poll it.
  int pidfd() const { return process_->pidfd(); }

  // Tells the worker to destroy the instance and to end; AwaitEnd kills it at the deadline.
  void Quit();
  void AwaitEnd(SteadyTime deadline);

  bool lost() const { return lost_; }
  // "signal SIGSEGV (Segmentation fault)"
  const std::string& loss() const { return loss_; }
  const WorkerEnd& end() const { return process_->end(); }

 private:
  enum class Event { kFrame, kLost, kDeadline, kCancelled };
  // What waiting for a frame is about.
  struct Listening {
    SteadyTime deadline = SteadyTime::max();
    const RunContext* context = nullptr;  // its flag and its callbacks; may be null
    LogRelay* call_log = nullptr;
    LogRelay* stage_log = nullptr;
  };

  explicit WorkerClient(std::unique_ptr<WorkerProcess> process);

  absl::Status Load(const Options& options, const PluginFile& file, SteadyTime deadline);
  absl::Status MakeControlPage(Descriptor& descriptor);
  absl::Status AwaitHello(const Options& options, SteadyTime deadline);
  // Sends a frame with descriptors; false: the worker is lost, or `deadline` has passed.
  bool Send(FrameType type, std::string_view payload, std::string_view rest,
            const std::vector<int>& descriptors, SteadyTime deadline);
  // The next frame but log lines and progress, which are handed on.
  Event Next(const Listening& listening, Frame& frame);
  bool TakeChatter(const Listening& listening, const Frame& frame);
  // Reads what has come, waiting `at_most` for it.
  void Receive(absl::Duration at_most, const Listening& listening);
  void SendData(std::string_view name, const StageOptions& options, SteadyTime deadline);
  absl::StatusOr<RunOutput> ReadAnswer(const Frame& frame, const EncodedTranscript& transcript);

  // The worker has closed its end: finds out how it ended.
  void LoseToEnd();
  // The worker does what none does.
  void LoseToGarbage(const absl::Status& what);
  absl::Status LossStatus(std::string_view during, const PluginIdentity& identity,
                          SteadyTime begun) const;

  const std::unique_ptr<WorkerProcess> process_;
  ControlPage* control_ = nullptr;
  std::shared_ptr<const std::atomic<bool>> abandon_;
  FrameReader reader_{FrameSender::kWorker};
  WorkerOutput output_;
  PluginInfo info_;
  std::vector<std::string> gaps_;
  std::string file_path_;
  PluginIdentity identity_;  // of the instance
  PluginLog stage_log_;
  // By name: what create was given.
  std::map<std::string, std::string> data_files_;
  bool lost_ = false;
  bool violated_ = false;
  std::string loss_;
  uint64_t calls_ = 0;  // made so far: the number of the last
};

}  // namespace cxscribe
