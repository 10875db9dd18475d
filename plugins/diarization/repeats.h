// Repeats: segments whose words all stand, in the same order, in another one near them. Recognisers
// that send interim results say things twice; people do not say six words of their own twice alike,
// and somebody else turns "my" into "your".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

class Repeats {
 public:
  Repeats();
  // The next segment of a recording. Calls `take` with the number of each earlier segment, counted
  // from 0, that has its words or whose words it has. Linear in the words over a recording; finds
  // most, not all, among the last kNear segments.
  void Add(WordSpan words, const std::function<void(std::size_t earlier)>& take);

  static constexpr std::size_t kNear = 32;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t position = 0;
    std::size_t segment = kNone;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // Whether a slot holds this row, of a segment whose words are still there.
  bool Holds(const Slot& slot, std::uint32_t hash) const {
    return slot.hash == hash && slot.segment != kNone && next_ - slot.segment < kNear;
  }
  // Whether `part` stands in `whole` from this word on.
  static bool StandsIn(const std::vector<std::uint32_t>& part,
                       const std::vector<std::uint32_t>& whole, std::size_t position);

  std::size_t next_ = 0;
  // The hashes of the last segments' words, and where six of them in a row stand: anywhere, and at
  // the beginning of a segment. A slot holds what was put there last.
  std::array<std::vector<std::uint32_t>, kNear> words_;
  std::vector<Slot> anywhere_;
  std::vector<Slot> at_start_;
};

}  // namespace cxscribe::diarization
