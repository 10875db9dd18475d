// What a single word means to the detectors: a number, something people say in the middle of a
// number, the unit of an amount, a letter or a month, or the start of a cue for what a number is
// about. The examples are English; what other languages say is in their vocabularies.
#pragma once

#include <cstdint>
#include <string_view>

namespace cxscribe::redaction {

// Some detectors ask for ranges of kinds from kDigit to kRepeat: their order counts.
enum class LexemeKind : std::uint8_t {
  kOther,
  kDigit,       // "zero".."nine": value
  kOh,          // "oh", "o": zero, but only beside other digits
  kTeen,        // "ten".."nineteen": value
  kTens,        // "twenty".."ninety": value
  kHundreds,    // "doscientos": value 1..9; English has none
  kHundred,     //
  kThousand,    //
  kMillion,     // and above: an amount, never part of an identifier
  kRepeat,      // "double", "triple", "quadruple": value 2, 3, 4
  kHesitation,  // "uh", "um": a sound, not a word
  kFiller,      // "okay", "and", "then": said between the parts of a number
  kUnit,        // "dollars", "minutes": what stands before is an amount
  kCount,       // "digits", "numbers": what stands before counts them
};

// The words of which a number that is said digit by digit is made.
inline bool IsNumberKind(LexemeKind kind) {
  return kind == LexemeKind::kDigit || kind == LexemeKind::kOh || kind == LexemeKind::kTeen ||
         kind == LexemeKind::kTens || kind == LexemeKind::kRepeat;
}

// What a word may be besides its kind.
enum LexemeHint : std::uint8_t {
  kHomophone = 1,    // sounds like the digit `value`: "to", "for"
  kPluralDigit = 2,  // "ones", "zeros": `value`, as often as the number before says
  kNato = 4,         // stands for its first letter
  kMonth = 8,        // `value`
  kOrdinal = 16,     // `value`, a day of a month
  kHealth = 32,      // speaks of health or its insurance
  kIntroduces = 64,  // stands before an e-mail address, and is no part of it; not in English
  kJoinsDate = 128,  // between the parts of a date: "de"; not in English
};

struct Lexeme {
  LexemeKind kind = LexemeKind::kOther;
  std::uint8_t value = 0;
  std::uint8_t hints = 0;  // of LexemeHint
  char sign = 0;           // what it is said for in an address: '@', '.', '_', '-', '+'
  std::uint16_t cue =
      0;  // 1 + the index in the language's cues of the first one that begins so; 0: none
  std::uint16_t phrase = 0;  // the same in its phrases

  bool Is(LexemeHint hint) const { return (hints & hint) != 0; }
};

// Of an English word in plain text.
Lexeme LexemeOf(std::string_view word);

// What the words around a number say that it is. The nearest cue wins.
enum class Topic : std::uint8_t {
  kNone,
  kCard,
  kCardCode,  // the three or four digits beside the card number
  kCardExpiry,
  kSsn,
  kPhone,
  kBirthDate,
  kPin,
  kAccount,      // "account number": a bank's, unless the words say whose else
  kBankAccount,  // the same where a bank is named
  kRouting,
  kSortCode,
  kIban,
  kSwift,
  kPassport,
  kDriverLicence,
  kPlate,
  kVehicle,
  kNationalInsurance,
  kNhs,
  kMedicalRecord,
  kHealthPlan,
  kPostal,
  kIpAddress,
  kLastFour,  // of something that is not named
  kOther,     // an order, a ticket, a reference: numbers that are nobody's secret
};

}  // namespace cxscribe::redaction
