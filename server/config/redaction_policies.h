// The entity types that the service knows, and the redaction policies that it has built in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/settings.h"

namespace cxscribe {

// All entity types, sorted. A plugin's own are namespaced ("acme.EMPLOYEE_ID") and not listed.
const std::vector<std::string>& KnownEntityTypes();

// Whether `type` is a known entity type.
bool IsKnownEntityType(std::string_view type);

// Whether `type` is one that the plugin host takes as a plugin's own: "acme.EMPLOYEE_ID".
bool IsNamespacedEntityType(std::string_view type);

// pii, pci, phi and none, by name.
const std::map<std::string, RedactionPolicy>& BuiltInRedactionPolicies();

}  // namespace cxscribe
