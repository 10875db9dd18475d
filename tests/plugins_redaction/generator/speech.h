// How people say values, and how a recogniser writes what they say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/plugins_redaction/generator/dice.h"
#include "tests/plugins_redaction/generator/values.h"

namespace cxscribe::calls {

// The words of one breath. A word that must keep its case and marks has something other than
// letters in it ("jane.doe@example.com", "(212)").
using Breath = std::vector<std::string>;
// A value in the breaths that it may be said in.
using Said = std::vector<Breath>;

// Digit by digit with "oh" or "zero", "double five", pairs ("forty one eleven"), hundreds, figures
// in several groupings; letters spelt, in NATO words or "b as in boy"; addresses as they are
// spoken and as they are written; dates in six ways.
Said Say(const Value& value, Dice& dice);

// 0 to 9999, as it is counted: "three hundred five".
Breath Count(int value);
// 0 to 99: "oh five" where `padded`, else "five".
Breath Pair(int value, bool padded);
// "one two oh": digit by digit.
Breath Digits(std::string_view figures, std::string_view zero);
std::string_view MonthName(int month);
// "third" for 3; 1 to 31.
Breath Ordinal(int day);

}  // namespace cxscribe::calls
