#include "plugins/redaction/date_reader.h"

#include <algorithm>
#include <string>

#include "plugins/redaction/number_reader.h"

namespace cxscribe::redaction {
namespace {

constexpr int kMonths = 12;
constexpr int kLongestMonth = 31;

int ToInt(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool IsMonth(int value) { return value >= 1 && value <= kMonths; }
bool IsDay(int value) { return value >= 1 && value <= kLongestMonth; }
// Of birth, or of a card's expiry.
bool IsYear(int value) { return value >= 1900 && value <= 2099; }

int MonthAt(const Tokens& tokens, std::size_t i) {
  const bool month = i < tokens.size() && tokens.list[i].kind == TokenKind::kWord &&
                     tokens.list[i].lexeme.Is(kMonth);
  return month ? tokens.list[i].lexeme.value : 0;
}

int OrdinalAt(const Tokens& tokens, std::size_t i) {
  const bool ordinal = i < tokens.size() && tokens.list[i].kind == TokenKind::kWord &&
                       tokens.list[i].lexeme.Is(kOrdinal);
  return ordinal ? tokens.list[i].lexeme.value : 0;
}

struct Part {
  int value = -1;
  std::size_t end = 0;  // 0: none
};

// "third", "twenty third", "the third", "3rd", "3", "twenty three".
Part ReadDay(const Tokens& tokens, std::size_t i) {
  if (tokens.IsWord(i, "the")) ++i;
  if (i >= tokens.size()) return {};
  const Token& token = tokens.list[i];
  if (token.kind == TokenKind::kDigits) {
    const std::string_view digits = tokens.Text(i);
    if (digits.size() > 2 || !IsDay(ToInt(digits))) return {};
    const bool suffix = i + 1 < tokens.size() && !tokens.list[i + 1].space_before &&
                        tokens.list[i + 1].kind == TokenKind::kWord;
    return {ToInt(digits), suffix ? i + 2 : i + 1};
  }
  if (token.kind != TokenKind::kWord) return {};
  if (const int day = OrdinalAt(tokens, i); day > 0) return {day, i + 1};
  if (token.lexeme.kind == LexemeKind::kTens) {
    std::size_t unit = i + 1;
    if (tokens.IsMark(unit, '-')) ++unit;
    const int ordinal = OrdinalAt(tokens, unit);
    if (ordinal > 0 && ordinal < 10) return {token.lexeme.value + ordinal, unit + 1};
  }
  const auto number = ReadNumber(tokens, i, false);
  if (!number || number->digits.size() > 2 || !IsDay(ToInt(number->digits))) return {};
  return {ToInt(number->digits), number->token_end};
}

// "1985", "eighty five", "nineteen eighty five", "two thousand and one".
Part ReadYear(const Tokens& tokens, std::size_t i) {
  std::string digits;
  std::size_t k = i;
  if (tokens.IsMark(k, '\'')) ++k;  // "'85"
  while (k < tokens.size() && digits.size() < 4) {
    const auto number = ReadNumber(tokens, k, !digits.empty());
    if (!number || number->amount || digits.size() + number->digits.size() > 4) break;
    if (k > i && tokens.list[k].segment != tokens.list[i].segment) break;
    digits += number->digits;
    k = number->token_end;
  }
  const int year = ToInt(digits);
  if (digits.size() == 2 || (digits.size() == 4 && IsYear(year))) return {year, k};
  return {};
}

// Past what may stand between the parts of a date.
std::size_t SkipJoiners(const Tokens& tokens, std::size_t i) {
  constexpr std::size_t kMost = 5;
  const std::size_t limit = i + kMost;
  while (i < limit && i < tokens.size()) {
    const LexemeKind kind = tokens.list[i].lexeme.kind;
    const bool pause = tokens.list[i].kind == TokenKind::kWord &&
                       (kind == LexemeKind::kHesitation || kind == LexemeKind::kFiller ||
                        tokens.list[i].lexeme.Is(kJoinsDate));
    if (!pause && !tokens.IsMark(i, ',') && !tokens.IsMark(i, '.') && !tokens.IsMark(i, '-') &&
        !tokens.IsMark(i, '/') && !tokens.IsWord(i, "of") && !tokens.IsWord(i, "in") &&
        !tokens.IsWord(i, "year") && !tokens.IsWord(i, "slash")) {
      break;
    }
    ++i;
  }
  return i;
}

// The separator of a date in figures at token i; 0: none.
char DateSlash(const Tokens& tokens, std::size_t i) {
  if (tokens.IsWord(i, "slash")) return '/';
  for (const char mark : {'/', '-', '.'}) {
    if (tokens.IsMark(i, mark)) return mark;
  }
  return 0;
}

std::string_view FiguresAt(const Tokens& tokens, std::size_t i) {
  const bool figures = i < tokens.size() && tokens.list[i].kind == TokenKind::kDigits;
  return figures ? tokens.Text(i) : std::string_view();
}

// "03/14/1985", "1985-03-14", "03/85".
SpokenDate ReadFigures(const Tokens& tokens, std::size_t at) {
  constexpr std::size_t kLongest = 4;
  const std::string_view first = FiguresAt(tokens, at);
  const std::string_view second = FiguresAt(tokens, at + 2);
  const char slash = DateSlash(tokens, at + 1);
  if (first.empty() || second.empty() || slash == 0 || first.size() > kLongest ||
      second.size() > kLongest || (at > 0 && tokens.IsMark(at - 1, '$'))) {
    return {};
  }
  const std::string_view third = FiguresAt(tokens, at + 4);
  SpokenDate date;
  const int a = ToInt(first);
  const int b = ToInt(second);
  if (DateSlash(tokens, at + 3) == slash && !third.empty() && third.size() <= kLongest) {
    const int c = ToInt(third);
    if (first.size() == 4 && IsYear(a) && IsMonth(b) && IsDay(c)) {
      date = {c, b, a, at + 5};
    } else if (first.size() <= 2 && second.size() <= 2 && IsDay(a) && IsDay(b) &&
               (IsMonth(a) || IsMonth(b)) && (third.size() == 2 || IsYear(c))) {
      date = IsMonth(a) ? SpokenDate{b, a, c, at + 5} : SpokenDate{a, b, c, at + 5};
    }
    return date;
  }
  if (slash == '.') return {};
  if (first.size() <= 2 && IsMonth(a) && (second.size() == 2 || IsYear(b))) {
    date = {0, a, b, at + 3};
  }
  return date;
}

// "oh four", which is two numbers, or a day.
Part ReadDayOrMonth(const Tokens& tokens, std::size_t i) {
  if (const auto zero = ReadNumber(tokens, i, false); zero && zero->digits == "0") {
    const auto unit = ReadNumber(tokens, zero->token_end, true);
    if (!unit || unit->digits.size() != 1 || unit->digits == "0") return {};
    return {ToInt(unit->digits), unit->token_end};
  }
  return ReadDay(tokens, i);
}

// "oh four slash twenty seven", "six of twenty six", "the second of the eleventh eighty one".
SpokenDate ReadSlashed(const Tokens& tokens, std::size_t at) {
  const auto joins = [&tokens](std::size_t i) {
    return tokens.IsWord(i, "slash") || tokens.IsWord(i, "of");
  };
  const Part first = ReadDayOrMonth(tokens, at);
  if (first.end == 0 || !tokens.SameSegment(at, first.end) || !joins(first.end)) return {};
  const std::size_t next = first.end + 1;
  const Part second = ReadDayOrMonth(tokens, next);
  if (second.end > 0 && (IsMonth(first.value) || IsMonth(second.value))) {
    const Part year = ReadYear(tokens, SkipJoiners(tokens, second.end));
    if (year.end > 0) {
      return IsMonth(first.value) ? SpokenDate{second.value, first.value, year.value, year.end}
                                  : SpokenDate{first.value, second.value, year.value, year.end};
    }
  }
  const Part year = ReadYear(tokens, next);
  if (year.end == 0 || !IsMonth(first.value)) return {};
  return {0, first.value, year.value, year.end};
}

}  // namespace

bool SpokenDate::MayEqual(const SpokenDate& other) const {
  const auto same_year = [](int a, int b) { return a == b || a % 100 == b || a == b % 100; };
  if (year >= 0 && other.year >= 0 && !same_year(year, other.year)) return false;
  if (day == other.day && month == other.month) return true;
  return day == other.month && month == other.day;
}

SpokenDate ReadDate(const Tokens& tokens, std::size_t at) {
  if (at >= tokens.size()) return {};
  if (const SpokenDate date = ReadFigures(tokens, at); date.end > 0) return date;
  if (const SpokenDate date = ReadSlashed(tokens, at); date.end > 0) return date;
  SpokenDate date;
  date.month = MonthAt(tokens, at);
  if (date.month > 0) {
    const std::size_t next = SkipJoiners(tokens, at + 1);
    Part year = ReadYear(tokens, next);
    const Part day = ReadDay(tokens, next);
    if (day.end > 0) {
      const Part later = ReadYear(tokens, SkipJoiners(tokens, day.end));
      // "march twenty twenty one" has no day, "march twenty eighty five" has one.
      const bool year_alone = year.end > 0 && year.value > 99 && year.end >= later.end;
      if (!year_alone) {
        date.day = day.value;
        date.end = day.end;
        year = later;
      }
    }
    if (year.end > 0) {
      date.year = year.value;
      date.end = year.end;
    }
    return date;
  }
  const Part day = ReadDay(tokens, at);
  if (day.end == 0) return {};
  std::size_t next = SkipJoiners(tokens, day.end);
  date.month = MonthAt(tokens, next);
  if (date.month == 0) return {};
  date.day = day.value;
  date.end = next + 1;
  next = SkipJoiners(tokens, date.end);
  if (const Part year = ReadYear(tokens, next); year.end > 0) {
    date.year = year.value;
    date.end = year.end;
  }
  return date;
}

bool AreDate(std::string_view d) {
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kLongest = 8;
  if (d.size() < kShortest || d.size() > kLongest) return false;
  if (d.size() == kLongest && IsYear(ToInt(d.substr(0, 4)))) {
    const int month = ToInt(d.substr(4, 2));
    const int day = ToInt(d.substr(6, 2));
    if (IsMonth(month) && IsDay(day)) return true;
  }
  for (const std::size_t a : {1U, 2U}) {
    for (const std::size_t b : {1U, 2U}) {
      if (a + b >= d.size()) continue;
      const std::size_t c = d.size() - a - b;
      const int first = ToInt(d.substr(0, a));
      const int second = ToInt(d.substr(a, b));
      const int year = ToInt(d.substr(a + b));
      if (c != 2 && (c != 4 || !IsYear(year))) continue;
      if (IsDay(first) && IsDay(second) && (IsMonth(first) || IsMonth(second))) return true;
    }
  }
  return false;
}

}  // namespace cxscribe::redaction
