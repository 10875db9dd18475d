// International bank account numbers and the codes of banks.
#pragma once

#include <cstddef>
#include <string_view>

namespace cxscribe::redaction {

// The length of the country's IBANs, 0 where it has none (SWIFT, IBAN Registry, release 96).
// `country` is two letters in lower case.
std::size_t IbanLength(std::string_view country);

// The check digits of ISO 7064, MOD 97-10. `iban` holds 'a'..'z' and '0'..'9'.
bool IbanHolds(std::string_view iban);

// Whether ISO 9362 allows this: four letters, a country, two and perhaps three more letters or
// digits.
bool SwiftPlausible(std::string_view code);

}  // namespace cxscribe::redaction
