// Internet addresses: IPv4 in figures or spoken, IPv6 in figures. Worth a finding themselves, and
// they keep their digits from passing as a telephone number.
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// Four octets joined by dots without spaces (RFC 791 in the usual notation) or by "dot" or "point";
// eight groups joined by colons, or fewer around "::" (RFC 4291). Linear in the tokens.
void FindIpAddresses(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
