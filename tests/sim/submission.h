// Submission bodies: what POST .../transcriptions takes, checked field by field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/answers.h"
#include "tests/sim/catalogue.h"

namespace cxscribe::sim {

struct SubmissionBody {
  std::vector<std::string> recording_ids;
  std::string language = "en-US";
  std::string redaction_policy = "none";
  bool punctuation = true;
  bool diarization = true;
  std::optional<std::string> webhook_url;
};

// Reads `text`; `errors` gets everything that is wrong with it: not JSON, types, unknown
// recordings, formats other than wav and mp3, more than `max_bytes` in all. Unknown fields are
// ignored, as CXone does.
SubmissionBody ReadSubmission(std::string_view text, const Catalogue& catalogue, int64_t max_bytes,
                              FieldErrors& errors);

// Only the recording ids, as far as they can be read: for matching faults.
std::vector<std::string> RecordingIdsOf(std::string_view text);

}  // namespace cxscribe::sim
