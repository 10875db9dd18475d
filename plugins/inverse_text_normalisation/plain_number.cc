// Cardinals, ordinals, decimals, percentages and measures: see readers.h.
#include <string>
#include <utility>

#include "plugins/inverse_text_normalisation/number.h"
#include "plugins/inverse_text_normalisation/readers.h"
#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

// Units that are measured rather than counted. Without "pounds", "feet" for one, and times.
const WordSet& Units() {
  static const WordSet* const set = new WordSet{
      "mile",       "miles",       "kilometer",  "kilometers",  "kilometre",      "kilometres",
      "meter",      "meters",      "metre",      "metres",      "centimeter",     "centimeters",
      "centimetre", "centimetres", "millimeter", "millimeters", "millimetre",     "millimetres",
      "inch",       "inches",      "feet",       "yards",       "acres",          "kilogram",
      "kilograms",  "kilos",       "gram",       "grams",       "milligram",      "milligrams",
      "ounce",      "ounces",      "tons",       "tonnes",      "litre",          "litres",
      "liter",      "liters",      "gallon",     "gallons",     "gigabyte",       "gigabytes",
      "megabyte",   "megabytes",   "terabyte",   "terabytes",   "kilobytes",      "gigabits",
      "megabits",   "gigs",        "megs",       "degrees",     "volt",           "volts",
      "watt",       "watts",       "kilowatt",   "kilowatts",   "kilowatt-hours", "amps",
      "hertz",      "megahertz",   "gigahertz"};
  return *set;
}

struct Quantity {
  std::string digits;
  std::size_t end = 0;    // of the figures
  std::size_t scale = 0;  // "million" behind them; 0: none
  std::size_t After() const { return scale == 0 ? end : scale + 1; }
  bool Small() const { return scale == 0 && digits.size() == 1; }
};

// Whether the number [at, end) that begins with an article is as good as counted: "a hundred and
// fifty", but not "a hundred" or "a hundred thousand".
bool IsCounted(const Words& words, std::size_t at, std::size_t end) {
  const std::size_t round = words.Next(at + 2).kind == Kind::kScale ? at + 3 : at + 2;
  const bool spelt = words.Joined(at) && words.At(at - 1).kind == Kind::kLetter;
  return end > round && !spelt && !IsOfFraction(words, at);
}

// A decimal or a cardinal that is the whole of its run.
std::optional<Quantity> ReadQuantity(const Words& words, std::size_t at) {
  const bool article = words.Is(at, "a");
  const std::size_t run = article ? at + 1 : at;
  if (!words.InRun(run) || words.RunGoesBack(run) || IsFraction(words, at)) return std::nullopt;
  if (auto decimal = ReadDecimal(words, at)) {
    const std::size_t end = decimal->scale == 0 ? decimal->end : decimal->scale;
    return Quantity{std::move(decimal->digits), end, decimal->scale};
  }
  auto number = ReadNumber(words, at, article);
  if (!number || number->ordinal || number->end != words.RunEnd(run)) return std::nullopt;
  if (article && !IsCounted(words, at, number->end)) return std::nullopt;
  if (IsPartOfNumber(words, at, number->end)) return std::nullopt;
  if (number->scale != 0) {
    return Quantity{std::move(number->mantissa), number->scale, number->scale};
  }
  return Quantity{std::move(number->digits), number->end, 0};
}

// The word of the sign of a number at `at`: "minus sixty"; not that of a subtraction.
bool IsSigned(const Words& words, std::size_t at) {
  if (!words.Is(at, "minus") || !words.Joined(at + 1) || words.InRun(at)) return false;
  return !words.Joined(at) || !words.IsNumberAt(at - 1);
}

// `read` at the number behind a sign, or at `at`.
template <typename Read>
std::optional<Match> WithSign(const Words& words, std::size_t at, Read&& read) {
  if (!IsSigned(words, at)) return read(at);
  auto match = read(at + 1);
  if (match) {
    match->rewrites[0].begin = at;
    match->rewrites[0].written.insert(0, 1, '-');
  }
  return match;
}

// "Ninety One" in a sentence: a name.
bool IsName(const Words& words, std::size_t at) {
  const auto capital = [&words](std::size_t i) {
    const char first = words.Written(i)[0];
    return first >= 'A' && first <= 'Z';
  };
  return words.Joined(at) && capital(at) && !capital(at - 1);
}

// "a second", "every tenth", "one hundredth of": counts and parts, not places.
bool IsPlace(const Words& words, std::size_t at, std::size_t end) {
  static const WordSet* const counts =
      new WordSet{"a", "an", "every", "another", "per", "each", "just", "split", "half", "one"};
  if (words.Joined(at) && (IsIn(*counts, words, at - 1) || words.HasFigure(at - 1))) return false;
  return !(IsScaled(words, end - 1) && words.Then(end, "of"));
}

bool IsHour(std::string_view digits) {
  return digits.size() == 1 || digits == "10" || digits == "11" || digits == "12";
}

// Whether "ten", "twenty five" or "quarter" ends with the word `last`; not in "june ten", which is a
// day.
bool EndsMinutes(const Words& words, std::size_t last) {
  if (words.Is(last, "quarter") || words.Is(last, "half")) return true;
  const bool five = words.Is(last, "five");
  if (!five && !words.Is(last, "ten") && !words.Is(last, "twenty")) return false;
  const bool tens = five && words.Joined(last) && words.Is(last - 1, "twenty");
  const std::size_t begin = tens ? last - 1 : last;
  if (words.RunGoesBack(begin)) return false;
  const bool month = words.Joined(begin) && words.At(begin - 1).kind == Kind::kMonth;
  return !(month && ReadDate(words, begin - 1));
}

// "ten to one", "twenty past three", "quarter past thirteen": what may be a time stays as it was
// said, both numbers of it.
bool IsSaidTime(const Words& words, std::size_t at, const Quantity& quantity) {
  const auto joins = [&words](std::size_t i) { return words.Is(i, "past") || words.Is(i, "to"); };
  const auto minutes = [](std::string_view digits) {
    return digits == "5" || digits == "10" || digits == "20" || digits == "25";
  };
  if (quantity.scale != 0) return false;
  const std::size_t next = quantity.end;
  if (words.Joined(next) && joins(next) && words.Joined(next + 1) && minutes(quantity.digits)) {
    const auto hour = ReadNumber(words, next + 1);
    const bool fits = hour && !hour->ordinal && hour->end == words.RunEnd(next + 1) &&
                      (IsHour(hour->digits) || words.Is(next, "past"));
    if (fits && !ReadMoney(words, next + 1) && !ReadMeasure(words, next + 1)) return true;
  }
  if (at < 2 || !words.Joined(at) || !joins(at - 1) || !words.Joined(at - 1)) return false;
  if (!IsHour(quantity.digits) && !words.Is(at - 1, "past")) return false;
  return EndsMinutes(words, at - 2);
}

// "eight to twelve": what is said in one breath is written alike.
bool BeginsRange(const Words& words, std::size_t at, const Quantity& quantity) {
  const std::size_t join = quantity.After();
  const bool between = at > 0 && words.Joined(at) && words.Is(at - 1, "between");
  const bool joined =
      words.Then(join, "to") || words.Then(join, "or") || (between && words.Then(join, "and"));
  if (!joined || !words.Joined(join + 1)) return false;
  const auto other = ReadQuantity(words, join + 1);
  return other && !other->Small();
}

// "eleven" of "five foot eleven".
bool IsInches(const Words& words, std::size_t at) {
  if (at < 2 || !words.Joined(at) || !words.IsNumberAt(at - 2)) return false;
  return words.Is(at - 1, "foot") || words.Is(at - 1, "feet");
}

std::string_view OrdinalSuffix(std::string_view digits) {
  const bool teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
  if (teen) return "th";
  switch (digits.back()) {
    case '1':
      return "st";
    case '2':
      return "nd";
    case '3':
      return "rd";
    default:
      return "th";
  }
}

}  // namespace

std::optional<Match> ReadMeasure(const Words& words, std::size_t at) {
  return WithSign(words, at, [&words](std::size_t begin) -> std::optional<Match> {
    const auto quantity = ReadQuantity(words, begin);
    if (!quantity || !words.Joined(quantity->After())) return std::nullopt;
    if (quantity->Small() && EndsRange(words, begin)) return std::nullopt;
    const std::size_t unit = quantity->After();
    const bool per_cent = words.Is(unit, "per") && words.Then(unit + 1, "cent");
    if (quantity->scale == 0 && (per_cent || words.Is(unit, "percent"))) {
      const std::size_t end = per_cent ? unit + 2 : unit + 1;
      return Match{end, {{begin, end, quantity->digits + "%"}}};
    }
    if (!IsIn(Units(), words, unit)) return std::nullopt;
    // "six feet two", but "six feet two inches".
    if (quantity->Small() && words.Joined(unit + 1) && words.IsNumberAt(unit + 1)) {
      const auto more = ReadQuantity(words, unit + 1);
      if (!more || !IsIn(Units(), words, more->After())) return std::nullopt;
    }
    return Match{unit + 1, {{begin, quantity->end, quantity->digits}}};
  });
}

std::optional<Match> ReadDecimals(const Words& words, std::size_t at) {
  return WithSign(words, at, [&words](std::size_t begin) -> std::optional<Match> {
    if (!words.InRun(begin) || words.RunGoesBack(begin)) return std::nullopt;
    if (IsFraction(words, begin)) return std::nullopt;
    const auto decimal = ReadDecimal(words, begin);
    if (!decimal) return std::nullopt;
    const std::size_t end = decimal->scale == 0 ? decimal->end : decimal->scale;
    return Match{decimal->end, {{begin, end, decimal->digits}}};
  });
}

std::optional<Match> ReadOrdinal(const Words& words, std::size_t at, bool small) {
  if (!words.InRun(at) || words.RunGoesBack(at)) return std::nullopt;
  const auto number = ReadNumber(words, at);
  if (!number || !number->ordinal || number->end != words.RunEnd(at)) return std::nullopt;
  if (!small && number->digits.size() == 1) return std::nullopt;
  if (IsName(words, at) || IsPartOfNumber(words, at, number->end)) return std::nullopt;
  if (!IsPlace(words, at, number->end)) return std::nullopt;
  return Match{number->end,
               {{at, number->end, number->digits + std::string(OrdinalSuffix(number->digits))}}};
}

std::optional<Match> ReadCardinal(const Words& words, std::size_t at, bool small) {
  return WithSign(words, at, [&words, small](std::size_t begin) -> std::optional<Match> {
    const auto quantity = ReadQuantity(words, begin);
    if (!quantity || quantity->digits.find('.') != std::string::npos) return std::nullopt;
    // "one" may be anybody.
    const bool kept = quantity->Small() &&
                      (quantity->digits == "1" || !(small || BeginsRange(words, begin, *quantity)));
    if (kept || IsName(words, begin) || IsInches(words, begin) ||
        IsSaidTime(words, begin, *quantity))
      return std::nullopt;
    return Match{quantity->After(), {{begin, quantity->end, quantity->digits}}};
  });
}

}  // namespace cxscribe::itn
