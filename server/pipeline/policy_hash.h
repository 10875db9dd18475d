// PolicyHash: what a redaction policy has checked, as one number. Pure.
#pragma once

#include <string>

#include "server/config/settings.h"

namespace cxscribe {

// SHA-256 in lower-case hex over the policy's content, without its name, in the form that
// docs/evidence.md defines.
std::string PolicyHash(const RedactionPolicy& policy);

}  // namespace cxscribe
