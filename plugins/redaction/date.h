// Dates that are somebody's secret because of what they are the date of: birth, and a card's
// expiry.
#pragma once

#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {

// "march third nineteen eighty five", "the 3rd of March 1985", "03/14/1985", "09/27", where a date
// of birth or an expiry was just asked for or is named right after; and the same date of birth
// wherever it is said again. Linear in the tokens.
void FindDates(const Tokens& tokens, const TopicCues& cues, Pulse* pulse, std::vector<Hit>* out);

// A date of birth said in digits only: "oh three fourteen eighty five".
void FindBirthDates(const DigitRun& run, std::vector<Candidate>* out);

}  // namespace cxscribe::redaction
