// Numbers that identify people and accounts, valid by the rules of whoever issues them. All are
// made up: a number that belongs to somebody is chance.
#pragma once

#include <string>
#include <string_view>

#include "tests/plugins_redaction/generator/dice.h"

namespace cxscribe::calls {

// ISO/IEC 7812-1. The payload is all digits but the last.
char LuhnDigit(std::string_view payload);

// 13 to 19 digits: Visa, Mastercard (51-55 and 2221-2720), American Express, Discover, Diners Club
// and JCB.
std::string CardNumber(Dice& dice);
// Nine digits that the Social Security Administration can have issued: no area 000, 666 or 9xx, no
// group 00, no serial 0000.
std::string SocialSecurityNumber(Dice& dice);
// Internal Revenue Service: 9xx, then 50-65, 70-88, 90-92 or 94-99.
std::string TaxpayerNumber(Dice& dice);
// American Bankers Association: nine digits of a Federal Reserve district, weights 3 7 1.
std::string RoutingNumber(Dice& dice);
// ISO 13616, check digits by ISO 7064 mod 97-10.
std::string Iban(Dice& dice);
// ISO 9362, eight characters, or eleven with a branch.
std::string SwiftCode(Dice& dice);
// Ten digits of the North American Numbering Plan: an area in use, an exchange that is no service
// code.
std::string AmericanPhone(Dice& dice);
// National Health Service (United Kingdom): ten digits, the last by modulus 11.
std::string NhsNumber(Dice& dice);
// National insurance number (United Kingdom), "QQ123456C" without the prefixes not in use.
std::string NationalInsuranceNumber(Dice& dice);
// 49 CFR 565: 17 characters without I, O and Q, the ninth a check digit.
std::string VehicleNumber(Dice& dice);
// "AA9 9AA" and its kin, without the space.
std::string BritishPostcode(Dice& dice);

}  // namespace cxscribe::calls
