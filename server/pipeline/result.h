// Result: a PipelineResult as it is stored, and as it is given out.
#pragma once

#include <string>

#include <absl/time/time.h>

#include "cxscribe/v1/transcription_service.pb.h"
#include "server/job/job_store.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe {

// A chunk of a stored result has at most this many bytes of segments (words and all) and of what
// belongs to them, unless a single segment has more.
inline constexpr size_t kResultChunkBytes = size_t{256} << 10;
// Annotations of the whole transcript stand in the header up to this many bytes; the rest is spread
// over the chunks.
inline constexpr size_t kHeaderAnnotationBytes = size_t{256} << 10;

// What the store keeps of a result. The transcript moves into it: result.transcript is empty
// afterwards. In the header are the transcription's id and accuracy, `withheld`, evidence,
// compliance, statistics and annotations of the whole transcript; the caller adds `status` and
// `completed_time`. A finding, an annotation and a turn stand in the chunk of their first segment.
// A transcript without segments has no chunks, and its findings (which then have no place) are
// dropped.
StoredResult MakeStoredResult(PipelineResult& result);

// What a result is called besides its content.
struct ResultNames {
  std::string job_id;  // empty outside a server
  std::string redaction_policy;
  std::string pipeline;
  std::string pipeline_hash;
  absl::Time completed_time;
};

// The whole result on one page, as `cxctl pipeline run` prints it: GetResult's message, without an
// audit anchor. The result's status must be OK.
v1::GetResultResponse MakeResultResponse(PipelineResult result, const ResultNames& names);

}  // namespace cxscribe
