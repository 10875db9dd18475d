#include "plugins/diarization/repair.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "plugins/diarization/sequence.h"

namespace cxscribe::diarization {
namespace {

// That the source names two speakers for a segment, and one place alone is where they change.
constexpr MilliOdds kSureOfCut = 4000;
constexpr std::size_t kLongRepeat = 10;  // words

bool HasCuts(const Recording& recording, std::size_t line) {
  const std::size_t next = recording.first_part[line] + 1;
  return next < recording.parts.size() && recording.parts[next].line == line;
}

// What people speak, as observations of two: the agent and whoever else there is.
struct Dialogue {
  std::vector<Observation> observations;
  std::vector<std::size_t> parts;  // of each
};

Observation Observe(const Recording& recording, std::size_t index, std::size_t agent,
                    std::int32_t longest_pause_ms) {
  const Part& part = recording.parts[index];
  Observation observation;
  observation.lean = part.evidence.lean;
  observation.goes_on = part.goes_on;
  observation.cut = part.cut;
  observation.apart = index > 0 && !part.cut && PauseBefore(recording, index) > longest_pause_ms;
  if (part.labelled == kNobody) return observation;
  observation.label = part.labelled == agent ? Side::kFirst : Side::kSecond;
  if (HasCuts(recording, part.line)) {
    observation.trust = recording.listed[part.line].size() > 1 ? Trust::kListed : Trust::kPart;
  }
  return observation;
}

// Each segment that has its words from others, or others from it, hears the labels of all of them.
// `place`: of each part, among the observations.
void CountRepeats(const Recording& recording, const std::vector<std::size_t>& place,
                  std::vector<Observation>& observations) {
  const std::size_t lines = recording.listed.size();
  const auto label_of = [&](std::size_t line) {
    const std::size_t k = place[recording.first_part[line]];
    if (k == kNobody || !observations[k].label) return 0;
    return *observations[k].label == Side::kFirst ? 1 : -1;
  };
  std::vector<int> sums(lines);  // of those that are alike, at the first of them
  for (std::size_t line = 0; line < lines; ++line) sums[recording.alike[line]] += label_of(line);
  for (std::size_t i = 0; i < recording.parts.size(); ++i) {
    const Part& part = recording.parts[i];
    if (place[i] == kNobody) continue;
    const int others = sums[recording.alike[part.line]] - label_of(part.line);
    // A short one may be somebody else's question, said again while looking for the answer.
    observations[place[i]].repeats = part.words >= kLongRepeat ? others : std::clamp(others, -1, 1);
  }
}

Dialogue DialogueOf(const Recording& recording, std::size_t agent, std::int32_t longest_pause_ms) {
  Dialogue dialogue;
  std::vector<std::size_t> place(recording.parts.size(), kNobody);
  for (std::size_t i = 0; i < recording.parts.size(); ++i) {
    if (!IsPerson(recording, recording.parts[i])) continue;
    place[i] = dialogue.parts.size();
    dialogue.observations.push_back(Observe(recording, i, agent, longest_pause_ms));
    if (!dialogue.parts.empty() && i != dialogue.parts.back() + 1) {
      dialogue.observations.back().apart = true;
    }
    dialogue.parts.push_back(i);
  }
  CountRepeats(recording, place, dialogue.observations);
  return dialogue;
}

}  // namespace

std::int64_t FitAsAgent(const Recording& recording, std::size_t agent,
                        std::int32_t longest_pause_ms) {
  const MilliOdds staying = StayingIn(recording, longest_pause_ms);
  Dialogue dialogue = DialogueOf(recording, agent, longest_pause_ms);
  const std::int64_t as_agent = BestAccount(dialogue.observations, staying);
  for (Observation& observation : dialogue.observations) observation.lean = -observation.lean;
  return as_agent - BestAccount(dialogue.observations, staying);
}

bool Repair(Recording& recording, std::int32_t longest_pause_ms) {
  std::size_t agent = kNobody;
  std::size_t customer = kNobody;
  for (std::size_t i = 0; i < recording.speakers.size(); ++i) {
    if (recording.speakers[i].name == "agent") {
      agent = i;
    } else if (recording.speakers[i].name == "customer") {
      customer = i;
    } else if (recording.speakers[i].speaks) {
      return false;
    }
  }
  if (agent == kNobody || customer == kNobody) return false;
  Dialogue dialogue = DialogueOf(recording, agent, longest_pause_ms);
  for (Observation& observation : dialogue.observations) {
    observation.lean = BelievedLean(recording, observation.lean);
  }
  const std::vector<std::optional<Side>> sides =
      Decide(dialogue.observations, StayingIn(recording, longest_pause_ms));
  for (std::size_t k = 0; k < sides.size(); ++k) {
    if (!sides[k]) continue;
    recording.parts[dialogue.parts[k]].who = *sides[k] == Side::kFirst ? agent : customer;
  }
  return true;
}

void DivideListed(Recording& recording) {
  std::vector<Part>& parts = recording.parts;
  for (std::size_t line = 0; line < recording.listed.size(); ++line) {
    if (recording.listed[line].size() != 2 || !HasCuts(recording, line)) continue;
    std::size_t best = recording.first_part[line] + 1;
    std::size_t end = best;
    for (; end < parts.size() && parts[end].line == line; ++end) {
      if (*parts[end].cut > *parts[best].cut) best = end;
    }
    if (*parts[best].cut < kSureOfCut) continue;
    for (std::size_t i = best; i < end; ++i) parts[i].who = recording.listed[line][1];
  }
}

}  // namespace cxscribe::diarization
