// E-mail addresses that lost their "at" or their dots on the way: "raja 145 gmailcom", "janedoegmailcom",
// "jane 82 gmail dot com", and what answers a question for an address: "it's jane 82 gmail".
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// Linear in the tokens: each provider's name looks at a bounded number of neighbours.
void FindLooseEmails(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
