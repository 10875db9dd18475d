// Turns: neighbouring segments of one speaker in one recording, merged into ranges. Pure.
#pragma once

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Replaces the transcript's turns by those of its segments. Every segment is in exactly one turn.
// Speakers are compared by label, so neighbours that are both "unknown" make one turn.
void ComputeTurns(v1::Transcript& transcript);

}  // namespace cxscribe
