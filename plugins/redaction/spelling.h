// Words that are spelt: "b r o w n", "b as in boy r as in robert", "double l", "B-R-O-W-N".
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// One past the last token of the letters spelt from token `i` on, or `i` where there are fewer than
// two of them, or only one and the same. `letters` is how many, 0 for none. Looks at a bounded number of tokens, over the ends of segments.
std::size_t SpellingEnd(const Tokens& tokens, std::size_t i, std::size_t* letters);

// Letters said one by one: "b", "b as in boy", "bravo", "double b", "double u", "x-ray", "zed".
struct SpokenLetters {
  std::size_t end = 0;  // one past the last token
  std::string letters;  // in lower case: one, or the same one several times
};

// What is said at token `i`; nullopt where it is no letter. "o" is left to those who read numbers.
std::optional<SpokenLetters> LettersAt(const Tokens& tokens, std::size_t i);

// One past the words for a sign at token `i`: "exclamation mark", "at sign", "underscore", "dot"; `i`
// where none stands.
std::size_t SpokenSignEnd(const Tokens& tokens, std::size_t i);

// One past the words that say how letters are written: "all lower case", "with a capital"; `i` where
// none stand, or where nothing follows.
std::size_t LetterCaseEnd(const Tokens& tokens, std::size_t i);

}  // namespace cxscribe::redaction
