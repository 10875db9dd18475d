// Times of day: see readers.h.
#include <string>

#include "plugins/inverse_text_normalisation/number.h"
#include "plugins/inverse_text_normalisation/readers.h"
#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

std::optional<Small> ReadHour(const Words& words, std::size_t at) {
  const Lexeme lexeme = words.At(at);
  const bool small = lexeme.kind == Kind::kDigit || lexeme.kind == Kind::kTeen;
  if (!small || lexeme.ordinal || lexeme.value < 1 || lexeme.value > 12) return std::nullopt;
  return Small{lexeme.value, false, at + 1};
}

// "thirty", "oh five".
std::optional<Small> ReadMinutes(const Words& words, std::size_t at) {
  if (!words.Joined(at)) return std::nullopt;
  if (words.At(at).kind == Kind::kOh) {
    const Lexeme digit = words.Next(at + 1);
    if (digit.kind != Kind::kDigit || digit.ordinal || digit.value == 0) return std::nullopt;
    return Small{digit.value, false, at + 2};
  }
  const auto minutes = ReadSmall(words, at);
  if (!minutes || minutes->ordinal || minutes->value < 10 || minutes->value > 59) {
    return std::nullopt;
  }
  return minutes;
}

std::string Clock(int hour, int minutes) {
  return std::to_string(hour) + (minutes < 10 ? ":0" : ":") + std::to_string(minutes);
}

// Adds "pm" where "p m", "pm" or "p.m." is said at `at`; false: it is not.
bool AddHalf(const Words& words, std::size_t at, Match* match) {
  if (!words.Joined(at)) return false;
  if ((words.Is(at, "a") || words.Is(at, "p")) && words.Then(at + 1, "m")) {
    match->rewrites.push_back(
        {at, at + 2, std::string(words.Written(at)) + std::string(words.Written(at + 1))});
    match->end = at + 2;
    return true;
  }
  // "at five am i late".
  const bool am = words.Is(at, "am") && !words.Then(at + 1, "i");
  if (!am && !words.Is(at, "pm") && !words.Is(at, "a.m") && !words.Is(at, "p.m")) return false;
  match->end = at + 1;
  return true;
}

// "half past five", "quarter to six", "a quarter past nine".
std::optional<Match> ReadRelative(const Words& words, std::size_t at) {
  std::size_t next = words.Is(at, "a") && words.Then(at + 1, "quarter") ? at + 1 : at;
  const bool half = words.Is(next, "half");
  if (!half && !words.Is(next, "quarter")) return std::nullopt;
  // "three and a half past five".
  if (words.Joined(at) && (words.Is(at - 1, "a") || words.Is(at - 1, "and"))) return std::nullopt;
  const bool to = !half && words.Then(next + 1, "to");
  if (!to && !words.Then(next + 1, "past") && (half || !words.Then(next + 1, "after"))) {
    return std::nullopt;
  }
  if (!words.Joined(next + 2)) return std::nullopt;
  const auto hour = ReadHour(words, next + 2);
  if (!hour || words.RunEnd(next + 2) != hour->end) return std::nullopt;
  // "a quarter to ten percent".
  static const WordSet* const units = new WordSet{"percent", "dollars", "cents", "per", "people"};
  if (words.Joined(hour->end) && IsIn(*units, words, hour->end)) return std::nullopt;
  const int before = hour->value == 1 ? 12 : hour->value - 1;
  const std::string written = to ? Clock(before, 45) : Clock(hour->value, half ? 30 : 15);
  Match match = {hour->end, {{at, hour->end, written}}};
  AddHalf(words, hour->end, &match);
  return match;
}

// What makes "eleven fifty" a time and not a price, without "a m".
bool IsTimeByContext(const Words& words, std::size_t at, std::size_t end) {
  static const WordSet* const before = new WordSet{"at", "until", "till"};
  static const WordSet* const after =
      new WordSet{"in",      "on",      "today",    "tomorrow", "tonight", "and",  "or", "eastern",
                  "central", "pacific", "mountain", "sharp",    "this",    "then", "so", "would",
                  "works",   "because", "but",      "if",       "i",       "we",   "you"};
  if (!words.Joined(at) || !IsIn(*before, words, at - 1)) return false;
  return !words.Joined(end) || IsIn(*after, words, end);
}

// An hour, or an hour with minutes, that is the whole of its run.
struct Said {
  std::string written;
  std::size_t end = 0;
  bool minutes = false;
};

std::optional<Said> ReadSaid(const Words& words, std::size_t at) {
  if (!words.InRun(at) || words.RunGoesBack(at)) return std::nullopt;
  const auto hour = ReadHour(words, at);
  if (!hour) return std::nullopt;
  const auto minutes = ReadMinutes(words, hour->end);
  const std::size_t end = minutes ? minutes->end : hour->end;
  if (words.RunEnd(at) != end) return std::nullopt;
  if (!minutes) return Said{std::to_string(hour->value), end, false};
  return Said{Clock(hour->value, minutes->value), end, true};
}

// "between two and four p m": the half of the day is said of both.
std::optional<Match> ReadSpan(const Words& words, std::size_t at, const Said& from) {
  static const WordSet* const joins = new WordSet{"to", "or", "until", "till", "through"};
  const std::size_t join = from.end;
  const auto follows = [&words, at](std::string_view word) {
    return words.Joined(at) && words.Is(at - 1, word);
  };
  const bool between = words.Is(join, "and") && follows("between");
  if (!words.Joined(join) || !(between || IsIn(*joins, words, join))) return std::nullopt;
  // "ten to four p m" may be one time.
  const bool minutes = from.written == "5" || from.written == "10";
  if (minutes && words.Is(join, "to") && !follows("from")) return std::nullopt;
  const auto to = words.Joined(join + 1) ? ReadSaid(words, join + 1) : std::nullopt;
  if (!to) return std::nullopt;
  Match match = {to->end, {{at, from.end, from.written}, {join + 1, to->end, to->written}}};
  if (!AddHalf(words, to->end, &match)) return std::nullopt;
  return match;
}

}  // namespace

std::optional<Match> ReadTime(const Words& words, std::size_t at) {
  if (!words.InRun(at)) return ReadRelative(words, at);
  const auto said = ReadSaid(words, at);
  if (!said || EndsRange(words, at)) return std::nullopt;
  if (auto span = ReadSpan(words, at, *said)) return span;
  const std::size_t end = said->end;
  Match match = {end, {{at, end, said->written}}};
  if (AddHalf(words, end, &match)) return match;
  if (words.Then(end, "o'clock") || words.Then(end,
                                               "o\xE2\x80\x99"
                                               "clock"))
    return match;
  if (said->minutes && IsTimeByContext(words, at, end)) return match;
  return std::nullopt;
}

}  // namespace cxscribe::itn
