// See turns.h.
#include "server/pipeline/turns.h"

#include <algorithm>
#include <cstdint>

namespace cxscribe {
namespace {

// `first`: the turn has no times yet.
void TakeTimes(const v1::Segment& segment, bool first, v1::Turn& turn) {
  const int32_t start = segment.start_ms();
  const int32_t end = std::max(start, segment.end_ms());
  turn.set_start_ms(first ? start : std::min(turn.start_ms(), start));
  turn.set_end_ms(first ? end : std::max(turn.end_ms(), end));
}

}  // namespace

void ComputeTurns(v1::Transcript& transcript) {
  transcript.clear_turns();
  v1::Turn* turn = nullptr;
  bool timed = false;
  for (int i = 0; i < transcript.segments_size(); ++i) {
    const v1::Segment& segment = transcript.segments(i);
    if (turn == nullptr || turn->recording_id() != segment.recording_id() ||
        turn->speaker() != segment.speaker()) {
      turn = transcript.add_turns();
      turn->set_recording_id(segment.recording_id());
      turn->set_speaker(segment.speaker());
      turn->set_segment_begin(i);
      timed = false;
    }
    turn->set_segment_end(i + 1);
    if (segment.start_ms() == 0 && segment.end_ms() == 0) continue;
    TakeTimes(segment, !timed, *turn);
    timed = true;
  }
}

}  // namespace cxscribe
