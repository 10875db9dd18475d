// SegmentOrder: which recording each segment of a transcript belongs to, and in which order the
// recordings and their segments stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/types/span.h>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Not thread-safe.
class SegmentOrder {
 public:
  // `recording_ids` are the job's, in order. Empty: a transcript file, whose recordings are those
  // that its segments name, in the order of their first segments.
  explicit SegmentOrder(absl::Span<const std::string> recording_ids);

  // Takes note of the next segment, whose times are set, and gives it its recording where it names
  // none (`named` is false). Returns what is wrong with its recording id, or "".
  std::string Place(v1::Segment& segment, bool named);

  // Brings the placed segments into the order of the recordings, and those of a recording into that
  // of their starts: a source may list one speaker after the other. Segments that start together
  // stay as they were given; one without times (0 to 0) stays behind the one before it.
  void Sort(v1::Transcript& transcript) const;

 private:
  struct Position {
    size_t recording = 0;  // index into recordings_
    int32_t start_ms = 0;
    bool operator<(const Position& other) const {
      return std::tie(recording, start_ms) < std::tie(other.recording, other.start_ms);
    }
  };

  const bool is_file_;
  std::vector<std::string> recordings_;
  absl::flat_hash_map<std::string, size_t> index_;  // into recordings_
  std::vector<int32_t> last_start_;  // by recording: of its latest segment with times
  std::vector<Position> placed_;     // by segment
  bool in_order_ = true;
};

}  // namespace cxscribe
