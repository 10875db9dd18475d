// What a redaction before this one left behind: marks such as "[PII]", "****" and "redacted", and
// numbers of which it took only a part.
#pragma once

#include <cstddef>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

struct MarkCounts {
  std::size_t names = 0;  // "[PII]", "<PERSON>", "{{phone}}"
  std::size_t runs = 0;   // "****", "####", "XXXX"
  std::size_t words = 0;  // "redacted", "(beep)"
};

MarkCounts CountMarks(const Tokens& tokens);

// Five or more digits beside a mark that stands for a number: "****1234 5678". The last four of a
// number may stay. Linear in the tokens.
void FindPartialRedactions(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
