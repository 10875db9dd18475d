// What people say in a contact centre because of the side they are on: "how can i help you" on one,
// "i got a letter" on the other.
#pragma once

#include <cstddef>
#include <vector>

#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

// An English phrase, and how much it tells: 4 is hardly ever said by the other side.
struct Cue {
  std::size_t begin = 0;  // words
  std::size_t end = 0;
  int agent = 0;
  int customer = 0;
};

// In the order in which they begin. Linear.
std::vector<Cue> FindCues(WordSpan words);

}  // namespace cxscribe::diarization
