// Transcript JSON: CXone's result form, read into the data model. Pure.
//
//   {"id": "txn_9f8e7d6c5b4a", "status": "completed", "progress": 100, "accuracyScore": 0.94,
//    "createdTime": "2024-01-15T10:00:00Z", "completedTime": "2024-01-15T10:02:30Z",
//    "results": [{"recordingId": "rec_8a7f3b2c1d4e", "text": "i need to verify my account balance",
//                 "speakerLabels": ["agent"], "confidence": 0.98,
//                 "startOffsetMs": 1200, "endOffsetMs": 3400,
//                 "words": [{"text": "i", "startOffsetMs": 1200, "endOffsetMs": 1260,
//                            "confidence": 0.99}]}]}
//
// | field                     | read as                                                          |
// |---------------------------|------------------------------------------------------------------|
// | id, status                | required; status queued, in_progress, completed or failed        |
// | progress                  | optional; brought into 0 to 100                                  |
// | completedTime             | optional; RFC 3339                                               |
// | accuracyScore, confidence | optional, 0 to 1; missing is not 0                               |
// | results                   | required (perhaps empty) once completed                          |
// | text                      | required, at most 1 MiB                                          |
// | startOffsetMs,            | required; 0 to 2^31-1, the end not before the start              |
// | endOffsetMs               |                                                                  |
// | recordingId               | one of the job's; may be missing where the job has just one.     |
// |                           | Segments come out in the order of the job's recordings, those of |
// |                           | one recording in the order of their starts (see SegmentOrder)    |
// | speakerLabels             | optional; no speaker where there is none. Several become one     |
// |                           | label, "spk_0,spk_1", each once and in order: the diarization    |
// |                           | plugin takes it apart. At most 128 bytes: the first is cut at    |
// |                           | the end of a character, others that do not fit are left out      |
// | words                     | optional                                                         |
// | error                     | optional, of a failed one: {code, message}                       |
//
// The bounds are those of the plugins (plugins/host/limits.h), so that what is read can be
// processed; the answer itself is at most kMaxTranscriptBytes of JSON.
//
// null is as good as missing for what is optional. Unknown fields are ignored, a field that comes
// twice is an error. Read as a stream, so that memory stays in proportion to the transcript.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include "plugins/host/limits.h"
#include "server/cxone/client.h"
#include "server/cxone/json_text.h"

namespace cxscribe {

// Reads a poll's answer into `out`; nothing when all is well, else what is wrong first.
// `recording_ids` are the job's, in order. Empty: a transcript file, in which id and status may be
// missing (it is completed), and any recording ids stand ("recording" where they do not).
std::optional<JsonProblem> ReadTranscription(std::string_view json,
                                             absl::Span<const std::string> recording_ids,
                                             UpstreamTranscription& out);

using ParsedTranscription = UpstreamTranscription;

// The same as a StatusOr: INVALID_ARGUMENT, reason TRANSCRIPT_MALFORMED, with the field as a
// violation.
absl::StatusOr<ParsedTranscription> ParseTranscriptionJson(
    std::string_view json, absl::Span<const std::string> recording_ids);

}  // namespace cxscribe
