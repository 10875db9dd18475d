#include "server/cxone/segment_order.h"

#include <algorithm>
#include <numeric>

#include <absl/strings/str_cat.h>

namespace cxscribe {
namespace {

// What a transcript file's segments belong to when they do not say.
constexpr char kUnnamedRecording[] = "recording";

}  // namespace

SegmentOrder::SegmentOrder(absl::Span<const std::string> recording_ids)
    : is_file_(recording_ids.empty()), recordings_(recording_ids.begin(), recording_ids.end()) {
  for (size_t i = 0; i < recordings_.size(); ++i) index_.try_emplace(recordings_[i], i);
}

std::string SegmentOrder::Place(v1::Segment& segment, bool named) {
  if (!named) {
    if (!is_file_ && recordings_.size() != 1) {
      return absl::StrCat("is missing; the job has ", recordings_.size(),
                          " recordings, so every result must name its own");
    }
    segment.set_recording_id(is_file_ ? kUnnamedRecording : recordings_.front());
  } else if (segment.recording_id().empty()) {
    return "is empty";
  }
  auto known = index_.find(segment.recording_id());
  if (known == index_.end()) {
    if (!is_file_) return "names a recording that the job does not have";
    known = index_.emplace(segment.recording_id(), recordings_.size()).first;
    recordings_.push_back(segment.recording_id());
  }
  last_start_.resize(recordings_.size(), 0);
  int32_t& start = last_start_[known->second];
  if (segment.end_ms() > 0) start = segment.start_ms();
  const Position position{known->second, start};
  if (!placed_.empty() && position < placed_.back()) in_order_ = false;
  placed_.push_back(position);
  return "";
}

void SegmentOrder::Sort(v1::Transcript& transcript) const {
  if (in_order_) return;
  std::vector<int> order(placed_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [this](int a, int b) {
    return placed_[static_cast<size_t>(a)] < placed_[static_cast<size_t>(b)];
  });
  v1::Transcript sorted;
  sorted.mutable_segments()->Reserve(transcript.segments_size());
  for (const int index : order) sorted.add_segments()->Swap(transcript.mutable_segments(index));
  transcript.mutable_segments()->Swap(sorted.mutable_segments());
}

}  // namespace cxscribe
