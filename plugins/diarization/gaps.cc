#include "plugins/diarization/gaps.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "plugins/diarization/sequence.h"

namespace cxscribe::diarization {
namespace {

// Parts on each side of a gap that tell who talks to whom there.
constexpr std::size_t kNear = 4;

// 1: whoever serves; -1: whoever calls.
int SideOf(const Speaker& speaker) {
  if (speaker.name == "agent" || speaker.role == Role::kAgent) return 1;
  if (speaker.name == "customer" || speaker.role == Role::kCustomer) return -1;
  return 0;
}

class Filler {
 public:
  Filler(Recording& recording, bool by_words, std::int32_t longest_pause_ms)
      : recording_(recording),
        parts_(recording.parts),
        by_words_(by_words),
        longest_pause_ms_(longest_pause_ms),
        staying_(StayingIn(recording, longest_pause_ms)) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (IsSpoken(i)) spoken_.push_back(i);
    }
  }

  // The stretch of these parts, none of which has a speaker, while its neighbours do.
  void Fill(std::size_t begin, std::size_t end) {
    const std::size_t one = begin > 0 && IsSpoken(begin - 1)       ? parts_[begin - 1].who
                            : end < parts_.size() && IsSpoken(end) ? parts_[end].who
                                                                   : kNobody;
    const std::size_t other = by_words_ && one != kNobody ? PartnerOf(one, begin, end) : kNobody;
    if (other == kNobody) {
      TakeOver(begin, end);
    } else {
      Choose(begin, end, one, other);
    }
  }

 private:
  // By a person whom we know.
  bool IsSpoken(std::size_t i) const {
    return parts_[i].who != kNobody && IsPerson(recording_, parts_[i]);
  }

  bool IsApart(std::size_t i) const {
    return i > 0 && PauseBefore(recording_, i) > longest_pause_ms_;
  }

  // With whom this one talks around a gap: who else speaks most there.
  std::size_t PartnerOf(std::size_t one, std::size_t begin, std::size_t end) const {
    const auto after = static_cast<std::size_t>(
        std::lower_bound(spoken_.begin(), spoken_.end(), end) - spoken_.begin());
    // From the nearest outwards, those before it first; the gap itself is none of them.
    std::array<std::size_t, 2 * kNear> near;
    std::size_t count = 0;
    for (std::size_t k = 0; k < kNear; ++k) {
      if (after > k && spoken_[after - 1 - k] < begin) near[count++] = spoken_[after - 1 - k];
      if (after + k < spoken_.size()) near[count++] = spoken_[after + k];
    }
    std::size_t partner = kNobody;
    std::ptrdiff_t most = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t who = parts_[near[k]].who;
      const std::ptrdiff_t often = std::count_if(
          near.begin(), near.begin() + count, [&](std::size_t i) { return parts_[i].who == who; });
      if (who == one || often <= most) continue;
      most = often;
      partner = who;
    }
    return partner;
  }

  Observation Observe(std::size_t i, std::size_t one, std::size_t other) const {
    const auto& speakers = recording_.speakers;
    const Part& part = parts_[i];
    Observation observation;
    observation.goes_on = part.goes_on;
    observation.apart = IsApart(i);
    if (part.who == one) observation.label = Side::kFirst;
    if (part.who == other) observation.label = Side::kSecond;
    if (!observation.label) {
      observation.lean = BelievedLean(recording_, part.evidence.lean) *
                         (SideOf(speakers[one]) - SideOf(speakers[other])) / 2;
    }
    return observation;
  }

  void Choose(std::size_t begin, std::size_t end, std::size_t one, std::size_t other) {
    const std::size_t from = begin > 0 && IsSpoken(begin - 1) ? begin - 1 : begin;
    const std::size_t to = end < parts_.size() && IsSpoken(end) ? end + 1 : end;
    std::vector<Observation> observations;
    for (std::size_t i = from; i < to; ++i) observations.push_back(Observe(i, one, other));
    const std::vector<std::optional<Side>> sides = Decide(observations, staying_);
    for (std::size_t i = begin; i < end; ++i) {
      const std::optional<Side> side = sides[i - from];
      if (side) parts_[i].who = *side == Side::kFirst ? one : other;
    }
  }

  // A stretch between two parts of one speaker, all close together, where speakers tend to go on.
  void TakeOver(std::size_t begin, std::size_t end) {
    if (begin == 0 || end == parts_.size() || parts_[begin - 1].who != parts_[end].who) return;
    if (IsSpoken(end) && staying_ < 0) return;
    for (std::size_t i = begin; i <= end; ++i) {
      if (IsApart(i)) return;
    }
    for (std::size_t i = begin; i < end; ++i) parts_[i].who = parts_[end].who;
  }

  Recording& recording_;
  std::vector<Part>& parts_;
  const bool by_words_;
  const std::int32_t longest_pause_ms_;
  const MilliOdds staying_;
  std::vector<std::size_t> spoken_;  // the parts of people whom we know
};

}  // namespace

void FillGaps(Recording& recording, bool by_words, std::int32_t longest_pause_ms) {
  Filler filler(recording, by_words, longest_pause_ms);
  const std::vector<Part>& parts = recording.parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].who != kNobody) continue;
    const std::size_t begin = i;
    while (i < parts.size() && parts[i].who == kNobody) ++i;
    filler.Fill(begin, i);
  }
}

}  // namespace cxscribe::diarization
