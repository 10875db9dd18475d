// One recording on the way to its speakers. Internal to the naming of speakers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "plugins/diarization/log_linear.h"
#include "plugins/diarization/part.h"
#include "plugins/diarization/roles.h"

namespace cxscribe::diarization {

struct Recording {
  std::vector<std::vector<std::size_t>> listed;  // for each line, whom the source names
  std::vector<Speaker> speakers;
  std::optional<int> role_confidence;  // per cent, where roles were told by what is said
  std::vector<Part> parts;             // line after line
  // For each line, its first part and the first line that has the same words. Empty where nobody
  // listened; the parts are those before JoinParts().
  std::vector<std::size_t> first_part;
  std::vector<std::size_t> alike;
};

// What cannot be a machine's.
bool IsPerson(const Recording& recording, const Part& part);

// Milliseconds between a part and the one before it.
std::int64_t PauseBefore(const Recording& recording, std::size_t part);

// What is said tells no more about a speaker than the roles are sure.
std::int64_t BelievedLean(const Recording& recording, std::int64_t lean);

// How often the source lets the same person go on after a segment; see OddsOfStaying(). Segments
// between which a pause is longer do not follow each other.
MilliOdds StayingIn(const Recording& recording, std::int32_t longest_pause_ms);

// Neighbouring parts of a line that turned out to be one speaker's become one; and a line that has
// very many is not divided: of so many it is not certain.
void JoinParts(Recording& recording);

}  // namespace cxscribe::diarization
