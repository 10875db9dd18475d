#include "plugins/diarization/recording.h"

#include <algorithm>
#include <utility>

#include "plugins/diarization/sequence.h"

namespace cxscribe::diarization {
namespace {

constexpr std::size_t kMostParts = 5;  // of a line

void Append(const Part& rest, Part& part) {
  part.end = rest.end;
  part.end_ms = rest.end_ms;
  part.words += rest.words;
  part.evidence.lean += rest.evidence.lean;
  part.handover = std::max(part.handover, rest.handover);
}

}  // namespace

bool IsPerson(const Recording& recording, const Part& part) {
  return part.who == kNobody || !IsMachine(recording.speakers[part.who].role);
}

std::int64_t PauseBefore(const Recording& recording, std::size_t part) {
  return std::int64_t{recording.parts[part].start_ms} - recording.parts[part - 1].end_ms;
}

std::int64_t BelievedLean(const Recording& recording, std::int64_t lean) {
  return lean * (2 * recording.role_confidence.value_or(100) - 100) / 100;
}

MilliOdds StayingIn(const Recording& recording, std::int32_t longest_pause_ms) {
  std::size_t same = 0;
  std::size_t other = 0;
  for (std::size_t i = 1; i < recording.parts.size(); ++i) {
    const Part& before = recording.parts[i - 1];
    const Part& part = recording.parts[i];
    if (before.labelled == kNobody || part.labelled == kNobody || part.cut ||
        !IsPerson(recording, before) || !IsPerson(recording, part) ||
        PauseBefore(recording, i) > longest_pause_ms) {
      continue;
    }
    ++(part.labelled == before.labelled ? same : other);
  }
  return OddsOfStaying(same, other);
}

void JoinParts(Recording& recording) {
  const std::vector<Part>& parts = recording.parts;
  std::vector<Part> joined;
  joined.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size();) {
    const std::size_t line = parts[i].line;
    const std::size_t first = joined.size();
    for (; i < parts.size() && parts[i].line == line; ++i) {
      if (joined.size() == first || joined.back().who != parts[i].who) {
        joined.push_back(parts[i]);
      } else {
        Append(parts[i], joined.back());
      }
    }
    if (joined.size() - first <= kMostParts) continue;
    Part& whole = joined[first];
    for (std::size_t k = first + 1; k < joined.size(); ++k) Append(joined[k], whole);
    whole.who = whole.labelled;
    joined.resize(first + 1);
  }
  recording.parts = std::move(joined);
}

}  // namespace cxscribe::diarization
