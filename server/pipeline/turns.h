// Turns: neighbouring segments of one speaker in one recording, merged into ranges. Pure.
#pragma once

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Replaces the transcript's turns by those of its segments. Every segment is in exactly one turn.
// Speakers are compared by label, so neighbours that are both "unknown" make one turn.
//
// The segments of a recording come in the order of their starts (see SegmentOrder), so turns do
// too; turns of different speakers overlap where their segments do. A turn lasts from its earliest
// start to its latest end; segments without times (0 to 0) have no say in that, unless there are no
// others. An end before the start counts as the start.
void ComputeTurns(v1::Transcript& transcript);

}  // namespace cxscribe
