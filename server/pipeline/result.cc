// See result.h.
#include "server/pipeline/result.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

// Makes chunks of segments; `chunk_of` gets each segment's chunk.
std::vector<internal::v1::ResultChunk> ChunkSegments(v1::Transcript& transcript,
                                                     std::vector<size_t>& chunk_of) {
  std::vector<internal::v1::ResultChunk> chunks;
  size_t bytes = 0;
  for (int i = 0; i < transcript.segments_size(); ++i) {
    v1::Segment& segment = *transcript.mutable_segments(i);
    const size_t size = segment.ByteSizeLong();
    if (chunks.empty() || bytes + size > kResultChunkBytes) {
      chunks.emplace_back();
      chunks.back().set_first_segment(i);
      bytes = 0;
    }
    bytes += size;
    chunk_of.push_back(chunks.size() - 1);
    *chunks.back().add_segments() = std::move(segment);
  }
  return chunks;
}

// The lowest segment that a finding has a span in; 0 when it has none.
int FirstSegment(const v1::Finding& finding) {
  if (finding.spans().empty()) return 0;
  int first = finding.spans(0).segment_index();
  for (const v1::Span& span : finding.spans()) first = std::min(first, span.segment_index());
  return first;
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

  std::vector<size_t> chunk_of;
  chunk_of.reserve(static_cast<size_t>(transcript.segments_size()));
  stored.chunks = ChunkSegments(transcript, chunk_of);
  const auto chunk = [&](int segment) -> internal::v1::ResultChunk* {
    if (segment < 0 || static_cast<size_t>(segment) >= chunk_of.size()) return nullptr;
    return &stored.chunks[chunk_of[static_cast<size_t>(segment)]];
  };
  for (v1::Turn& turn : *transcript.mutable_turns()) {
    if (auto* home = chunk(turn.segment_begin())) *home->add_turns() = std::move(turn);
  }
  for (v1::Finding& finding : *transcript.mutable_findings()) {
    if (auto* home = chunk(FirstSegment(finding))) *home->add_findings() = std::move(finding);
  }
  for (v1::Annotation& annotation : *transcript.mutable_annotations()) {
    if (!annotation.has_span() && !annotation.has_segment_index()) {
      *header.add_annotations() = std::move(annotation);
      continue;
    }
    const int segment =
        annotation.has_span() ? annotation.span().segment_index() : annotation.segment_index();
    if (auto* home = chunk(segment)) *home->add_annotations() = std::move(annotation);
  }
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
