// Long strings of digits that nothing tells the kind of.
#pragma once

#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"

namespace cxscribe::redaction {

// Nine digits and more, spelt out or written as one, that are no amount, no dates, no counting, and
// of which nobody says that they are an order's or the like. The least sure of all findings, so
// that every other one goes before it.
void FindNumberSequences(const DigitRun& run, std::vector<Candidate>* out);

}  // namespace cxscribe::redaction
