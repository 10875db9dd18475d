// What a single English word means to the detectors: a number, something people say in the middle
// of a number, the unit of an amount, or a cue for what a number is about.
#pragma once

#include <cstdint>
#include <string_view>

namespace cxscribe::redaction {

enum class LexemeKind : std::uint8_t {
  kOther,
  kDigit,       // "zero".."nine": value
  kOh,          // "oh", "o": zero, but only beside other digits
  kTeen,        // "ten".."nineteen": value
  kTens,        // "twenty".."ninety": value
  kHundred,     //
  kThousand,    //
  kMillion,     // and above: an amount, never part of an identifier
  kRepeat,      // "double", "triple", "quadruple": value 2, 3, 4
  kHesitation,  // "uh", "um": a sound, not a word
  kFiller,      // "okay", "and", "then": said between the parts of a number
  kUnit,        // "dollars", "minutes": what stands before is an amount
  kCount,       // "digits", "numbers": what stands before counts them
};

struct Lexeme {
  LexemeKind kind = LexemeKind::kOther;
  std::uint8_t value = 0;
};

// `lower` is one word in ASCII lower case; the typographic apostrophe is understood.
Lexeme LexemeOf(std::string_view lower);

// What the words around a number say that it is. The nearest cue wins.
enum class Topic : std::uint8_t {
  kNone,
  kCard,
  kCardCode,  // the three or four digits beside the card number
  kCardExpiry,
  kSsn,
  kPhone,
  kBirthDate,
  kOther,  // an order, a ticket, a reference: numbers that are nobody's secret
};

}  // namespace cxscribe::redaction
