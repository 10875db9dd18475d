// See result.h.
#include "server/pipeline/result.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

// A chunk is filled up to this with annotations that have no place of their own.
constexpr size_t kFilledChunkBytes = 4 * kResultChunkBytes;
// Of an element in a message: its tag and its length.
constexpr size_t kElementBytes = 6;

template <typename Message>
size_t SizeOf(const Message& message) {
  return message.ByteSizeLong() + kElementBytes;
}

// The lowest segment that a finding has a span in; 0 when it has none.
int FirstSegment(const v1::Finding& finding) {
  if (finding.spans().empty()) return 0;
  int first = finding.spans(0).segment_index();
  for (const v1::Span& span : finding.spans()) first = std::min(first, span.segment_index());
  return first;
}

// The segment that an annotation belongs to; nothing when it is about the whole transcript.
std::optional<int> SegmentOf(const v1::Annotation& annotation) {
  if (annotation.has_span()) return annotation.span().segment_index();
  if (annotation.has_segment_index()) return annotation.segment_index();
  return std::nullopt;
}

// The bytes of each segment together with all that travels with it.
std::vector<size_t> Weigh(const v1::Transcript& transcript) {
  std::vector<size_t> weights;
  weights.reserve(static_cast<size_t>(transcript.segments_size()));
  for (const v1::Segment& segment : transcript.segments()) weights.push_back(SizeOf(segment));
  const auto add = [&weights](int segment, size_t bytes) {
    if (segment >= 0 && static_cast<size_t>(segment) < weights.size()) {
      weights[static_cast<size_t>(segment)] += bytes;
    }
  };
  for (const v1::Turn& turn : transcript.turns()) add(turn.segment_begin(), SizeOf(turn));
  for (const v1::Finding& finding : transcript.findings()) {
    add(FirstSegment(finding), SizeOf(finding));
  }
  for (const v1::Annotation& annotation : transcript.annotations()) {
    if (const auto segment = SegmentOf(annotation)) add(*segment, SizeOf(annotation));
  }
  return weights;
}

// The chunks of a result while they are made.
struct Chunks {
  std::vector<internal::v1::ResultChunk> made;
  std::vector<size_t> bytes;  // of each, once all that belongs to it is there
  std::vector<size_t> of;     // each segment's chunk

  internal::v1::ResultChunk* Of(int segment) {
    if (segment < 0 || static_cast<size_t>(segment) >= of.size()) return nullptr;
    return &made[of[static_cast<size_t>(segment)]];
  }
};

Chunks ChunkSegments(v1::Transcript& transcript) {
  const std::vector<size_t> weights = Weigh(transcript);
  Chunks chunks;
  chunks.of.reserve(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    if (chunks.made.empty() || chunks.bytes.back() + weights[i] > kResultChunkBytes) {
      chunks.made.emplace_back();
      chunks.made.back().set_first_segment(static_cast<int>(i));
      chunks.bytes.push_back(0);
    }
    chunks.bytes.back() += weights[i];
    chunks.of.push_back(chunks.made.size() - 1);
    *chunks.made.back().add_segments() =
        std::move(*transcript.mutable_segments(static_cast<int>(i)));
  }
  return chunks;
}

// Puts the annotations of the whole transcript where there is room: the header, then the chunks in
// order; the last takes what is left.
void PlaceAnnotations(std::vector<v1::Annotation> annotations, internal::v1::ResultHeader& header,
                      Chunks& chunks) {
  size_t header_bytes = 0;
  size_t chunk = 0;
  for (v1::Annotation& annotation : annotations) {
    const size_t size = SizeOf(annotation);
    if (chunks.made.empty() || header_bytes + size <= kHeaderAnnotationBytes) {
      header_bytes += size;
      *header.add_annotations() = std::move(annotation);
      continue;
    }
    while (chunk + 1 < chunks.made.size() && chunks.bytes[chunk] + size > kFilledChunkBytes) {
      ++chunk;
    }
    chunks.bytes[chunk] += size;
    *chunks.made[chunk].add_annotations() = std::move(annotation);
  }
}

}  // namespace

StoredResult MakeStoredResult(PipelineResult& result) {
  StoredResult stored;
  v1::Transcript& transcript = result.transcript;
  internal::v1::ResultHeader& header = stored.header;
  header.set_transcription_id(transcript.transcription_id());
  header.set_withheld(result.withheld);
  if (transcript.has_accuracy_score()) header.set_accuracy_score(transcript.accuracy_score());
  for (const v1::StageRecord& stage : result.stages) *header.add_stages() = stage;
  *header.mutable_compliance() = result.compliance;
  *header.mutable_talk_statistics() = result.talk_statistics;
  header.set_segment_count(transcript.segments_size());

  Chunks chunks = ChunkSegments(transcript);
  for (v1::Turn& turn : *transcript.mutable_turns()) {
    if (auto* home = chunks.Of(turn.segment_begin())) *home->add_turns() = std::move(turn);
  }
  for (v1::Finding& finding : *transcript.mutable_findings()) {
    if (auto* home = chunks.Of(FirstSegment(finding))) *home->add_findings() = std::move(finding);
  }
  std::vector<v1::Annotation> of_the_whole;
  for (v1::Annotation& annotation : *transcript.mutable_annotations()) {
    const auto segment = SegmentOf(annotation);
    if (!segment.has_value()) {
      of_the_whole.push_back(std::move(annotation));
    } else if (auto* home = chunks.Of(*segment)) {
      *home->add_annotations() = std::move(annotation);
    }
  }
  PlaceAnnotations(std::move(of_the_whole), header, chunks);
  stored.chunks = std::move(chunks.made);
  transcript.Clear();
  return stored;
}

v1::GetResultResponse MakeResultResponse(PipelineResult result, const ResultNames& names) {
  v1::GetResultResponse response;
  v1::Transcript& transcript = result.transcript;
  response.set_job_id(names.job_id);
  response.set_transcription_id(transcript.transcription_id());
  // The seed's word; a result that is withheld is complete too.
  response.set_status("completed");
  response.set_withheld(result.withheld);
  response.set_language(transcript.language());
  response.set_redaction_policy(names.redaction_policy);
  response.set_pipeline(names.pipeline);
  response.set_pipeline_hash(names.pipeline_hash);
  if (transcript.has_accuracy_score()) response.set_accuracy_score(transcript.accuracy_score());
  response.set_segment_count(transcript.segments_size());
  response.mutable_segments()->Swap(transcript.mutable_segments());
  response.mutable_turns()->Swap(transcript.mutable_turns());
  response.mutable_findings()->Swap(transcript.mutable_findings());
  response.mutable_annotations()->Swap(transcript.mutable_annotations());
  for (v1::StageRecord& stage : result.stages) *response.add_stages() = std::move(stage);
  *response.mutable_compliance() = std::move(result.compliance);
  *response.mutable_talk_statistics() = std::move(result.talk_statistics);
  *response.mutable_completed_time() = ToTimestamp(names.completed_time);
  return response;
}

}  // namespace cxscribe
