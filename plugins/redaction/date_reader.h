// Reads one date, in figures or in words, from a token on.
#pragma once

#include <cstddef>

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// What was not said is 0. A year of two digits stays one of two digits.
struct SpokenDate {
  int day = 0;
  int month = 0;
  int year = -1;        // -1: not said
  std::size_t end = 0;  // one past the last token; 0: no date

  // Whether both can be one day, each in the order of its country: "3/4" may be either.
  bool MayEqual(const SpokenDate& other) const;
};

// "march third nineteen eighty five", "the third of march", "03/14/1985", "1985-03-14", "3/85",
// "april twenty twenty seven", "oh four slash twenty seven". Pauses and "uh" may stand between the parts. Looks at a bounded
// number of tokens.
SpokenDate ReadDate(const Tokens& tokens, std::size_t at);

// Digits alone, "03141985", "31485", as day, month and year in any usual order.
bool AreDate(std::string_view digits);

}  // namespace cxscribe::redaction
