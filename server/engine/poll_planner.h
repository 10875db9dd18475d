// PollPlanner: when to ask CXone for a transcription next, so that few requests go to waste.
//
// Learns how long an account takes for a mebibyte of audio (an exponentially weighted mean) and
// asks when the transcription should be done; when it knows nothing, or the time has passed, it
// backs off from the shortest interval to the longest. Pure but for the learning; not thread-safe
// (the engine's thread owns it).
#pragma once

#include <cstdint>
#include <optional>

#include <absl/time/time.h>

#include "server/config/settings.h"

namespace cxscribe {

// What one transcription has shown so far.
struct PollProgress {
  absl::Time submitted;
  int64_t audio_bytes = 0;
  int percent = 0;          // upstream's own, 0 to 100
  int polls = 0;            // answered so far
  int unchanged_polls = 0;  // since the percentage last moved
};

class PollPlanner {
 public:
  explicit PollPlanner(const PollSettings& settings) : settings_(settings) {}

  // When the transcription should end: from its own progress where that says something, else from
  // what the account has taken before; nothing when neither is known.
  std::optional<absl::Time> EstimateEnd(const PollProgress& progress, absl::Time now) const;

  // When to poll next; `jitter` in [0, 1) spreads jobs that were submitted together by up to a
  // tenth.
  absl::Time NextPoll(const PollProgress& progress, absl::Time now, double jitter) const;

  // A transcription ended.
  void Learn(int64_t audio_bytes, absl::Duration took);

 private:
  const PollSettings settings_;
  double seconds_per_mib_ = 0;  // 0: nothing learnt
};

}  // namespace cxscribe
