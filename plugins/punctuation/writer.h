// Puts marks and capitals into a text. Whoever decides them, this is the only place where text is
// changed: marks are inserted after words, and letters become upper case; nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/punctuation/labels.h"
#include "plugins/punctuation/line.h"
#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {

// What is to become of a word.
struct Decision {
  Mark mark = Mark::kNone;
  Case letters = Case::kLower;  // kLower: as they are
  std::string_view form;        // for kMixed: how its core is written; empty: each part's first
};

// `text` with one decision for each of its words.
Punctuated Write(std::string_view text, const std::vector<Word>& words,
                 const std::vector<Decision>& decisions);

// Whether the source already put a mark after this word.
bool HasMark(const Word& word);

// Whether it is prose, not a mask, a mark alone, an address or a path ("jane.doe@example.com").
bool IsProse(std::string_view text, const Word& word);

// Whether the source already writes capitals, apart from "I".
bool WritesCapitals(std::string_view text, const std::vector<Word>& words);

// The same for the single words that a source gives beside the text: each takes over marks and
// capitals of the word of the text that it is. `source` are the words of the text before, in order;
// those that are not found in it stay.
std::vector<std::string> FollowText(const std::vector<Word>& text_words, const Punctuated& result,
                                    const std::vector<std::string_view>& source);

}  // namespace cxscribe::punctuation
