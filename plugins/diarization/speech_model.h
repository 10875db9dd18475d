// SpeechModel: what the words of an English segment say about who speaks. Trained on dialogues whose
// speakers are known; model/README.md is its card.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/diarization/log_linear.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

using TakeBucket = std::function<void(std::uint32_t bucket)>;

// Calls `take` with the bucket of each run of one to three of `words`, the borders of the segment
// counting as words.
void ForEachRun(WordSpan words, std::uint32_t buckets, const TakeBucket& take);

// The same with what two segments that follow each other look like where they meet: the words at
// their ends, and how long they are. Nothing where either has no words.
void ForEachSeam(WordSpan before, WordSpan words, std::uint32_t buckets, const TakeBucket& take);

class SpeechModel {
 public:
  // From a file's bytes; nullopt where they are none. Accepts any bytes.
  static std::optional<SpeechModel> Read(std::string_view bytes);
  // The model that is built in.
  static const SpeechModel& English();

  // `role` knows runs, `turn` seams.
  SpeechModel(LogLinear role, LogLinear turn);
  std::string Write() const;

  // That whoever serves said it, not whoever calls; 0 for nothing. Linear.
  MilliOdds Agent(WordSpan words) const;
  // That whoever said `before` goes on, and nobody else answers; 0 where either is nothing.
  MilliOdds GoesOn(WordSpan before, WordSpan words) const;

 private:
  LogLinear role_;
  LogLinear turn_;
};

}  // namespace cxscribe::diarization
