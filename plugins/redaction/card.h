// Payment cards: the card number itself, the code beside it, and its expiry when it is said in
// digits only.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"

namespace cxscribe::redaction {

// The check digit of ISO/IEC 7812-1, annex B ("Luhn"). `digits` holds '0'..'9' only.
bool LuhnHolds(std::string_view digits);

// Whether a card scheme issues numbers that begin and are as long as this one.
bool IssuerPlausible(std::string_view digits);

// The score of a number whose check digit does not hold, said where a card is spoken of.
inline constexpr double kCardContextScore = 0.55;

// Whether the run as a whole is as long as a card number, and a card is spoken of.
bool MayBeCard(const DigitRun& run);

// At most one candidate for each item of the run.
void FindCardNumbers(const DigitRun& run, std::vector<Candidate>* out);
void FindCardCodes(const DigitRun& run, std::vector<Candidate>* out);
void FindCardExpiries(const DigitRun& run, std::vector<Candidate>* out);

}  // namespace cxscribe::redaction
