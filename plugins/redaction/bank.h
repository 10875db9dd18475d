// What names a bank account when it is said in digits: routing numbers and sort codes, account
// numbers, and the PIN.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"

namespace cxscribe::redaction {

// Whether these nine digits can be an American Bankers Association routing number: weights 3, 7, 1,
// a sum divisible by 10, and a first pair that is assigned, 00-12, 21-32, 61-72 or 80 (ABA Key to
// Routing Numbers).
bool RoutingNumberHolds(std::string_view nine_digits);

// At most one candidate for each item of the run.
void FindRoutingNumbers(const DigitRun& run, std::vector<Candidate>* out);
// At most three candidates.
void FindBankAccounts(const DigitRun& run, std::vector<Candidate>* out);
void FindPins(const DigitRun& run, std::vector<Candidate>* out);

}  // namespace cxscribe::redaction
