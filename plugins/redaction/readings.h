// How a run of digits can be read: as it stands, without what the other speaker repeated, and
// without what the speaker took back ("four five no wait five six").
#pragma once

#include <vector>

#include "plugins/redaction/digit_runs.h"

namespace cxscribe::redaction {

class RunReader {
 public:
  // Both are borrowed.
  RunReader(const std::vector<Utterance>& utterances, const Tokens& tokens);

  // The run itself first, then the readings that differ from it. What a reading leaves out stands
  // in its `left_out`, in the order of chunks, so that it is masked with the number that it belongs
  // to. Linear in the run.
  std::vector<DigitRun> Readings(DigitRun run) const;

 private:
  // `whole`: only where all that was said in one breath, or in one segment, is repeated.
  DigitRun WithoutEchoes(const DigitRun& run, bool whole) const;
  bool IsEcho(const DigitRun& run, std::size_t first, std::size_t last, const DigitRun& kept,
              bool whole) const;
  bool LastSegmentHas(const DigitRun& kept, std::size_t digits) const;
  std::size_t SegmentOf(const DigitItem& item) const;

  const std::vector<Utterance>& utterances_;
  const Tokens& tokens_;
  bool labelled_ = false;  // whether the labels tell speakers apart
};

}  // namespace cxscribe::redaction
