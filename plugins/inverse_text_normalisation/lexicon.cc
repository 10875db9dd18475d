#include "plugins/inverse_text_normalisation/lexicon.h"

#include <initializer_list>
#include <unordered_map>

namespace cxscribe::itn {
namespace {

using Table = std::unordered_map<std::string_view, Lexeme>;

Table MakeTable() {
  Table table;
  const auto count = [&table](Kind kind, int first, int step, bool ordinal,
                              std::initializer_list<std::string_view> words) {
    int value = first;
    for (const std::string_view word : words) {
      table[word] = {kind, static_cast<std::uint8_t>(value), ordinal};
      value += step;
    }
  };
  count(Kind::kDigit, 0, 1, false,
        {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"});
  count(Kind::kDigit, 0, 1, true,
        {"zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
         "ninth"});
  count(Kind::kTeen, 10, 1, false,
        {"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
         "eighteen", "nineteen"});
  count(Kind::kTeen, 10, 1, true,
        {"tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
         "seventeenth", "eighteenth", "nineteenth"});
  count(Kind::kTens, 20, 10, false,
        {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"});
  count(Kind::kTens, 20, 10, true,
        {"twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth",
         "ninetieth"});
  count(Kind::kDecade, 20, 10, false,
        {"twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties",
         "nineties"});
  count(Kind::kHundred, 2, 0, false, {"hundred"});
  count(Kind::kHundred, 2, 0, true, {"hundredth"});
  // The short scale.
  count(Kind::kScale, 3, 3, false,
        {"thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
         "septillion", "octillion", "nonillion"});
  count(Kind::kScale, 3, 3, true, {"thousandth", "millionth", "billionth", "trillionth"});
  count(Kind::kScale, 5, 0, false, {"lakh", "lakhs"});
  count(Kind::kScale, 7, 0, false, {"crore", "crores"});
  count(Kind::kOh, 0, 0, false, {"oh", "o"});
  count(Kind::kRepeat, 2, 1, false, {"double", "triple", "quadruple"});
  count(Kind::kMonth, 1, 1, false,
        {"january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december"});
  return table;
}

}  // namespace

Lexeme LexemeOf(std::string_view lower) {
  static const Table* const table = new Table(MakeTable());  // outlives every caller, never freed
  constexpr std::size_t kLongest = 11;
  if (lower.empty() || lower.size() > kLongest) return {};
  const auto found = table->find(lower);
  if (found != table->end()) return found->second;
  const bool letter = lower.size() == 1 && lower[0] >= 'a' && lower[0] <= 'z';
  return letter ? Lexeme{Kind::kLetter, 0, false} : Lexeme{};
}

}  // namespace cxscribe::itn
