// Dates and years: see readers.h.
#include <string>

#include "plugins/inverse_text_normalisation/number.h"
#include "plugins/inverse_text_normalisation/readers.h"
#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

constexpr int kMostDays = 31;

struct Year {
  std::string digits;
  std::size_t end = 0;
};

// Two halves: "nineteen eighty four", "twenty oh nine". `oldest` is the first half of the oldest
// century that is not taken for something else.
std::optional<Year> ReadHalves(const Words& words, std::size_t at, int oldest) {
  const Lexeme century = words.At(at);
  const bool teen = century.kind == Kind::kTeen && century.value >= oldest;
  const bool twenty = century.kind == Kind::kTens && century.value == 20;
  if (century.ordinal || (!teen && !twenty)) return std::nullopt;
  const std::string first = std::to_string(century.value);
  if (words.Next(at + 1).kind == Kind::kOh || words.Then(at + 1, "zero")) {
    const Lexeme digit = words.Next(at + 2);
    if (digit.kind != Kind::kDigit || digit.ordinal || digit.value == 0) return std::nullopt;
    return Year{first + '0' + std::to_string(digit.value), at + 3};
  }
  const auto half = words.Joined(at + 1) ? ReadSmall(words, at + 1) : std::nullopt;
  // Nobody speaks of 2040 yet; "twenty sixty" is something else.
  if (!half || half->ordinal || half->value < 10 || (twenty && half->value >= 40)) {
    return std::nullopt;
  }
  return Year{first + std::to_string(half->value), half->end};
}

// "two thousand twelve", "one nine eight four".
std::optional<Year> ReadWhole(const Words& words, std::size_t at) {
  const auto number = ReadNumber(words, at);
  if (number && !number->ordinal && number->digits.size() == 4 && number->digits < "2100") {
    return Year{number->digits, number->end};
  }
  if (words.RunEnd(at) != at + 4) return std::nullopt;
  const auto keyed = ReadKeyed(words, at, at + 4);
  if (!keyed || keyed->digits.size() != 4) return std::nullopt;
  const std::string century = keyed->digits.substr(0, 2);
  if (century != "19" && century != "20") return std::nullopt;
  return Year{keyed->digits, at + 4};
}

// A year that ends its run.
std::optional<Year> ReadYear(const Words& words, std::size_t at, int oldest) {
  auto year = ReadHalves(words, at, oldest);
  if (!year) year = ReadWhole(words, at);
  if (!year || words.RunGoesBack(year->end)) return std::nullopt;
  return year;
}

// After a month: "nineteen eighty", maybe behind a comma.
std::optional<Year> ReadYearOfDate(const Words& words, std::size_t at) {
  if (!words.Joined(at) && !words.AfterComma(at)) return std::nullopt;
  constexpr int kNineteen = 19;  // "july fifteen oh six" is a day, or a year
  return ReadYear(words, at, kNineteen);
}

// Months that are other words, too.
bool IsCertainMonth(const Words& words, std::size_t month) {
  if (!words.Is(month, "may") && !words.Is(month, "march")) return true;
  static const WordSet* const before = new WordSet{
      "on",      "of", "in",  "by", "since", "until", "till", "from", "before", "after", "through",
      "between", "is", "was", "to", "for",   "it's",  "born", "date", "birth",  "due"};
  return month > 0 && IsIn(*before, words, month - 1);
}

// "march nineteen sixty one" may be the nineteenth; not so "in march nineteen sixty one".
bool IsYearCertain(const Words& words, std::size_t month) {
  if (!ReadHalves(words, month + 1, 0)) return true;
  static const WordSet* const before = new WordSet{"in", "since", "of"};
  static const WordSet* const births = new WordSet{"born", "birth", "birthday", "dob"};
  if (!words.Joined(month) || !IsIn(*before, words, month - 1)) return false;
  constexpr std::size_t kReach = 8;
  for (std::size_t i = month; i > 0 && month - i < kReach; --i) {
    if (IsIn(*births, words, i - 1)) return false;
  }
  return true;
}

void Add(const Year& year, std::size_t begin, Match* match) {
  match->rewrites.push_back({begin, year.end, year.digits});
  match->end = year.end;
}

// "july twenty fifth two thousand twelve", "june thirty", "july two thousand twelve".
std::optional<Match> ReadMonthFirst(const Words& words, std::size_t month) {
  const std::size_t at = month + 1;
  if (!words.Joined(at)) return std::nullopt;
  Match match;
  if (const auto year = ReadYearOfDate(words, at)) {
    if (!IsYearCertain(words, month)) return std::nullopt;
    Add(*year, at, &match);
    return match;
  }
  const auto day = ReadSmall(words, at);
  if (!day || day->value < 1 || day->value > kMostDays) return std::nullopt;
  match.rewrites.push_back({at, day->end, std::to_string(day->value)});
  match.end = day->end;
  if (const auto year = ReadYearOfDate(words, day->end)) {
    Add(*year, day->end, &match);
    return match;
  }
  // "july first thing in the morning", "june five people".
  static const WordSet* const not_days =
      new WordSet{"thing", "things", "quarter", "half", "week", "time", "of"};
  if (words.RunGoesBack(day->end) || !IsCertainMonth(words, month)) return std::nullopt;
  if (words.Joined(day->end) && IsIn(*not_days, words, day->end)) return std::nullopt;
  if (!day->ordinal && day->value < 10 && words.Joined(day->end)) return std::nullopt;
  return match;
}

// "the twenty fifth of july twenty twelve", with or without "the".
std::optional<Match> ReadDayFirst(const Words& words, std::size_t at) {
  const std::size_t begin = words.Is(at, "the") && words.Joined(at + 1) ? at + 1 : at;
  if (begin == at && words.Joined(at) && (words.Is(at - 1, "very") || words.Is(at - 1, "every"))) {
    return std::nullopt;
  }
  const auto day = ReadSmall(words, begin);
  if (!day || !day->ordinal || day->value < 1 || day->value > kMostDays) return std::nullopt;
  const std::size_t month = day->end + 1;
  if (!words.Then(day->end, "of") || words.Next(month).kind != Kind::kMonth) return std::nullopt;
  Match match;
  match.rewrites.push_back({at, month, std::to_string(day->value)});
  match.end = month + 1;
  if (const auto year = ReadYearOfDate(words, month + 1)) Add(*year, month + 1, &match);
  if (words.Joined(match.end) && words.IsNumberAt(match.end)) return std::nullopt;
  return match;
}

// "second quarter of twenty twenty two".
std::optional<Match> ReadQuarter(const Words& words, std::size_t at) {
  const Lexeme which = words.At(at);
  if (which.kind != Kind::kDigit || !which.ordinal || which.value < 1 || which.value > 4) {
    return std::nullopt;
  }
  if (!words.Then(at + 1, "quarter") || !words.Then(at + 2, "of") || !words.Joined(at + 3)) {
    return std::nullopt;
  }
  constexpr int kSeventeen = 17;
  const auto year = ReadYear(words, at + 3, kSeventeen);
  if (!year) return std::nullopt;
  Match match;
  match.rewrites.push_back({at, at + 3, "Q" + std::to_string(which.value)});
  Add(*year, at + 3, &match);
  return match;
}

// "nineteen eighties".
std::optional<Match> ReadDecade(const Words& words, std::size_t at) {
  const Lexeme century = words.At(at);
  const Lexeme decade = words.Next(at + 1);
  if (century.kind != Kind::kTeen || century.ordinal || century.value < 16) return std::nullopt;
  if (decade.kind != Kind::kDecade) return std::nullopt;
  const std::string digits = std::to_string(century.value) + std::to_string(decade.value);
  return Match{at + 2, {{at, at + 2, digits + "s"}}};
}

// "seven fifty b c".
std::optional<Match> ReadEra(const Words& words, std::size_t at) {
  const std::size_t end = words.RunEnd(at);
  std::size_t after = end;
  if (words.Then(end, "b") && words.Then(end + 1, "c")) after = end + 2;
  if (words.Then(end, "bc")) after = end + 1;
  if (after == end) return std::nullopt;
  const std::string digits = ReadDigits(words, at, end);
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  return Match{after, {{at, after, digits + "BC"}}};
}

// "in nineteen eighty four", not "for nineteen eighty four a month".
std::optional<Match> ReadYearAlone(const Words& words, std::size_t at) {
  static const WordSet* const before =
      new WordSet{"in",     "since",  "of",     "until", "till",   "by",   "from", "during",
                  "before", "after",  "around", "year",  "early",  "late", "mid",  "circa",
                  "spring", "summer", "autumn", "fall",  "winter", "back"};
  static const WordSet* const prices =
      new WordSet{"a",    "an",      "per",    "each",    "plus",    "for",     "cents",
                  "cent", "percent", "dollar", "dollars", "monthly", "minutes", "hours"};
  constexpr int kSeventeen = 17;
  const auto year = ReadHalves(words, at, kSeventeen);
  if (!year || words.RunGoesBack(year->end)) return std::nullopt;
  const bool alone = at == 0 && year->end == words.size();
  if (!alone && !(words.Joined(at) && IsIn(*before, words, at - 1))) return std::nullopt;
  if (words.Joined(year->end) && (IsIn(*prices, words, year->end) || words.HasFigure(year->end))) {
    return std::nullopt;
  }
  Match match;
  Add(*year, at, &match);
  return match;
}

}  // namespace

std::optional<Match> ReadDate(const Words& words, std::size_t at) {
  if (words.At(at).kind == Kind::kMonth) return ReadMonthFirst(words, at);
  if (auto match = ReadDayFirst(words, at)) return match;
  if (auto match = ReadQuarter(words, at)) return match;
  if (!words.InRun(at) || words.RunGoesBack(at)) return std::nullopt;
  if (auto match = ReadDecade(words, at)) return match;
  if (auto match = ReadEra(words, at)) return match;
  return ReadYearAlone(words, at);
}

}  // namespace cxscribe::itn
