// The grammar of spoken English numbers. Every reader starts at a word and looks at a bounded number
// of words; none crosses a mark. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "plugins/inverse_text_normalisation/words.h"

namespace cxscribe::itn {

// "twenty three" is {23}, "third" {3, ordinal}.
struct Small {
  int value = 0;
  bool ordinal = false;
  std::size_t end = 0;  // one past its last word
};

// A number below one hundred.
std::optional<Small> ReadSmall(const Words& words, std::size_t at);

struct Number {
  std::string digits;  // "1013"; no leading zeros
  bool ordinal = false;
  std::size_t end = 0;
  // Where it is a number below 1000 and one word from "million" on: that word, and the number.
  std::size_t scale = 0;  // 0: it is not
  std::string mantissa;
};

// The longest cardinal, or ordinal, from `at` on: "nine hundred and two", "twenty five thousand one
// hundred eleventh", "eleven hundred", "two lakh". `article`: "a hundred" is a number, too.
std::optional<Number> ReadNumber(const Words& words, std::size_t at, bool article = false);

struct Decimal {
  std::string digits;  // "20.506"
  std::size_t end = 0;
  std::size_t scale = 0;  // the word from "million" on that follows; 0: none. Before `end`
};

// "two point five", "twenty point five o six", "one point six nine billion"; the whole of its run.
std::optional<Decimal> ReadDecimal(const Words& words, std::size_t at);

// How the number [at, end) hangs together with another one, as "two" does in "two or three dollars".
// What belongs to one of them belongs to the other, too.
bool EndsRange(const Words& words, std::size_t at);
// Whether a number that ends with the word `last` is "forty thousand", not "forty".
bool IsScaled(const Words& words, std::size_t last);
// "five" of "point five", whose whole part was not said.
bool IsFraction(const Words& words, std::size_t at);
// "a" of "half a billion", which is no "one".
bool IsOfFraction(const Words& words, std::size_t at);
// The number goes on in the other one: "nineteen uh eighty", "thirty or forty thousand", "six and a
// half", "twenty some".
bool IsPartOfNumber(const Words& words, std::size_t at, std::size_t end);

// The words [begin, end) as digits that are keyed in: "double five", "oh", "forty one", "eight
// hundred" after which more follows.
struct Keyed {
  std::string digits;
  bool singles = true;  // no "forty one" and no "hundred" among them
  bool any_single = false;
  bool hundreds = false;
};
std::optional<Keyed> ReadKeyed(const Words& words, std::size_t begin, std::size_t end);

// The words [begin, end) as digits: a cardinal, or else keyed in; empty: neither.
std::string ReadDigits(const Words& words, std::size_t begin, std::size_t end);

}  // namespace cxscribe::itn
