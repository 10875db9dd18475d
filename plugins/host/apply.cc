// ApplyOutput: see stage_runner.h.
#include <cassert>
#include <utility>
#include <vector>

#include "plugins/host/stage_runner.h"

namespace cxscribe {
namespace {

constexpr int32_t kNoSuccessor = -1;

// For each segment of the transcript, the first new one that was made of it.
std::vector<int32_t> Successors(const RunOutput& output, int old_count) {
  std::vector<int32_t> successors(static_cast<size_t>(old_count), kNoSuccessor);
  for (size_t i = 0; i < output.sources.size(); ++i) {
    const SourceRange& source = output.sources[i];
    for (int32_t old = source.begin; old < source.begin + source.count; ++old) {
      int32_t& successor = successors[static_cast<size_t>(old)];
      if (successor == kNoSuccessor) successor = static_cast<int32_t>(i);
    }
  }
  return successors;
}

// Moves `annotation` to where its segment went; false: nowhere.
bool Move(const v1::Transcript& old, const RunOutput& output,
          const std::vector<int32_t>& successors, v1::Annotation& annotation) {
  if (!annotation.has_span() && !annotation.has_segment_index()) return true;
  const int32_t from =
      annotation.has_span() ? annotation.span().segment_index() : annotation.segment_index();
  if (from < 0 || from >= old.segments_size()) return false;
  const int32_t to = successors[static_cast<size_t>(from)];
  if (to == kNoSuccessor) return false;
  const bool same_text =
      output.segments[static_cast<size_t>(to)].text() == old.segments(from).text();
  if (annotation.has_span() && same_text) {
    annotation.mutable_span()->set_segment_index(to);
  } else {
    annotation.set_segment_index(to);
  }
  return true;
}

}  // namespace

void ApplyOutput(RunOutput output, v1::Transcript& transcript) {
  if (output.replaced) {
    // Transforms come before what verifies; a finding about a text that is gone would address
    // another one.
    assert(transcript.findings().empty());
    const std::vector<int32_t> successors = Successors(output, transcript.segments_size());
    google::protobuf::RepeatedPtrField<v1::Annotation> moved;
    for (v1::Annotation& annotation : *transcript.mutable_annotations()) {
      if (Move(transcript, output, successors, annotation)) *moved.Add() = std::move(annotation);
    }
    transcript.mutable_annotations()->Swap(&moved);
    transcript.clear_turns();
    transcript.clear_segments();
    transcript.mutable_segments()->Reserve(static_cast<int>(output.segments.size()));
    for (v1::Segment& segment : output.segments) *transcript.add_segments() = std::move(segment);
  }
  for (v1::Finding& finding : output.findings) *transcript.add_findings() = std::move(finding);
  for (v1::Annotation& annotation : output.annotations) {
    *transcript.add_annotations() = std::move(annotation);
  }
}

}  // namespace cxscribe
