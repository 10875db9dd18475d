// Finds what a redaction should have taken out of the text of one recording and did not.
//
//   for (const Finding& f : Verify(utterances, EntitySet::All(), {})) ...
//
// Pure and free of shared state: may be called from several threads at once. Linear in the text but
// for sorting the findings. The findings are in the order of the text and do not overlap. Masking
// each span with "[TYPE]" and asking again finds nothing more of the same types.
#pragma once

#include <functional>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/marks.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// How much was read, and what an earlier redaction left there.
struct Reading {
  std::size_t segments = 0;
  std::size_t words = 0;
  std::size_t numbers = 0;  // in figures
  MarkCounts marks;

  Reading& operator+=(const Reading& other);
};

// `check` may be empty; it is called every few thousand tokens and may throw to end the work.
// `reading` may be null.
std::vector<Finding> Verify(const std::vector<Utterance>& utterances, const EntitySet& wanted,
                            std::function<void()> check, Reading* reading = nullptr);

}  // namespace cxscribe::redaction
