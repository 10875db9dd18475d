#include "plugins/host/entity_types.h"

#include <algorithm>
#include <iterator>

namespace cxscribe {
namespace {

// Section "Entity types" of the documented API.
constexpr std::string_view kEntityTypes[] = {
    "CREDIT_CARD",    "CARD_CVV",       "CARD_EXPIRY",    "PIN",           "BANK_ACCOUNT",
    "ROUTING_NUMBER", "IBAN",           "SWIFT_CODE",     "SSN",           "ITIN",
    "NATIONAL_ID",    "PASSPORT",       "DRIVER_LICENSE", "PHONE",         "EMAIL",
    "ADDRESS",        "POSTAL_CODE",    "PERSON",         "DATE_OF_BIRTH", "IP_ADDRESS",
    "USERNAME",       "PASSWORD",       "LICENSE_PLATE",  "VEHICLE_ID",    "MEDICAL_RECORD",
    "HEALTH_PLAN",    "NUMBER_SEQUENCE"};
constexpr std::string_view kCapabilities[] = {
    "punctuation", "diarization", "redaction-verification", "inverse-text-normalisation"};

constexpr size_t kMaxNameBytes = 128;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool Contains(const std::string_view* begin, const std::string_view* end, std::string_view name) {
  return std::find(begin, end, name) != end;
}

// "acme" of "acme.x": a letter, then letters, digits and dashes. Empty: there is no namespace.
std::string_view Namespace(std::string_view name) {
  const size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() > kMaxNameBytes) return {};
  const std::string_view prefix = name.substr(0, dot);
  const bool plain = IsLower(prefix.front()) &&
                     std::all_of(prefix.begin(), prefix.end(),
                                 [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
  return plain ? prefix : std::string_view();
}

}  // namespace

bool IsEntityType(std::string_view name) {
  if (Contains(std::begin(kEntityTypes), std::end(kEntityTypes), name)) return true;
  const std::string_view prefix = Namespace(name);
  if (prefix.empty()) return false;
  const std::string_view type = name.substr(prefix.size() + 1);
  return !type.empty() && IsUpper(type.front()) &&
         std::all_of(type.begin(), type.end(),
                     [](char c) { return IsUpper(c) || IsDigit(c) || c == '_'; });
}

bool IsCapability(std::string_view name) {
  if (Contains(std::begin(kCapabilities), std::end(kCapabilities), name)) return true;
  const std::string_view prefix = Namespace(name);
  if (prefix.empty()) return false;
  const std::string_view capability = name.substr(prefix.size() + 1);
  return !capability.empty() && IsLower(capability.front()) &&
         std::all_of(capability.begin(), capability.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-' || c == '.'; });
}

}  // namespace cxscribe
