// E-mail addresses, written ("jane.doe@example.com") and spoken ("jane dot doe at example dot com",
// "j d underscore four two at gmail dot com").
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// Linear in the tokens: each "at" looks at a bounded number of neighbours.
void FindEmails(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
