// Where people live: street addresses, post office boxes, and postal codes.
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"
#include "plugins/redaction/word_view.h"

namespace cxscribe::redaction {

// Linear in the tokens: each looks at a bounded number of neighbours.
void FindAddresses(const Tokens& tokens, const WordView& words, Pulse* pulse,
                   std::vector<Hit>* out);

}  // namespace cxscribe::redaction
