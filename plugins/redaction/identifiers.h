// Identifiers of letters and digits: IBAN and SWIFT code, vehicle, plate, passport, licence,
// national and medical numbers.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {

// Whether the check digit of a vehicle identification number holds (49 CFR 565.15). `vin` has 17
// characters 'a'..'z', '0'..'9' without i, o and q.
bool VinHolds(std::string_view vin);

// Whether His Majesty's Revenue and Customs can have issued this National Insurance number (HMRC,
// National Insurance Manual NIM39110): two letters, six digits, a letter a-d.
bool NinoPlausible(std::string_view nino);

// The check digit, modulus 11, of the National Health Service's ten digits (NHS Data Dictionary).
bool NhsHolds(std::string_view ten_digits);

// By their form and check digits anywhere, or by the words that ask for them. Linear in the tokens.
void FindIdentifiers(const Tokens& tokens, const TopicCues& cues, Pulse* pulse,
                     std::vector<Hit>* out);

}  // namespace cxscribe::redaction
