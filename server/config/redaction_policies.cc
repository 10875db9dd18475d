// See redaction_policies.h.
#include "server/config/redaction_policies.h"

#include <algorithm>

#include "plugins/host/entity_types.h"

namespace cxscribe {
namespace {

std::vector<std::string> AllBut(const std::vector<std::string>& left_out) {
  std::vector<std::string> types;
  for (const std::string& type : KnownEntityTypes()) {
    if (std::find(left_out.begin(), left_out.end(), type) == left_out.end()) types.push_back(type);
  }
  return types;
}

std::map<std::string, RedactionPolicy> MakePolicies() {
  const std::vector<std::string> pci = {"BANK_ACCOUNT", "CARD_CVV", "CARD_EXPIRY",    "CREDIT_CARD",
                                        "IBAN",         "PIN",      "ROUTING_NUMBER", "SWIFT_CODE"};
  std::map<std::string, RedactionPolicy> policies;
  policies["pii"] = {"pii", AllBut({"MEDICAL_RECORD", "HEALTH_PLAN"}), "pii"};
  policies["pci"] = {"pci", pci, "pci"};
  policies["phi"] = {"phi", KnownEntityTypes(), "phi"};
  policies["none"] = {"none", {}, "none"};
  return policies;
}

}  // namespace

const std::vector<std::string>& KnownEntityTypes() {
  static const auto& types = *new std::vector<std::string>{
      "ADDRESS",       "BANK_ACCOUNT",   "CARD_CVV",       "CARD_EXPIRY",
      "CREDIT_CARD",   "DATE_OF_BIRTH",  "DRIVER_LICENSE", "EMAIL",
      "HEALTH_PLAN",   "IBAN",           "IP_ADDRESS",     "ITIN",
      "LICENSE_PLATE", "MEDICAL_RECORD", "NATIONAL_ID",    "NUMBER_SEQUENCE",
      "PASSPORT",      "PASSWORD",       "PERSON",         "PHONE",
      "PIN",           "POSTAL_CODE",    "ROUTING_NUMBER", "SSN",
      "SWIFT_CODE",    "USERNAME",       "VEHICLE_ID"};
  return types;
}

bool IsKnownEntityType(std::string_view type) {
  const auto& types = KnownEntityTypes();
  return std::binary_search(types.begin(), types.end(), type);
}

bool IsNamespacedEntityType(std::string_view type) {
  return IsEntityType(type) && !IsKnownEntityType(type);
}

const std::map<std::string, RedactionPolicy>& BuiltInRedactionPolicies() {
  static const auto& policies = *new std::map<std::string, RedactionPolicy>(MakePolicies());
  return policies;
}

}  // namespace cxscribe
