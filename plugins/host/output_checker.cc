#include "plugins/host/output_checker.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <absl/strings/str_cat.h>

#include "plugins/host/entity_types.h"
#include "plugins/host/limits.h"
#include "plugins/host/text.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

// The sizes of version 1.0, which every plugin has at least.
constexpr uint32_t kSegmentSize10 = offsetof(cx_segment, reserved) + sizeof(int32_t);
constexpr uint32_t kFindingSize10 = offsetof(cx_finding, reason) + sizeof(cx_string);
constexpr uint32_t kAnnotationSize10 = offsetof(cx_annotation, span) + sizeof(cx_span);
constexpr uint64_t kWordSize10 = offsetof(cx_word, reserved) + sizeof(uint32_t);
constexpr uint64_t kSpanSize10 = offsetof(cx_span, reserved) + sizeof(int32_t);
// Far more than a struct will ever have; a stride beyond it is a mistake.
constexpr uint64_t kMaxStride = 4'096;

// Others may get a meaning later, so nobody may set them today.
constexpr uint32_t kKnownFlags = CX_HAS_CONFIDENCE;

// Copies an emitted struct as far as both sides know it. Empty message: it was fine.
template <typename Struct>
std::string ReadStruct(const Struct* emitted, uint32_t least, Struct& out) {
  if (emitted == nullptr) return "a NULL pointer";
  uint32_t size = 0;
  std::memcpy(&size, emitted, sizeof(size));  // every emitted struct starts with its size
  if (size < least) {
    return absl::StrCat("a struct with struct_size ", size, "; it has at least ", least,
                        " bytes (set struct_size to sizeof)");
  }
  std::memcpy(&out, emitted, std::min<size_t>(size, sizeof(Struct)));
  return "";
}

bool IsFraction(double value) { return value >= 0 && value <= 1; }  // not NaN either

}  // namespace

bool OutputChecker::Violate(std::string_view what) {
  if (violation_.ok()) violation_ = PluginViolation(identity_, what);
  return false;
}

bool OutputChecker::CheckString(const cx_string& value, uint64_t limit, Namer what) {
  if (value.size > limit) {
    return Violate(
        absl::StrCat(what(), " has ", value.size, " bytes; at most ", limit, " are allowed"));
  }
  if (value.size > 0 && value.data == nullptr) {
    return Violate(absl::StrCat(what(), " has a size but no data"));
  }
  if (!IsValidUtf8(EmittedText(value))) return Violate(absl::StrCat(what(), " is not valid UTF-8"));
  return true;
}

bool OutputChecker::CountBytes(uint64_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= 2 * kMaxTranscriptBytes) return true;
  return Violate(absl::StrCat("it emitted more than ", 2 * kMaxTranscriptBytes, " bytes"));
}

bool OutputChecker::CheckTimes(int32_t start_ms, int32_t end_ms, Namer what) {
  if (!input_.times_valid() || (start_ms >= 0 && start_ms <= end_ms)) return true;
  return Violate(absl::StrCat(what(), " lasts from ", start_ms, " to ", end_ms, " ms"));
}

bool OutputChecker::CheckOrder(const cx_segment& segment, Namer what) {
  const int32_t recordings = static_cast<int32_t>(input_.raw()->recording_count);
  if (segment.recording_index < 0 || segment.recording_index >= recordings) {
    return Violate(absl::StrCat(what(), " is of recording ", segment.recording_index,
                                "; there are ", recordings));
  }
  const bool first = segments_ == 0;
  const bool same = !first && segment.recording_index == last_recording_;
  if (input_.ordered() && !first && segment.recording_index < last_recording_) {
    return Violate(absl::StrCat(what(), " goes back to recording ", segment.recording_index,
                                " after ", last_recording_));
  }
  if (input_.ordered() && same && segment.start_ms < last_start_) {
    return Violate(absl::StrCat(what(), " starts at ", segment.start_ms,
                                " ms, before the one ahead of it, at ", last_start_, " ms"));
  }
  last_recording_ = segment.recording_index;
  last_start_ = segment.start_ms;
  return true;
}

bool OutputChecker::CheckWords(const cx_segment& segment, Namer what) {
  if (segment.word_count == 0) return true;
  words_ += std::min(segment.word_count, kMaxWords + 1);
  if (words_ > kMaxWords)
    return Violate(absl::StrCat("it emitted more than ", kMaxWords, " words"));
  if (segment.words == nullptr || segment.word_stride < kWordSize10 ||
      segment.word_stride > kMaxStride) {
    return Violate(absl::StrCat(what(), " has ", segment.word_count, " words of stride ",
                                segment.word_stride, " at ",
                                segment.words == nullptr ? "NULL" : "an address"));
  }
  for (uint64_t i = 0; i < segment.word_count; ++i) {
    const cx_word raw = EmittedWord(segment, i);
    const auto word_name = [&] { return absl::StrCat("word ", i, " of ", what()); };
    if (!CheckString(raw.text, kMaxSegmentBytes, word_name) ||
        !CheckTimes(raw.start_ms, raw.end_ms, word_name) || !CountBytes(raw.text.size)) {
      return false;
    }
    if ((raw.flags & ~kKnownFlags) != 0) {
      return Violate(absl::StrCat(word_name(), " has unknown flags"));
    }
    if ((raw.flags & CX_HAS_CONFIDENCE) != 0 && !IsFraction(raw.confidence)) {
      return Violate(absl::StrCat(word_name(), " has a confidence that is not in 0 to 1"));
    }
  }
  return true;
}

bool OutputChecker::AddSegment(const cx_segment* segment) {
  if (!violation_.ok()) return false;
  if (kind_ == PluginKind::kVerify) {
    return Violate("it emitted a segment, but a verifying plugin must not change the transcript");
  }
  const auto name = [this] { return absl::StrCat("emitted segment ", segments_); };
  if (segments_ >= kMaxSegments) {
    return Violate(absl::StrCat("it emitted more than ", kMaxSegments, " segments"));
  }
  cx_segment raw = {};
  if (const std::string problem = ReadStruct(segment, kSegmentSize10, raw); !problem.empty()) {
    return Violate(absl::StrCat(name(), " is ", problem));
  }
  if (!CheckString(raw.text, kMaxSegmentBytes, [&name] { return "the text of " + name(); }) ||
      !CheckString(raw.speaker, kMaxSpeakerBytes, [&name] { return "the speaker of " + name(); }) ||
      !CheckTimes(raw.start_ms, raw.end_ms, name) || !CheckOrder(raw, name) ||
      !CountBytes(raw.text.size + raw.speaker.size)) {
    return false;
  }
  text_bytes_ += raw.text.size;
  if (text_bytes_ > kMaxTranscriptBytes) {
    return Violate(absl::StrCat("it emitted more than ", kMaxTranscriptBytes, " bytes of text"));
  }
  const int64_t inputs = static_cast<int64_t>(input_.raw()->segment_count);
  if (raw.source_count < 0 ||
      (raw.source_count > 0 &&
       (raw.source_begin < 0 || int64_t{raw.source_begin} + raw.source_count > inputs))) {
    return Violate(absl::StrCat(name(), " names ", raw.source_count, " source segments from ",
                                raw.source_begin, "; the input has ", inputs));
  }
  if ((raw.flags & ~kKnownFlags) != 0) return Violate(absl::StrCat(name(), " has unknown flags"));
  if ((raw.flags & CX_HAS_CONFIDENCE) != 0 && !IsFraction(raw.confidence)) {
    return Violate(absl::StrCat(name(), " has a confidence that is not in 0 to 1"));
  }
  if (!CheckWords(raw, name)) return false;
  target_.TakeSegment(raw);
  ++segments_;
  return true;
}

bool OutputChecker::AddFinding(const cx_finding* finding) {
  if (!violation_.ok()) return false;
  if (kind_ == PluginKind::kTransform) {
    return Violate("it emitted a finding, but only verifying plugins do");
  }
  const auto name = [this] { return absl::StrCat("emitted finding ", findings_); };
  if (findings_ >= kMaxFindings) {
    return Violate(absl::StrCat("it emitted more than ", kMaxFindings, " findings"));
  }
  cx_finding raw = {};
  if (const std::string problem = ReadStruct(finding, kFindingSize10, raw); !problem.empty()) {
    return Violate(absl::StrCat(name(), " is ", problem));
  }
  if (!CheckString(raw.entity_type, kMaxSpeakerBytes,
                   [&name] { return "the entity type of " + name(); }) ||
      !CheckString(raw.detector, kMaxSpeakerBytes,
                   [&name] { return "the detector of " + name(); }) ||
      !CheckString(raw.reason, kMaxMessageBytes, [&name] { return "the reason of " + name(); }) ||
      !CountBytes(raw.entity_type.size + raw.detector.size + raw.reason.size)) {
    return false;
  }
  if (!IsEntityType(EmittedText(raw.entity_type))) {
    return Violate(absl::StrCat(name(), " has the entity type \"",
                                Printable(EmittedText(raw.entity_type), 64),
                                "\": neither a known one nor a namespaced one such as "
                                "acme.EMPLOYEE_ID"));
  }
  if (!IsFraction(raw.score))
    return Violate(absl::StrCat(name(), " has a score that is not in 0 to 1"));
  if (raw.span_count == 0 || raw.span_count > kMaxSpans || raw.spans == nullptr ||
      raw.span_stride < kSpanSize10 || raw.span_stride > kMaxStride) {
    return Violate(absl::StrCat(name(), " has ", raw.span_count, " spans of stride ",
                                raw.span_stride, "; 1 to ", kMaxSpans, " are allowed"));
  }
  if (!CountBytes(raw.span_count * sizeof(cx_span))) return false;
  for (uint64_t i = 0; i < raw.span_count; ++i) {
    pending_.push_back({/*of_finding=*/true, findings_, CX_ON_SPAN, EmittedSpan(raw, i)});
  }
  target_.TakeFinding(raw);
  ++findings_;
  return true;
}

bool OutputChecker::AddAnnotation(const cx_annotation* annotation) {
  if (!violation_.ok()) return false;
  const auto name = [this] { return absl::StrCat("emitted annotation ", annotations_); };
  if (annotations_ >= kMaxAnnotations) {
    return Violate(absl::StrCat("it emitted more than ", kMaxAnnotations, " annotations"));
  }
  cx_annotation raw = {};
  if (const std::string problem = ReadStruct(annotation, kAnnotationSize10, raw);
      !problem.empty()) {
    return Violate(absl::StrCat(name(), " is ", problem));
  }
  if (!CheckString(raw.key, kMaxSpeakerBytes, [&name] { return "the key of " + name(); }) ||
      !CheckString(raw.value, kMaxSegmentBytes, [&name] { return "the value of " + name(); }) ||
      !CountBytes(raw.key.size + raw.value.size)) {
    return false;
  }
  if (raw.key.size == 0) return Violate(absl::StrCat(name(), " has no key"));
  if (raw.target > CX_ON_SPAN) {
    return Violate(absl::StrCat(name(), " has the unknown target ", raw.target));
  }
  if (raw.target != CX_ON_TRANSCRIPT) {
    pending_.push_back({/*of_finding=*/false, annotations_, raw.target, raw.span});
  }
  target_.TakeAnnotation(raw);
  ++annotations_;
  return true;
}

bool OutputChecker::SetOutcome(cx_outcome outcome, cx_string reason) {
  if (!violation_.ok()) return false;
  if (!CheckString(reason, kMaxMessageBytes,
                   [] { return std::string("the reason of the outcome"); }))
    return false;
  switch (outcome) {
    case CX_OUTCOME_PASS:
      outcome_ = v1::OUTCOME_PASS;
      break;
    case CX_OUTCOME_FAIL:
      outcome_ = v1::OUTCOME_FAIL;
      break;
    case CX_OUTCOME_INCONCLUSIVE:
      outcome_ = v1::OUTCOME_INCONCLUSIVE;
      break;
    default:
      return Violate(absl::StrCat("it set the unknown outcome ", outcome));
  }
  if (outcome != CX_OUTCOME_PASS && reason.size == 0) {
    return Violate("it set an outcome other than PASS without a reason");
  }
  reason_ = std::string(EmittedText(reason));
  outcome_set_ = true;
  return true;
}

bool OutputChecker::TextOf(int32_t segment_index, std::string_view& text) const {
  if (segment_index < 0) return false;
  const uint64_t index = static_cast<uint64_t>(segment_index);
  if (segments_ > 0) {
    if (index >= segments_) return false;
    text = target_.TextOf(index);
    return true;
  }
  if (index >= input_.raw()->segment_count) return false;
  text = EmittedText(cx_segment_at(input_.raw(), index)->text);
  return true;
}

std::string OutputChecker::Problem(const Pending& pending) const {
  const cx_span& span = pending.span;
  const auto range = [&span] {
    return absl::StrCat("[", span.begin, ", ", span.end, ") of segment ", span.segment_index);
  };
  std::string_view text;
  const bool there = TextOf(span.segment_index, text);
  if (pending.target == CX_ON_SEGMENT) {
    if (there) return "";
    return absl::StrCat("segment ", span.segment_index, ": there is no such segment");
  }
  if (!there) return absl::StrCat(range(), ": there is no such segment");
  if (span.begin < 0 || span.begin >= span.end) return absl::StrCat(range(), " is empty");
  if (static_cast<uint64_t>(span.end) > text.size()) {
    return absl::StrCat(range(), " lies outside its text of ", text.size(), " bytes");
  }
  if (!IsCharacterBoundary(text, static_cast<size_t>(span.begin)) ||
      !IsCharacterBoundary(text, static_cast<size_t>(span.end))) {
    return absl::StrCat(range(), " cuts a UTF-8 character");
  }
  return "";
}

absl::Status OutputChecker::Finish() {
  for (const Pending& pending : pending_) {
    if (!violation_.ok()) break;
    const std::string problem = Problem(pending);
    if (problem.empty()) continue;
    Violate(pending.of_finding
                ? absl::StrCat("emitted finding ", pending.number, " has the span ", problem)
                : absl::StrCat("emitted annotation ", pending.number, " is attached to ", problem));
  }
  if (!violation_.ok()) return violation_;
  if (!outcome_set_ && findings_ > 0) {
    outcome_ = v1::OUTCOME_FAIL;
    reason_ = absl::StrCat(findings_, findings_ == 1 ? " finding" : " findings");
  }
  target_.TakeOutcome(outcome_, std::move(reason_));
  return absl::OkStatus();
}

}  // namespace cxscribe
