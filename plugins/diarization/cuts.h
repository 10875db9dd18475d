// Where a segment may have to be cut because two people speak in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plugins/diarization/cues.h"
#include "plugins/diarization/line.h"
#include "plugins/diarization/log_linear.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

struct Cut {
  std::size_t at = 0;         // the byte at which the second part begins
  std::size_t word = 0;       // its first word
  std::int32_t end_ms = 0;    // of the first part
  std::int32_t start_ms = 0;  // of the second
  bool measured = false;      // by the words' times; else in proportion to the text
  MilliOdds odds = 0;         // that the speaker changes here
};

// The words of a line, where each begins, and the cues among them.
struct Speech {
  std::vector<std::string> words;
  std::vector<std::size_t> begins;
  std::vector<Cue> cues;
};

// Places between two words, in order, where a question of one side meets an answer of the other's,
// or where there is a clear pause. `listed`: the source itself names several speakers for the line.
// None that would start after `latest_ms`: segments stay in the order of their starts. Linear.
std::vector<Cut> ProposeCuts(const Line& line, const Speech& speech, bool listed,
                             std::int32_t latest_ms);

}  // namespace cxscribe::diarization
