// Who spoke what has no label yet, in any recording.
#pragma once

#include <cstdint>

#include "plugins/diarization/recording.h"

namespace cxscribe::diarization {

// Gives each stretch without a speaker to the one of the two around it who is likelier, by who spoke
// before and after, by how this recording changes speakers and, if `by_words`, by what is said; where
// that is as good as a guess it stays nobody's. A pause that is longer than this ends a
// conversation. Linear.
void FillGaps(Recording& recording, bool by_words, std::int32_t longest_pause_ms);

}  // namespace cxscribe::diarization
