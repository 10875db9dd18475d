// Talk statistics: who spoke how long, and when nobody or several did. Pure.
#pragma once

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Each recording is a time line of its own from 0 to the end of its last segment; the figures are
// sums over the recordings, capped at 2^31 - 1 ms. Segments that end before they start count as
// empty, negative times as 0. Words are counted from the source's words where it gave any, else by
// white space.
v1::TalkStatistics ComputeTalkStatistics(const v1::Transcript& transcript);

}  // namespace cxscribe
