// Which of two people spoke each segment, given what the source says, what was said and who spoke
// before and after.
#pragma once

#include <optional>
#include <vector>

namespace cxscribe::diarization {

enum class Side { kFirst, kSecond };

struct Observation {
  std::optional<Side> label;  // the source's; none: it gave none
  double text = 0;            // positive: it sounds like the first of the two
  bool goes_on = false;       // the segment before it ends in the middle of a sentence
  bool apart = false;         // a long pause before it: who spoke before says nothing
};

// The logarithm of the odds that the first of the two spoke each segment. A hidden Markov model of
// two states, forwards and backwards (Rabiner 1989). Linear, pure.
std::vector<double> LogOddsOfFirst(const std::vector<Observation>& observations);

// Who spoke each segment: the label, unless everything else speaks against it; for a segment
// without one, whoever is likelier; nullopt where that is as good as a guess.
std::vector<std::optional<Side>> Decide(const std::vector<Observation>& observations);

}  // namespace cxscribe::diarization
