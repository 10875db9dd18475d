// Which words of an English text are written with a capital wherever they stand.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {

enum class Capital { kNone, kFirst, kAll };

// "i" and its contractions.
bool IsI(std::string_view core);

// What word i is, whatever it is now: "i" and its contractions, days, months ("may" and "march"
// only as part of a date), a short list of names that are nothing else, and abbreviations.
Capital CapitalOf(const std::vector<Word>& words, std::size_t i);

}  // namespace cxscribe::punctuation
