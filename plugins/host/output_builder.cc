#include "plugins/host/output_builder.h"

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

// Element `index` of an emitted array.
template <typename Element>
Element ReadElement(const Element* array, uint64_t index, uint64_t stride) {
  Element element = {};
  std::memcpy(&element, reinterpret_cast<const char*>(array) + index * stride,
              std::min<size_t>(stride, sizeof(Element)));
  return element;
}

std::string_view View(const cx_string& text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

bool IsFraction(double value) { return value >= 0 && value <= 1; }  // not NaN either

v1::Span ToSpan(const cx_span& raw) {
  v1::Span span;
  span.set_segment_index(raw.segment_index);
  span.set_begin(raw.begin);
  span.set_end(raw.end);
  return span;
}

}  // namespace

bool OutputBuilder::Violate(std::string_view what) {
  if (violation_.ok()) violation_ = PluginViolation(identity_, what);
  return false;
}

bool OutputBuilder::CheckString(const cx_string& value, uint64_t limit, Namer what) {
  if (value.size > limit) {
    return Violate(
        absl::StrCat(what(), " has ", value.size, " bytes; at most ", limit, " are allowed"));
  }
  if (value.size > 0 && value.data == nullptr) {
    return Violate(absl::StrCat(what(), " has a size but no data"));
  }
  if (!IsValidUtf8(View(value))) return Violate(absl::StrCat(what(), " is not valid UTF-8"));
  return true;
}

bool OutputBuilder::CountBytes(uint64_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= 2 * kMaxTranscriptBytes) return true;
  return Violate(absl::StrCat("it emitted more than ", 2 * kMaxTranscriptBytes, " bytes"));
}

bool OutputBuilder::CheckTimes(int32_t start_ms, int32_t end_ms, Namer what) {
  if (!input_.times_valid() || (start_ms >= 0 && start_ms <= end_ms)) return true;
  return Violate(absl::StrCat(what(), " lasts from ", start_ms, " to ", end_ms, " ms"));
}

bool OutputBuilder::CheckOrder(const cx_segment& segment, Namer what) {
  const int32_t recordings = static_cast<int32_t>(input_.raw()->recording_count);
  if (segment.recording_index < 0 || segment.recording_index >= recordings) {
    return Violate(absl::StrCat(what(), " is of recording ", segment.recording_index,
                                "; there are ", recordings));
  }
  const bool first = output_.segments.empty();
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

bool OutputBuilder::AddWords(const cx_segment& segment, Namer what, v1::Segment& out) {
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
    const cx_word raw = ReadElement(segment.words, i, segment.word_stride);
    const auto word_name = [&] { return absl::StrCat("word ", i, " of ", what()); };
    if (!CheckString(raw.text, kMaxSegmentBytes, word_name) ||
        !CheckTimes(raw.start_ms, raw.end_ms, word_name) || !CountBytes(raw.text.size)) {
      return false;
    }
    v1::Word& word = *out.add_words();
    word.set_text(std::string(View(raw.text)));
    word.set_start_ms(raw.start_ms);
    word.set_end_ms(raw.end_ms);
    if ((raw.flags & ~kKnownFlags) != 0) {
      return Violate(absl::StrCat(word_name(), " has unknown flags"));
    }
    if ((raw.flags & CX_HAS_CONFIDENCE) != 0) {
      if (!IsFraction(raw.confidence)) {
        return Violate(absl::StrCat(word_name(), " has a confidence that is not in 0 to 1"));
      }
      word.set_confidence(raw.confidence);
    }
  }
  return true;
}

bool OutputBuilder::AddSegment(const cx_segment* segment) {
  if (!violation_.ok()) return false;
  if (kind_ == PluginKind::kVerify) {
    return Violate("it emitted a segment, but a verifying plugin must not change the transcript");
  }
  const auto name = [this] { return absl::StrCat("emitted segment ", output_.segments.size()); };
  if (output_.segments.size() >= kMaxSegments) {
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
  v1::Segment out;
  const bool has_confidence = (raw.flags & CX_HAS_CONFIDENCE) != 0;
  if (has_confidence && !IsFraction(raw.confidence)) {
    return Violate(absl::StrCat(name(), " has a confidence that is not in 0 to 1"));
  }
  if (!AddWords(raw, name, out)) return false;
  out.set_recording_id(input_.recording_ids()[static_cast<size_t>(raw.recording_index)]);
  out.set_speaker(std::string(View(raw.speaker)));
  out.set_text(std::string(View(raw.text)));
  if (has_confidence) out.set_confidence(raw.confidence);
  out.set_start_ms(raw.start_ms);
  out.set_end_ms(raw.end_ms);
  output_.replaced = true;
  output_.segments.push_back(std::move(out));
  output_.sources.push_back(
      SourceRange{raw.source_count > 0 ? raw.source_begin : 0, raw.source_count});
  return true;
}

bool OutputBuilder::AddFinding(const cx_finding* finding) {
  if (!violation_.ok()) return false;
  if (kind_ == PluginKind::kTransform) {
    return Violate("it emitted a finding, but only verifying plugins do");
  }
  const auto name = [this] { return absl::StrCat("emitted finding ", output_.findings.size()); };
  if (output_.findings.size() >= kMaxFindings) {
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
  if (!IsEntityType(View(raw.entity_type))) {
    return Violate(absl::StrCat(name(), " has the entity type \"",
                                Printable(View(raw.entity_type), 64),
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
  v1::Finding out;
  for (uint64_t i = 0; i < raw.span_count; ++i) {
    *out.add_spans() = ToSpan(ReadElement(raw.spans, i, raw.span_stride));
  }
  if (!CountBytes(raw.span_count * sizeof(cx_span))) return false;
  out.set_entity_type(std::string(View(raw.entity_type)));
  out.set_score(raw.score);
  out.set_detector(std::string(View(raw.detector)));
  out.set_reason(std::string(View(raw.reason)));
  out.set_stage(identity_.stage);
  output_.findings.push_back(std::move(out));
  return true;
}

bool OutputBuilder::AddAnnotation(const cx_annotation* annotation) {
  if (!violation_.ok()) return false;
  const auto name = [this] {
    return absl::StrCat("emitted annotation ", output_.annotations.size());
  };
  if (output_.annotations.size() >= kMaxAnnotations) {
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
  v1::Annotation out;
  out.set_stage(identity_.stage);
  out.set_key(std::string(View(raw.key)));
  out.set_value(std::string(View(raw.value)));
  switch (raw.target) {
    case CX_ON_TRANSCRIPT:
      break;
    case CX_ON_SEGMENT:
      out.set_segment_index(raw.span.segment_index);
      break;
    case CX_ON_SPAN:
      *out.mutable_span() = ToSpan(raw.span);
      break;
    default:
      return Violate(absl::StrCat(name(), " has the unknown target ", raw.target));
  }
  output_.annotations.push_back(std::move(out));
  return true;
}

bool OutputBuilder::SetOutcome(cx_outcome outcome, cx_string reason) {
  if (!violation_.ok()) return false;
  if (!CheckString(reason, kMaxMessageBytes,
                   [] { return std::string("the reason of the outcome"); }))
    return false;
  switch (outcome) {
    case CX_OUTCOME_PASS:
      output_.outcome = v1::OUTCOME_PASS;
      break;
    case CX_OUTCOME_FAIL:
      output_.outcome = v1::OUTCOME_FAIL;
      break;
    case CX_OUTCOME_INCONCLUSIVE:
      output_.outcome = v1::OUTCOME_INCONCLUSIVE;
      break;
    default:
      return Violate(absl::StrCat("it set the unknown outcome ", outcome));
  }
  if (outcome != CX_OUTCOME_PASS && reason.size == 0) {
    return Violate("it set an outcome other than PASS without a reason");
  }
  output_.reason = std::string(View(reason));
  outcome_set_ = true;
  return true;
}

bool OutputBuilder::TextOf(int32_t segment_index, std::string_view& text) const {
  if (segment_index < 0) return false;
  const uint64_t index = static_cast<uint64_t>(segment_index);
  if (output_.replaced) {
    if (index >= output_.segments.size()) return false;
    text = output_.segments[index].text();
    return true;
  }
  if (index >= input_.raw()->segment_count) return false;
  text = View(cx_segment_at(input_.raw(), index)->text);
  return true;
}

std::string OutputBuilder::SpanProblem(const v1::Span& span) const {
  std::string_view text;
  const std::string range =
      absl::StrCat("[", span.begin(), ", ", span.end(), ") of segment ", span.segment_index());
  if (!TextOf(span.segment_index(), text)) return absl::StrCat(range, ": there is no such segment");
  if (span.begin() < 0 || span.begin() >= span.end()) return absl::StrCat(range, " is empty");
  if (static_cast<uint64_t>(span.end()) > text.size()) {
    return absl::StrCat(range, " lies outside its text of ", text.size(), " bytes");
  }
  if (!IsCharacterBoundary(text, static_cast<size_t>(span.begin())) ||
      !IsCharacterBoundary(text, static_cast<size_t>(span.end()))) {
    return absl::StrCat(range, " cuts a UTF-8 character");
  }
  return "";
}

absl::StatusOr<RunOutput> OutputBuilder::Finish() {
  // Spans may address segments that are emitted after them, so they are checked last.
  for (size_t i = 0; i < output_.findings.size() && violation_.ok(); ++i) {
    for (const v1::Span& span : output_.findings[i].spans()) {
      if (const std::string problem = SpanProblem(span); !problem.empty()) {
        Violate(absl::StrCat("emitted finding ", i, " has the span ", problem));
      }
    }
  }
  for (size_t i = 0; i < output_.annotations.size() && violation_.ok(); ++i) {
    const v1::Annotation& annotation = output_.annotations[i];
    std::string problem;
    std::string_view text;
    if (annotation.has_span()) problem = SpanProblem(annotation.span());
    if (annotation.has_segment_index() && !TextOf(annotation.segment_index(), text)) {
      problem = absl::StrCat("segment ", annotation.segment_index(), ": there is no such segment");
    }
    if (!problem.empty()) {
      Violate(absl::StrCat("emitted annotation ", i, " is attached to ", problem));
    }
  }
  if (!violation_.ok()) return violation_;
  if (!outcome_set_ && !output_.findings.empty()) {
    output_.outcome = v1::OUTCOME_FAIL;
    output_.reason = absl::StrCat(output_.findings.size(),
                                  output_.findings.size() == 1 ? " finding" : " findings");
  }
  return std::move(output_);
}

}  // namespace cxscribe
