#include "plugins/redaction/entity_types.h"

#include <algorithm>
#include <iterator>

namespace cxscribe::redaction {
namespace {

// The documented table; a test holds it against the host's.
constexpr std::string_view kTypes[] = {
    "CREDIT_CARD",    "CARD_CVV",       "CARD_EXPIRY",    "PIN",           "BANK_ACCOUNT",
    "ROUTING_NUMBER", "IBAN",           "SWIFT_CODE",     "SSN",           "ITIN",
    "NATIONAL_ID",    "PASSPORT",       "DRIVER_LICENSE", "PHONE",         "EMAIL",
    "ADDRESS",        "POSTAL_CODE",    "PERSON",         "DATE_OF_BIRTH", "IP_ADDRESS",
    "USERNAME",       "PASSWORD",       "LICENSE_PLATE",  "VEHICLE_ID",    "MEDICAL_RECORD",
    "HEALTH_PLAN",    "NUMBER_SEQUENCE"};

constexpr std::size_t kLongestName = 128;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool IsProductType(std::string_view name) {
  return std::find(std::begin(kTypes), std::end(kTypes), name) != std::end(kTypes);
}

bool IsOwnType(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || name.size() > kLongestName) return false;
  const std::string_view prefix = name.substr(0, dot);
  const std::string_view type = name.substr(dot + 1);
  return !prefix.empty() && IsLower(prefix[0]) && !type.empty() && IsUpper(type[0]) &&
         std::all_of(prefix.begin(), prefix.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; }) &&
         std::all_of(type.begin(), type.end(),
                     [](char c) { return IsUpper(c) || IsDigit(c) || c == '_'; });
}

}  // namespace cxscribe::redaction
