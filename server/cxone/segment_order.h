// SegmentOrder: which recording each segment of a transcript belongs to, and in which order the
// recordings stand.
#pragma once

#include <string>
#include <string_view>
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

  // Takes note of the next segment, and gives it its recording where it names none (`named` is
  // false). Returns what is wrong with its recording id, or "".
  std::string Place(v1::Segment& segment, bool named);

  // Brings the placed segments into the order of the recordings. Nothing moves within a recording.
  void Sort(v1::Transcript& transcript) const;

 private:
  const bool is_file_;
  std::vector<std::string> recordings_;
  absl::flat_hash_map<std::string, size_t> index_;  // into recordings_
  std::vector<size_t> placed_;                      // by segment: index into recordings_
  bool in_order_ = true;
};

}  // namespace cxscribe
