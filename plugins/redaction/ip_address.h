// IPv4 addresses in figures. Worth a finding themselves, and they keep their digits from passing as
// a telephone number.
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// Four octets joined by dots without spaces (RFC 791 in the usual notation). Linear in the tokens.
void FindIpAddresses(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
