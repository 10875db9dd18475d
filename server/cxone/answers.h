// CXone's short answers, to a token, recordings or submission request, read and checked. (A poll's
// answer has a parser of its own: transcript_json.h.) Pure. A problem never repeats what an answer
// says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/time/time.h>

#include "server/cxone/client.h"
#include "server/cxone/json_text.h"

namespace cxscribe {

inline constexpr size_t kMaxTokenBytes = size_t{16} << 10;
inline constexpr absl::Duration kShortestTokenLifetime = absl::Seconds(1);
inline constexpr absl::Duration kLongestTokenLifetime = absl::Hours(24);

struct FreshToken {
  std::string token;        // fit for an Authorization header; at most kMaxTokenBytes
  absl::Duration lifetime;  // from kShortestTokenLifetime to kLongestTokenLifetime
};

// Nothing: see `problem`.
std::optional<FreshToken> ReadToken(std::string_view body, JsonProblem& problem);

// One page of recordings.
struct RecordingsPage {
  std::vector<UpstreamRecording> entities;  // sizes are 0 or more
  int64_t page_size = 0;                    // 0: not said
  int64_t total = 0;                        // 0: not said
};

// Reads into `page`, which should be empty; what is wrong first, if anything is.
std::optional<JsonProblem> ReadRecordings(std::string_view body, RecordingsPage& page);

// Reads the id of the transcription; it is one (IsUpstreamId) when nothing is wrong.
std::optional<JsonProblem> ReadSubmitted(std::string_view body, std::string& id);

}  // namespace cxscribe
