// What a single English word means where numbers are spoken. Words alone; what their neighbours
// make of them is up to the readers.
#pragma once

#include <cstdint>
#include <string_view>

namespace cxscribe::itn {

enum class Kind : std::uint8_t {
  kOther,
  kDigit,    // "zero".."nine"; ordinal: "zeroth".."ninth"
  kTeen,     // "ten".."nineteen"
  kTens,     // "twenty".."ninety"
  kHundred,  //
  kScale,    // "thousand" and above: value is the power of ten
  kOh,       // "oh", "o": a zero beside digits, else an exclamation or a letter
  kRepeat,   // "double", "triple": value times what follows
  kLetter,   // a single letter but "o"
  kMonth,    // value 1 to 12
  kDecade,   // "twenties".."nineties": value 20 to 90
};

struct Lexeme {
  Kind kind = Kind::kOther;
  std::uint8_t value = 0;
  bool ordinal = false;
};

// `lower` is a word in ASCII lower case. Thread-safe.
Lexeme LexemeOf(std::string_view lower);

// A part of a number: digits to scales, cardinal or ordinal.
inline bool IsNumber(const Lexeme& lexeme) {
  return lexeme.kind >= Kind::kDigit && lexeme.kind <= Kind::kScale;
}

}  // namespace cxscribe::itn
