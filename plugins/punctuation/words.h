// The words of a text, with where they stand. A word is what white space surrounds; its core is
// that without quotes and punctuation at its edges, in lower case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::punctuation {

struct Word {
  std::size_t begin = 0;  // bytes into the text
  std::size_t end = 0;
  std::string
      core;  // "i'm" of "\"I’m,": lower case, plain apostrophe; empty for marks alone, and where nothing shows
  std::string marks;  // the ASCII punctuation after the core; "…" counts as "."
  bool mask = false;  // "[CREDIT_CARD]", "****", "xxxx", each word of "[card number]": left alone
  bool mask_goes_on = false;  // the next word is of the same mask
};

// Linear. Accepts any bytes.
std::vector<Word> SplitWords(std::string_view text);

// Whether `marks` ends a sentence.
bool EndsSentence(std::string_view marks);

}  // namespace cxscribe::punctuation
