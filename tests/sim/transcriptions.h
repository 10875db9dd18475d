// Transcription: one asynchronous job of the simulated CXone. Its state is a function of the time
// that has passed since it was created, so it needs no thread of its own. Plain values; not
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <nlohmann/json_fwd.hpp>

#include "tests/sim/catalogue.h"

namespace cxscribe::sim {

struct Transcription {
  std::string id;
  // As submitted.
  std::vector<std::string> recording_ids;
  std::string language;
  std::string redaction_policy;
  bool punctuation = true;
  bool diarization = true;
  std::optional<std::string> webhook_url;
  std::string idempotency_key;

  absl::Time created;
  absl::Duration duration;  // from creation to the end
  enum class Fate { kCompletes, kFails, kNeverStarts, kNeverEnds } fate = Fate::kCompletes;
  // Of a failure.
  int fail_percent = 50;
  std::string error_code;
  std::string error_message;

  int polls = 0;  // kept by the service
};

struct TranscriptionState {
  std::string status;  // queued, in_progress, completed, failed
  int percent = 0;
  bool ended() const { return status == "completed" || status == "failed"; }
};

// The first tenth of the duration is spent queued; then the percentage grows steadily, up to 99
// before the end.
TranscriptionState StateAt(const Transcription& transcription, absl::Time now);

// When it will end; InfiniteFuture for one that never does.
absl::Time EndOf(const Transcription& transcription);

// What polling it answers. A completed one holds the results of its recordings in the order of the
// submission, each with its recordingId; offsets start again with each recording. Text is passed on
// as it stands: leaving in what a redaction policy should have masked is what the simulator is for.
nlohmann::json PollAnswer(const Transcription& transcription, const Catalogue& catalogue,
                          absl::Time now);

}  // namespace cxscribe::sim
