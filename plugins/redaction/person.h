// Names of people: after a cue ("my name is", "am i speaking with", "mister"), in answer to a
// question, spelt, said again, or as written English marks them with capitals.
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"
#include "plugins/redaction/word_view.h"

namespace cxscribe::redaction {

// Linear in the tokens: each looks at a bounded number of neighbours.
void FindPersons(const Tokens& tokens, const WordView& words, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
