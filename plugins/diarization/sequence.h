// Which of two people spoke each segment, given what the source says, what was said and who spoke
// before and after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "plugins/diarization/log_linear.h"

namespace cxscribe::diarization {

enum class Side { kFirst, kSecond };

// What a label stands for.
enum class Trust {
  kSegment,  // this segment
  kPart,     // a segment that this is a part of: whoever it names spoke a part at least
  kListed,   // one of several people that the source names for it
};

struct Observation {
  std::optional<Side> label = std::nullopt;  // the source's; none: it gave none
  Trust trust = Trust::kSegment;
  std::int64_t lean = 0;  // of Evidence; positive: it sounds like the first of the two
  // Segments near it with the same words: those labelled as the first's, less the others.
  int repeats = 0;
  // What is known of the border to the one before it. That the same person goes on, by the words
  // on both sides; and, inside a segment, how much speaks for a change of speaker.
  MilliOdds goes_on = 0;
  std::optional<MilliOdds> cut = std::nullopt;
  bool apart = false;  // a long pause before it: who spoke before says nothing
};

// That in this recording whoever spoke a segment goes on in the next, before its words are looked
// at: of the borders between two labelled segments, `same` lie between two of one speaker and
// `other` do not. Recognisers differ, some end a segment where the speaker changes, others at each
// pause. The mean of the logarithm of the odds, if all rates are alike to begin with; 0 of nothing.
MilliOdds OddsOfStaying(std::size_t same, std::size_t other);

// How much better the best account of all segments is in which the first of the two spoke this one
// than the best in which the second did: the max-marginals of a hidden Markov model of two states
// (Viterbi 1967, forwards and backwards). In whole numbers, so that every machine decides alike.
// `staying`: of OddsOfStaying(). Linear, pure.
std::vector<std::int64_t> OddsOfFirst(const std::vector<Observation>& observations,
                                      MilliOdds staying);

// The best of all accounts, in the same measure; only differences between two mean anything. What is
// said counts for more than above: it is not one segment that hangs on it.
std::int64_t BestAccount(const std::vector<Observation>& observations, MilliOdds staying);

// Who spoke each segment: the label, unless everything else speaks against it; for a segment
// without one, whoever is likelier; nullopt where that is as good as a guess.
std::vector<std::optional<Side>> Decide(const std::vector<Observation>& observations,
                                        MilliOdds staying);

}  // namespace cxscribe::diarization
