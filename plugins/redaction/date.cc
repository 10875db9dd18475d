#include "plugins/redaction/date.h"

#include <optional>
#include <unordered_map>

#include "plugins/redaction/number_reader.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {
namespace {

// A date is taken for the answer only this soon after the cue; "born" stays in the air for longer
// than that.
constexpr int kReach = 14;

bool IsMonth(std::string_view word) {
  static const std::unordered_map<std::string_view, int>* const months =
      new std::unordered_map<std::string_view, int>{
          {"january", 1},   {"february", 2},  {"march", 3},  {"april", 4},     {"may", 5},
          {"june", 6},      {"july", 7},      {"august", 8}, {"september", 9}, {"october", 10},
          {"november", 11}, {"december", 12}, {"jan", 1},    {"feb", 2},       {"mar", 3},
          {"apr", 4},       {"jun", 6},       {"jul", 7},    {"aug", 8},       {"sep", 9},
          {"sept", 9},      {"oct", 10},      {"nov", 11},   {"dec", 12}};
  return months->count(word) != 0;
}

bool IsOrdinal(std::string_view word) {
  static const std::unordered_map<std::string_view, int>* const ordinals =
      new std::unordered_map<std::string_view, int>{
          {"first", 1},        {"second", 2},      {"third", 3},       {"fourth", 4},
          {"fifth", 5},        {"sixth", 6},       {"seventh", 7},     {"eighth", 8},
          {"ninth", 9},        {"tenth", 10},      {"eleventh", 11},   {"twelfth", 12},
          {"thirteenth", 13},  {"fourteenth", 14}, {"fifteenth", 15},  {"sixteenth", 16},
          {"seventeenth", 17}, {"eighteenth", 18}, {"nineteenth", 19}, {"twentieth", 20},
          {"thirtieth", 30}};
  return ordinals->count(word) != 0;
}

// The end of a day of the month at token i, or i: "third", "twenty third", "3rd", "3", "twenty
// three".
std::size_t DayEnd(const Tokens& tokens, std::size_t i) {
  if (tokens.IsWord(i, "the")) {
    const std::size_t end = DayEnd(tokens, i + 1);
    return end == i + 1 ? i : end;
  }
  if (i >= tokens.size()) return i;
  const Token& token = tokens.list[i];
  if (token.kind == TokenKind::kDigits && tokens.Text(i).size() <= 2) {
    if (i + 1 < tokens.size() && !tokens.list[i + 1].space_before &&
        tokens.list[i + 1].kind == TokenKind::kWord) {
      return i + 2;  // "3rd"
    }
    return i + 1;
  }
  if (token.kind != TokenKind::kWord) return i;
  if (IsOrdinal(tokens.Text(i))) return i + 1;
  if (token.lexeme.kind == LexemeKind::kTens) {
    std::size_t unit = i + 1;
    if (tokens.IsMark(unit, '-')) ++unit;
    if (unit < tokens.size() && tokens.list[unit].kind == TokenKind::kWord &&
        IsOrdinal(tokens.Text(unit))) {
      return unit + 1;
    }
  }
  const auto number = ReadNumber(tokens, i, false);
  return number && number->digits.size() <= 2 ? number->token_end : i;
}

// The end of a year at token i, or i: "1985", "eighty five", "nineteen eighty five", "two thousand
// and one".
std::size_t YearEnd(const Tokens& tokens, std::size_t i) {
  std::size_t digits = 0;
  std::size_t k = i;
  while (k < tokens.size() && digits < 4) {
    const auto number = ReadNumber(tokens, k, digits > 0);
    if (!number || number->amount || digits + number->digits.size() > 4) break;
    if (k > i && tokens.list[k].segment != tokens.list[i].segment) break;
    digits += number->digits.size();
    k = number->token_end;
    if (number->digits.size() == 4) break;
  }
  return digits == 2 || digits == 4 ? k : i;
}

std::size_t SkipJoiners(const Tokens& tokens, std::size_t i) {
  while (tokens.IsMark(i, ',') || tokens.IsMark(i, '.') || tokens.IsWord(i, "of") ||
         tokens.IsWord(i, "in")) {
    ++i;
  }
  return i;
}

bool IsDateSlash(const Tokens& tokens, std::size_t i) {
  return tokens.IsMark(i, '/') || tokens.IsMark(i, '-') || tokens.IsMark(i, '.') ||
         tokens.IsWord(i, "slash");
}

bool IsShortFigure(const Tokens& tokens, std::size_t i, std::size_t longest) {
  return i < tokens.size() && tokens.list[i].kind == TokenKind::kDigits &&
         tokens.Text(i).size() <= longest;
}

// The end of a date at token i, or i. `with_day` asks for day and month, else month and year are
// enough.
std::size_t DateEnd(const Tokens& tokens, std::size_t i, bool with_day) {
  if (IsShortFigure(tokens, i, 4) && IsDateSlash(tokens, i + 1) &&
      IsShortFigure(tokens, i + 2, 4)) {
    if (IsDateSlash(tokens, i + 3) && IsShortFigure(tokens, i + 4, 4)) return i + 5;
    return with_day ? i : i + 3;
  }
  if (tokens.list[i].kind == TokenKind::kWord && IsMonth(tokens.Text(i))) {
    if (!with_day) {
      const std::size_t year = SkipJoiners(tokens, i + 1);
      return YearEnd(tokens, year) > year ? YearEnd(tokens, year) : i;
    }
    const std::size_t day = SkipJoiners(tokens, i + 1);
    const std::size_t day_end = DayEnd(tokens, day);
    if (day_end == day) return i;
    const std::size_t year = SkipJoiners(tokens, day_end);
    const std::size_t year_end = YearEnd(tokens, year);
    return year_end > year ? year_end : day_end;
  }
  if (!with_day) return i;
  const std::size_t day_end = DayEnd(tokens, i);
  if (day_end == i) return i;
  const std::size_t month = SkipJoiners(tokens, day_end);
  if (month >= tokens.size() || tokens.list[month].kind != TokenKind::kWord ||
      !IsMonth(tokens.Text(month))) {
    return i;
  }
  const std::size_t year = SkipJoiners(tokens, month + 1);
  const std::size_t year_end = YearEnd(tokens, year);
  return year_end > year ? year_end : month + 1;
}

int ToInt(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool IsCalendarDay(int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

}  // namespace

void FindDates(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  TopicReader topics(tokens);
  for (std::size_t i = 0; i < tokens.size();) {
    pulse->Tick();
    const Topic topic = topics.Before(i);
    const bool birth = topic == Topic::kBirthDate;
    if ((!birth && topic != Topic::kCardExpiry) || topics.words_since() > kReach) {
      ++i;
      continue;
    }
    const std::size_t end = DateEnd(tokens, i, birth);
    if (end == i) {
      ++i;
      continue;
    }
    Hit hit;
    hit.ranges.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)});
    hit.verdict = birth ? Verdict{Entity::kBirthDate, 0.85, "date-of-birth",
                                  "a date, said where a date of birth is asked for"}
                        : Verdict{Entity::kCardExpiry, 0.85, "card-expiry",
                                  "a month and a year, said where the card's expiry is asked for"};
    out->push_back(std::move(hit));
    i = end;
  }
}

void FindBirthDates(const DigitRun& run, std::vector<Candidate>* out) {
  if (run.topic != Topic::kBirthDate || run.topic_distance > kReach) return;
  const std::string_view d = run.digits;
  bool date = false;
  if (d.size() == 8) {
    const bool year_first = d.substr(0, 2) == "19" || d.substr(0, 2) == "20";
    date = year_first ? IsCalendarDay(ToInt(d.substr(4, 2)), ToInt(d.substr(6, 2)))
                      : (d.substr(4, 2) == "19" || d.substr(4, 2) == "20") &&
                            (IsCalendarDay(ToInt(d.substr(0, 2)), ToInt(d.substr(2, 2))) ||
                             IsCalendarDay(ToInt(d.substr(2, 2)), ToInt(d.substr(0, 2))));
  } else if (d.size() == 7) {
    date = d.substr(3, 2) == "19" || d.substr(3, 2) == "20";
  } else if (d.size() == 6) {
    date = IsCalendarDay(ToInt(d.substr(0, 2)), ToInt(d.substr(2, 2))) ||
           IsCalendarDay(ToInt(d.substr(2, 2)), ToInt(d.substr(0, 2)));
  } else if (d.size() == 5) {
    date = IsCalendarDay(ToInt(d.substr(0, 1)), ToInt(d.substr(1, 2)));
  }
  if (!date) return;
  out->push_back({0,
                  static_cast<std::uint32_t>(run.items.size()),
                  {Entity::kBirthDate, 0.8, "date-of-birth",
                   "digits that form a date, said where a date of birth is asked for"}});
}

}  // namespace cxscribe::redaction
