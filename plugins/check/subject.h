// Subject: the plugin under test in this process, and how checks call it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "cxscribe/v1/transcript.pb.h"
#include "plugins/check/board.h"
#include "plugins/check/request.h"
#include "plugins/host/call.h"
#include "plugins/host/instance.h"
#include "plugins/host/loaded_plugin.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {

// Thread-safe once loaded, but for Phase.
class Subject {
 public:
  // Both must outlive the subject.
  Subject(const CheckRequest& request, Board& board) : request_(request), board_(board) {}

  // Reads the file; Load also loads the library. May be called again.
  absl::Status Open();
  absl::Status Load();

  const CheckRequest& request() const { return request_; }
  Board& board() { return board_; }
  const PluginFile& file() const { return *file_; }
  const LoadedPlugin& plugin() const { return *plugin_; }

  // Says what is about to be tried.
  void Phase(std::string_view phase) { board_.SetPhase(phase); }

  absl::StatusOr<std::shared_ptr<PluginInstance>> Create() const;

  struct Stop {
    std::shared_ptr<const std::atomic<bool>> cancelled;
    absl::Duration timeout = absl::InfiniteDuration();
  };
  // One call of process on this thread.
  absl::StatusOr<RunOutput> Process(PluginInstance& instance, const v1::Transcript& transcript,
                                    const Stop& stop) const;
  absl::StatusOr<RunOutput> Process(PluginInstance& instance,
                                    const v1::Transcript& transcript) const {
    return Process(instance, transcript, Stop());
  }
  // The same in two steps, for who looks at the transcript before and after.
  std::unique_ptr<LocalCall> MakeCall(std::unique_ptr<const EncodedTranscript> transcript,
                                      const Stop& stop) const;

 private:
  PluginIdentity Identity() const;

  const CheckRequest& request_;
  Board& board_;
  std::shared_ptr<const PluginFile> file_;
  const LoadedPlugin* plugin_ = nullptr;
};

// A hash over everything that an output holds.
std::string FingerprintOf(const RunOutput& output);
// The same of an error: its code and reason.
std::string FingerprintOf(const absl::StatusOr<RunOutput>& output);

// The status's message without who it is about, which a check's reader knows.
std::string ShortMessage(const absl::Status& status);

}  // namespace cxscribe
