// Words that are spelt: "b r o w n", "b as in boy r as in robert", "double l", "B-R-O-W-N".
#pragma once

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// One past the last token of the letters spelt from token `i` on, or `i` where there are fewer than
// two of them, or only one and the same. `letters` is how many, 0 for none. Looks at a bounded number of tokens, over the ends of segments.
std::size_t SpellingEnd(const Tokens& tokens, std::size_t i, std::size_t* letters);

}  // namespace cxscribe::redaction
