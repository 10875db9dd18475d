#include "plugins/host/output_builder.h"

namespace cxscribe {
namespace {

std::string Copy(const cx_string& text) { return std::string(EmittedText(text)); }

void SetSpan(const cx_span& from, v1::Span& span) {
  span.set_segment_index(from.segment_index);
  span.set_begin(from.begin);
  span.set_end(from.end);
}

}  // namespace

void OutputBuilder::TakeSegment(const cx_segment& segment) {
  v1::Segment& out = output_.segments.emplace_back();
  out.set_recording_id(input_.recording_ids()[static_cast<size_t>(segment.recording_index)]);
  out.set_speaker(Copy(segment.speaker));
  out.set_text(Copy(segment.text));
  if ((segment.flags & CX_HAS_CONFIDENCE) != 0) out.set_confidence(segment.confidence);
  out.set_start_ms(segment.start_ms);
  out.set_end_ms(segment.end_ms);
  for (uint64_t i = 0; i < segment.word_count; ++i) {
    const cx_word raw = EmittedWord(segment, i);
    v1::Word& word = *out.add_words();
    word.set_text(Copy(raw.text));
    word.set_start_ms(raw.start_ms);
    word.set_end_ms(raw.end_ms);
    if ((raw.flags & CX_HAS_CONFIDENCE) != 0) word.set_confidence(raw.confidence);
  }
  output_.replaced = true;
  output_.sources.push_back(
      SourceRange{segment.source_count > 0 ? segment.source_begin : 0, segment.source_count});
}

void OutputBuilder::TakeFinding(const cx_finding& finding) {
  v1::Finding& out = output_.findings.emplace_back();
  out.set_stage(stage_);
  out.set_entity_type(Copy(finding.entity_type));
  out.set_score(finding.score);
  out.set_detector(Copy(finding.detector));
  out.set_reason(Copy(finding.reason));
  for (uint64_t i = 0; i < finding.span_count; ++i) {
    SetSpan(EmittedSpan(finding, i), *out.add_spans());
  }
}

void OutputBuilder::TakeAnnotation(const cx_annotation& annotation) {
  v1::Annotation& out = output_.annotations.emplace_back();
  out.set_stage(stage_);
  out.set_key(Copy(annotation.key));
  out.set_value(Copy(annotation.value));
  if (annotation.target == CX_ON_SEGMENT) out.set_segment_index(annotation.span.segment_index);
  if (annotation.target == CX_ON_SPAN) SetSpan(annotation.span, *out.mutable_span());
}

void OutputBuilder::TakeOutcome(v1::Outcome outcome, std::string reason) {
  output_.outcome = outcome;
  output_.reason = std::move(reason);
}

}  // namespace cxscribe
