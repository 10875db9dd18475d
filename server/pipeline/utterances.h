// Utterances: when the words of a segment were spoken, as exactly as its source knows. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// A pause as long as this ends a spurt of talk. The value of Shriberg, Stolcke and Baron,
// "Observations on overlap" (Eurospeech 2001).
inline constexpr int32_t kSpurtPauseMs = 500;

struct Utterance {
  // Milliseconds since the start of the recording; 0 <= begin < end.
  int32_t begin = 0;
  int32_t end = 0;
  bool back_channel = false;  // see IsBackChannel
};

// In order of time. With times for all words: one for each run of words without a pause of
// kSpurtPauseMs, cut to the segment's own times. Otherwise (a word without times, or outside of the
// segment) one for the whole segment; none when it has no times either, that is, when it does not
// end after it starts. Negative times count as 0.
//
// `english` false: no back-channels are known.
std::vector<Utterance> UtterancesOf(const v1::Segment& segment, bool english);

}  // namespace cxscribe
