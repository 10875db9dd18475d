// The names of entity types, as settings and findings spell them.
#pragma once

#include <string_view>

namespace cxscribe::redaction {

// One of the product's table, "CREDIT_CARD": this plugin looks for each.
bool IsProductType(std::string_view name);

// One in an operator's own namespace, "acme.EMPLOYEE_ID". The host counts findings of these under
// every policy.
bool IsOwnType(std::string_view name);

}  // namespace cxscribe::redaction
