// Money: see readers.h.
#include <string>

#include "plugins/inverse_text_normalisation/number.h"
#include "plugins/inverse_text_normalisation/readers.h"
#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

struct Amount {
  std::string digits;  // "20.506", "45" of "forty five billion"
  std::size_t end = 0;
  std::size_t scale = 0;  // "billion"; 0: none
};

struct Currency {
  std::string_view symbol;
  std::size_t end = 0;
  bool singular = false;
  std::string_view part;   // "cent"; empty: none
  std::string_view parts;  // "cents"
};

// "point five o six", which must not be the end of "at that point".
std::optional<Amount> ReadFraction(const Words& words, std::size_t at) {
  if (!words.Is(at, "point") || words.InRun(at) || words.Joined(at)) return std::nullopt;
  const std::size_t end = words.Joined(at + 1) ? words.RunEnd(at + 1) : at + 1;
  if (end < at + 3) return std::nullopt;
  const auto keyed = ReadKeyed(words, at + 1, end);
  if (!keyed || !keyed->singles) return std::nullopt;
  return Amount{"." + keyed->digits, end, 0};
}

std::optional<Amount> ReadAmount(const Words& words, std::size_t at) {
  if (auto fraction = ReadFraction(words, at)) return fraction;
  if (const auto decimal = ReadDecimal(words, at)) {
    return Amount{decimal->digits, decimal->end, decimal->scale};
  }
  const auto number = ReadNumber(words, at, /*article=*/!IsOfFraction(words, at));
  if (!number || number->ordinal) return std::nullopt;
  // "one fifty five dollars".
  const auto rest = words.Joined(number->end) ? ReadSmall(words, number->end) : std::nullopt;
  if (rest && number->digits.size() == 1 && number->end == at + 1 && rest->value >= 10) {
    if (number->digits == "0" || rest->ordinal) return std::nullopt;
    return Amount{number->digits + std::to_string(rest->value), rest->end, 0};
  }
  if (number->scale != 0 && number->end == number->scale + 1) {
    return Amount{number->mantissa, number->end, number->scale};
  }
  return Amount{number->digits, number->end, 0};
}

bool IsOneOf(const Words& words, std::size_t i, std::string_view a, std::string_view b) {
  return words.Then(i, a) || words.Then(i, b);
}

std::optional<Currency> ReadCurrency(const Words& words, std::size_t at) {
  std::size_t name = at;
  if (words.Then(at, "united") && words.Then(at + 1, "states")) name = at + 2;
  if (words.Then(at, "u") && words.Then(at + 1, "s")) name = at + 2;
  if (words.Then(at, "us") || words.Then(at, "u.s")) name = at + 1;
  if (IsOneOf(words, name, "dollar", "dollars")) {
    return Currency{"$", name + 1, words.Is(name, "dollar"), "cent", "cents"};
  }
  if (name != at) return std::nullopt;
  if (IsOneOf(words, at, "euro", "euros")) {
    return Currency{"\xE2\x82\xAC", at + 1, words.Is(at, "euro"), "cent", "cents"};
  }
  if (words.Then(at, "yen")) return Currency{"\xC2\xA5", at + 1, true, "", ""};
  if (IsOneOf(words, at, "pound", "pounds")) {
    Currency pounds = {"\xC2\xA3", at + 1, words.Is(at, "pound"), "penny", "pence"};
    if (words.Then(at + 1, "sterling")) pounds.end = at + 2;
    return pounds;
  }
  return std::nullopt;
}

// "and fifty cents" after "twenty dollars"; the value, and one past it.
std::optional<Small> ReadParts(const Words& words, const Currency& currency) {
  if (currency.part.empty()) return std::nullopt;
  const std::size_t begin = words.Then(currency.end, "and") ? currency.end + 1 : currency.end;
  if (!words.Joined(begin)) return std::nullopt;
  auto small = ReadSmall(words, begin);
  if (!small || small->ordinal || small->value == 0) return std::nullopt;
  if (IsOneOf(words, small->end, currency.part, currency.parts)) {
    ++small->end;
    return small;
  }
  // "seventy five dollars sixty three", but not "two dollars twenty people".
  static const WordSet* const goes_on = new WordSet{
      "a",      "per", "each", "and",  "is",      "was",  "for",   "plus",  "so",   "but", "or",
      "on",     "to",  "from", "with", "right",   "okay", "ok",    "today", "i",    "it",  "at",
      "please", "as",  "in",   "that", "because", "then", "which", "total", "extra"};
  const bool closed = !words.Joined(small->end) || IsIn(*goes_on, words, small->end);
  if (begin == currency.end && small->value >= 10 && closed) return small;
  return std::nullopt;
}

// ".05" of five cents.
std::string Fraction(int cents) { return (cents < 10 ? ".0" : ".") + std::to_string(cents); }

// "fifty cents", not "my two cents".
std::optional<Match> ReadCents(const Words& words, std::size_t at) {
  static const WordSet* const not_money =
      new WordSet{"my", "your", "his", "her", "their", "our", "dollars", "dollar", "and"};
  const auto small = ReadSmall(words, at);
  if (!small || small->ordinal || small->value == 0 || words.RunGoesBack(at)) return std::nullopt;
  if (!words.Then(small->end, small->value == 1 ? "cent" : "cents")) return std::nullopt;
  if (words.Joined(at) && IsIn(*not_money, words, at - 1)) return std::nullopt;
  const std::size_t end = small->end + 1;
  return Match{end, {{at, end, "$0" + Fraction(small->value)}}};
}

// "a dollar fifty".
std::optional<Match> ReadOneAndParts(const Words& words, std::size_t at) {
  if (!words.Is(at, "a") || IsOfFraction(words, at)) return std::nullopt;
  const auto currency = ReadCurrency(words, at + 1);
  if (!currency || !currency->singular) return std::nullopt;
  const auto parts = ReadParts(words, *currency);
  if (!parts) return std::nullopt;
  return Match{parts->end,
               {{at, parts->end, std::string(currency->symbol) + "1" + Fraction(parts->value)}}};
}

}  // namespace

std::optional<Match> ReadMoney(const Words& words, std::size_t at) {
  if (EndsRange(words, at) || IsFraction(words, at)) return std::nullopt;
  if (auto cents = ReadCents(words, at)) return cents;
  if (auto one = ReadOneAndParts(words, at)) return one;
  const auto amount = ReadAmount(words, at);
  if (!amount) return std::nullopt;
  if (words.Then(amount->end, "won") && amount->scale != 0) {
    return Match{amount->end + 1,
                 {{at, amount->scale, "\xE2\x82\xA9" + amount->digits},
                  {amount->scale, amount->end + 1, std::string(words.Written(amount->scale))}}};
  }
  const auto currency = ReadCurrency(words, amount->end);
  if (!currency) return std::nullopt;
  if (amount->digits == "1" && amount->scale == 0 && !currency->singular) return std::nullopt;
  const std::string written = std::string(currency->symbol) + amount->digits;
  // A pound is a weight, too.
  const bool weight = currency->part == "penny" && currency->end == amount->end + 1;
  if (amount->scale != 0) {
    if (weight) return std::nullopt;
    return Match{currency->end,
                 {{at, amount->scale, written},
                  {amount->scale, currency->end, std::string(words.Written(amount->scale))}}};
  }
  const auto parts = ReadParts(words, *currency);
  if (weight && !parts) return std::nullopt;
  if (parts && amount->digits.find('.') == std::string::npos) {
    return Match{parts->end, {{at, parts->end, written + Fraction(parts->value)}}};
  }
  if (words.RunGoesBack(currency->end)) return std::nullopt;
  return Match{currency->end, {{at, currency->end, written}}};
}

}  // namespace cxscribe::itn
