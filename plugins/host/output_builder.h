// OutputBuilder: takes what a plugin emits in one call, checks it against the contract, and makes a
// RunOutput of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "cxscribe/plugin.h"
#include "plugins/host/plugin_error.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {

// Not thread-safe: the plugin contract has one thread at a time emit. Trusts nothing it is given
// but that pointers with a size point to that much memory. After the first violation everything
// else is refused.
class OutputBuilder {
 public:
  // The three must outlive the builder. `input` is the transcript that the plugin was given.
  OutputBuilder(const PluginIdentity& identity, PluginKind kind, const EncodedTranscript& input)
      : identity_(identity), kind_(kind), input_(input) {}

  // Each returns false once the call is lost.
  bool AddSegment(const cx_segment* segment);
  bool AddFinding(const cx_finding* finding);
  bool AddAnnotation(const cx_annotation* annotation);
  bool SetOutcome(cx_outcome outcome, cx_string reason);

  // The output, or the violation. Call once, after the plugin has returned.
  absl::StatusOr<RunOutput> Finish();

  const absl::Status& violation() const { return violation_; }

 private:
  // Says what something is called in messages; asked only when one is needed.
  using Namer = absl::FunctionRef<std::string()>;

  bool Violate(std::string_view what);
  // Whether `value` is UTF-8 of at most `limit` bytes; a violation when not.
  bool CheckString(const cx_string& value, uint64_t limit, Namer what);
  // Counts `bytes` against what a whole output may hold.
  bool CountBytes(uint64_t bytes);
  bool CheckTimes(int32_t start_ms, int32_t end_ms, Namer what);
  bool CheckOrder(const cx_segment& segment, Namer what);
  bool AddWords(const cx_segment& segment, Namer what, v1::Segment& out);
  // The text that a span of the output addresses, for checking; false: there is no such segment.
  bool TextOf(int32_t segment_index, std::string_view& text) const;
  std::string SpanProblem(const v1::Span& span) const;

  const PluginIdentity& identity_;
  const PluginKind kind_;
  const EncodedTranscript& input_;
  absl::Status violation_;
  RunOutput output_;
  bool outcome_set_ = false;
  uint64_t text_bytes_ = 0;
  uint64_t bytes_ = 0;
  uint64_t words_ = 0;
  int32_t last_recording_ = 0;
  int32_t last_start_ = 0;
};

}  // namespace cxscribe
