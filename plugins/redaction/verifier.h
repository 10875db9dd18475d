// Finds what a redaction should have taken out of the text of one recording and did not.
//
//   for (const Finding& f : Verify(utterances, EntitySet::All(), {})) ...
//
// Pure and free of shared state: may be called from several threads at once. Linear in the text but
// for sorting the findings. The findings are in the order of the text and do not overlap, but for those of
// an operator's own detectors. Masking
// each span with "[TYPE]" and asking again finds nothing more of the same types: what masking brings up
// is looked for again, at most four times.
#pragma once

#include <functional>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/language.h"
#include "plugins/redaction/marks.h"
#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/plan.h"
#include "plugins/redaction/screen.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// `check` may be empty; it is called every few thousand tokens and may throw to end the work.
std::vector<Finding> Verify(const std::vector<Utterance>& utterances, const EntitySet& wanted,
                            std::function<void()> check,
                            const Language& language = Language::English());

// What came of one recording.
struct Verified {
  // In the order of the text. Those of the operator's own detectors may overlap others, so that none
  // of them can keep another number from being found.
  std::vector<Finding> findings;
  std::vector<Finding> flagged;  // below the threshold; where no finding is
  LetStand let_stand;
  std::size_t words = 0;    // and figures, that were read
  MarkCounts marks;         // that an earlier redaction left there
  bool overflowed = false;  // there was more than could be kept
};

// The same under the operator's settings, in the plan's language. `own` may be null.
Verified Verify(const std::vector<Utterance>& utterances, const Plan& plan, const OwnDetectors* own,
                std::function<void()> check);

}  // namespace cxscribe::redaction
