// See turns.h.
#include "server/pipeline/turns.h"

#include <algorithm>

namespace cxscribe {

void ComputeTurns(v1::Transcript& transcript) {
  transcript.clear_turns();
  v1::Turn* turn = nullptr;
  for (int i = 0; i < transcript.segments_size(); ++i) {
    const v1::Segment& segment = transcript.segments(i);
    if (turn == nullptr || turn->recording_id() != segment.recording_id() ||
        turn->speaker() != segment.speaker()) {
      turn = transcript.add_turns();
      turn->set_recording_id(segment.recording_id());
      turn->set_speaker(segment.speaker());
      turn->set_segment_begin(i);
      turn->set_start_ms(segment.start_ms());
      turn->set_end_ms(segment.end_ms());
    }
    turn->set_segment_end(i + 1);
    // Segments may overlap in time, and come in any order from a source that is careless.
    turn->set_start_ms(std::min(turn->start_ms(), segment.start_ms()));
    turn->set_end_ms(std::max(turn->end_ms(), segment.end_ms()));
  }
}

}  // namespace cxscribe
