// What a stage made of a transcript, on its way from a worker to its host.
//
// The host believes nothing of it: decoding replays every segment, finding and annotation through
// the OutputChecker that also checks a plugin in this process, and in its worker. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/host/output_checker.h"
#include "plugins/host/plugin_error.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {

// Writes what a plugin emitted in this form. Resources are left out: the host knows which files it
// handed out. Not thread-safe.
class FlatOutput final : public OutputTarget {
 public:
  void TakeSegment(const cx_segment& segment) override;
  void TakeFinding(const cx_finding& finding) override;
  void TakeAnnotation(const cx_annotation& annotation) override;
  void TakeOutcome(v1::Outcome outcome, std::string reason) override;
  std::string_view TextOf(size_t segment) const override;

  // After the outcome.
  std::string Bytes() const;

 private:
  // Elements of one kind, one after the other.
  struct List {
    uint32_t count = 0;
    std::string bytes;
  };

  std::string head_;
  List segments_;
  List findings_;
  List annotations_;
  // Where in the segments' bytes the text of each lies.
  std::vector<std::pair<size_t, size_t>> texts_;
};

// DATA_LOSS without details where the bytes are not of this form: no worker sends them.
// PLUGIN_VIOLATION where what they say breaks the plugin contract.
absl::StatusOr<RunOutput> DecodeOutput(std::string_view bytes, const PluginIdentity& identity,
                                       PluginKind kind, const EncodedTranscript& input);

}  // namespace cxscribe
