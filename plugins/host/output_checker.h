// OutputChecker: holds what a plugin emits in one call to the contract, and hands on what passes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

#include "cxscribe/plugin.h"
#include "cxscribe/v1/evidence.pb.h"
#include "plugins/host/plugin_error.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {

// Where checked output goes. The structs, and what they point to, are the caller's, for the call
// only.
class OutputTarget {
 public:
  virtual ~OutputTarget() = default;
  // Its words: EmittedWord.
  virtual void TakeSegment(const cx_segment& segment) = 0;
  // Its spans: EmittedSpan. They may address segments that are still to come.
  virtual void TakeFinding(const cx_finding& finding) = 0;
  virtual void TakeAnnotation(const cx_annotation& annotation) = 0;
  // At the end, once.
  virtual void TakeOutcome(v1::Outcome outcome, std::string reason) = 0;
  // Of a segment that was taken, valid until the next one is.
  virtual std::string_view TextOf(size_t segment) const = 0;
};

// Element `index` of an emitted array, as far as both sides know it.
template <typename Element>
Element EmittedElement(const Element* array, uint64_t index, uint64_t stride) {
  Element element = {};
  std::memcpy(&element, reinterpret_cast<const char*>(array) + index * stride,
              std::min<size_t>(stride, sizeof(Element)));
  return element;
}
inline cx_word EmittedWord(const cx_segment& segment, uint64_t index) {
  return EmittedElement(segment.words, index, segment.word_stride);
}
inline cx_span EmittedSpan(const cx_finding& finding, uint64_t index) {
  return EmittedElement(finding.spans, index, finding.span_stride);
}
inline std::string_view EmittedText(const cx_string& text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

// Not thread-safe: the plugin contract has one thread at a time emit. Trusts nothing it is given
// but that pointers with a size point to that much memory. After the first violation everything
// else is refused.
class OutputChecker {
 public:
  // `input` and `target` must outlive the checker. `input` is the transcript that the plugin was given.
  OutputChecker(const PluginIdentity& identity, PluginKind kind, const EncodedTranscript& input,
                OutputTarget& target)
      : identity_(identity), kind_(kind), input_(input), target_(target) {}

  // Each returns false once the call is lost.
  bool AddSegment(const cx_segment* segment);
  bool AddFinding(const cx_finding* finding);
  bool AddAnnotation(const cx_annotation* annotation);
  bool SetOutcome(cx_outcome outcome, cx_string reason);

  // Hands on the outcome; the violation if there was one. Call once, after the plugin has returned.
  absl::Status Finish();

  const absl::Status& violation() const { return violation_; }

 private:
  // Says what something is called in messages; asked only when one is needed.
  using Namer = absl::FunctionRef<std::string()>;
  // Spans may address segments that are emitted after them, so they are checked last.
  struct Pending {
    bool of_finding;  // or else of an annotation
    size_t number;
    cx_target target;
    cx_span span;
  };

  bool Violate(std::string_view what);
  // Whether `value` is UTF-8 of at most `limit` bytes; a violation when not.
  bool CheckString(const cx_string& value, uint64_t limit, Namer what);
  // Counts `bytes` against what a whole output may hold.
  bool CountBytes(uint64_t bytes);
  bool CheckTimes(int32_t start_ms, int32_t end_ms, Namer what);
  bool CheckOrder(const cx_segment& segment, Namer what);
  bool CheckWords(const cx_segment& segment, Namer what);
  // The text that a span of the output addresses; false: there is no such segment.
  bool TextOf(int32_t segment_index, std::string_view& text) const;
  std::string Problem(const Pending& pending) const;

  const PluginIdentity identity_;
  const PluginKind kind_;
  const EncodedTranscript& input_;
  OutputTarget& target_;
  absl::Status violation_;
  std::vector<Pending> pending_;
  v1::Outcome outcome_ = v1::OUTCOME_PASS;
  std::string reason_;
  bool outcome_set_ = false;
  size_t segments_ = 0;
  size_t findings_ = 0;
  size_t annotations_ = 0;
  uint64_t text_bytes_ = 0;
  uint64_t bytes_ = 0;
  uint64_t words_ = 0;
  int32_t last_recording_ = 0;
  int32_t last_start_ = 0;
};

}  // namespace cxscribe
