// Reads one number, in figures or in words, from a token on: "4111", "forty one", "double five",
// "eight hundred".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

struct SpokenNumber {
  std::size_t token_end = 0;  // one past the last token it was read from
  std::string digits;         // as one would key them in: "forty one" is "41", "double five" "55"
  bool written = false;
  bool amount = false;  // money, a percentage, a decimal: never part of an identifier
};

// The number that starts at token `at`; nullopt where none does. `after_digits` says that a number
// ends right before, which is what makes an "oh" a zero. Looks at a bounded number of tokens.
std::optional<SpokenNumber> ReadNumber(const Tokens& tokens, std::size_t at, bool after_digits);

}  // namespace cxscribe::redaction
