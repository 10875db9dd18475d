// Which words of an English text belong together, whatever stands around them.
#pragma once

#include <cstddef>
#include <vector>

#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {

// "four", "oh", "double": digits or a number as one says them.
bool IsCardinal(const Word& word);

// Part of a number or a date as it is spoken or written: those, "87", "third", "march".
bool IsNumber(const Word& word);

// "um", "hm": a sound that is no word.
bool IsSound(const Word& word);

// Letters with points between them: "u.s". Not "a.m", "e.g" and their like.
bool IsInitials(const Word& word);

// The part of an address that is dictated after a dot: "com" of "example dot com".
bool FollowsDot(const std::vector<Word>& words, std::size_t i);

// Whether no mark stands after word i: inside a mask, a number, a date, something that is spelt or an
// address that is dictated, and inside a sound that recognisers write as two words. A number stays in
// one piece for whoever looks for card numbers after this stage, too.
bool GoesOn(const std::vector<Word>& words, std::size_t i);

// Whether word i is a letter of something that is spelt: "u s a", "b o o k s", "seat seventeen c". Of
// two letters alone, "a" and a letter said twice are more likely words. Looks at two words to either
// side.
bool IsSpelt(const std::vector<Word>& words, std::size_t i);

}  // namespace cxscribe::punctuation
