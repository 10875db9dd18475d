// The names that findings and plugins may use.
#pragma once

#include <string_view>

namespace cxscribe {

// One of the product's entity types ("CREDIT_CARD"), or one in a plugin's own namespace
// ("acme.EMPLOYEE_ID").
bool IsEntityType(std::string_view name);

// One of the product's capabilities ("punctuation"), or one in a namespace
// ("acme.script-adherence").
bool IsCapability(std::string_view name);

}  // namespace cxscribe
