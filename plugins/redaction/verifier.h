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
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// `check` may be empty; it is called every few thousand tokens and may throw to end the work.
std::vector<Finding> Verify(const std::vector<Utterance>& utterances, const EntitySet& wanted,
                            std::function<void()> check);

}  // namespace cxscribe::redaction
