// Telephone numbers: North American ones by their form, international ones by their "+", others and
// seven-digit ones only where the talk is of a telephone.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"

namespace cxscribe::redaction {

// Whether the North American Numbering Plan allows these ten digits: NXX-NXX-XXXX with N 2-9, no
// N11 as area or exchange code, no N9X area code (NANPA, "About the NANP"; expansion format N9X is
// reserved).
bool NanpPlausible(std::string_view ten_digits);

// At most one candidate for each item of the run.
void FindPhones(const DigitRun& run, std::vector<Candidate>* out);

}  // namespace cxscribe::redaction
