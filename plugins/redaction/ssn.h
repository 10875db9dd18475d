// United States social security numbers and the taxpayer numbers of the same form.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"

namespace cxscribe::redaction {

// Whether the Social Security Administration can have issued these nine digits: area not 000, 666
// or 900-999, group not 00, serial not 0000 (SSA, "Social Security Number Randomization", 2011).
bool SsnPlausible(std::string_view nine_digits);

// Whether the Internal Revenue Service can have: area 900-999, group 50-65, 70-88, 90-92 or 94-99
// (IRS, Internal Revenue Manual 3.21.263).
bool ItinPlausible(std::string_view nine_digits);

void FindSsns(const DigitRun& run, std::vector<Candidate>* out);

}  // namespace cxscribe::redaction
