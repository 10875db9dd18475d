#include "plugins/redaction/finding.h"

#include <array>

namespace cxscribe::redaction {
namespace {

// In the order of Entity.
constexpr std::array kNames = std::to_array<std::string_view>({
    "CREDIT_CARD",  "CARD_CVV",        "CARD_EXPIRY",   "SSN",        "ITIN",
    "PHONE",        "EMAIL",           "DATE_OF_BIRTH", "IP_ADDRESS", "PIN",
    "BANK_ACCOUNT", "ROUTING_NUMBER",  "IBAN",          "SWIFT_CODE", "NATIONAL_ID",
    "PASSPORT",     "DRIVER_LICENSE",  "LICENSE_PLATE", "VEHICLE_ID", "MEDICAL_RECORD",
    "HEALTH_PLAN",  "NUMBER_SEQUENCE", "PERSON",        "ADDRESS",    "POSTAL_CODE",
    "USERNAME",     "PASSWORD",
});

}  // namespace

std::string_view EntityName(Entity entity) { return kNames[static_cast<std::size_t>(entity)]; }

EntitySet EntitySet::All() {
  EntitySet all;
  for (std::size_t i = 0; i < kNames.size(); ++i) all.Add(static_cast<Entity>(i));
  return all;
}

EntitySet EntitySet::Of(const std::vector<std::string_view>& names) {
  EntitySet set;
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (name == kNames[i]) set.Add(static_cast<Entity>(i));
    }
  }
  return set;
}

}  // namespace cxscribe::redaction
