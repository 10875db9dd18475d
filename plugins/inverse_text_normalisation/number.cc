#include "plugins/inverse_text_normalisation/number.h"

#include <algorithm>

#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

// Of a number as a whole; 10^33 is the largest scale.
constexpr std::size_t kMostDigits = 40;

// A number below ten thousand without a scale: "two hundred and four", "eleven hundred". `between`:
// "and" is not part of a number.
struct Group {
  int value = 0;
  bool ordinal = false;
  std::size_t end = 0;
};

bool IsArticled(const Words& words, std::size_t at) {
  const Lexeme next = words.Next(at + 1);
  return words.Is(at, "a") && !next.ordinal &&
         (next.kind == Kind::kHundred || next.kind == Kind::kScale);
}

bool IsHundred(const Words& words, std::size_t at) { return words.Next(at).kind == Kind::kHundred; }

// What may follow "hundred": a number below one hundred that is not the next one's head.
std::optional<Small> ReadRest(const Words& words, std::size_t at, bool between) {
  if (between && words.Then(at, "and")) return std::nullopt;
  const std::size_t begin = words.Then(at, "and") ? at + 1 : at;
  if (!words.Joined(begin)) return std::nullopt;
  const auto small = ReadSmall(words, begin);
  if (!small || small->value == 0 || IsHundred(words, small->end)) return std::nullopt;
  return small;
}

std::optional<Group> ReadGroup(const Words& words, std::size_t at, bool article, bool between) {
  Small head = {1, false, at + 1};
  if (!article || !IsArticled(words, at)) {
    const auto small = ReadSmall(words, at);
    if (!small) return std::nullopt;
    head = *small;
  }
  Group group = {head.value, head.ordinal, head.end};
  // "eleven hundred", but not "ten hundred".
  if (group.ordinal || group.value % 10 == 0 || !IsHundred(words, group.end)) return group;
  group.value *= 100;
  group.ordinal = words[group.end].lexeme.ordinal;
  ++group.end;
  if (group.ordinal) return group;
  if (const auto rest = ReadRest(words, group.end, between)) {
    group.value += rest->value;
    group.ordinal = rest->ordinal;
    group.end = rest->end;
  }
  return group;
}

// Writes `value` so that its last digit stands for 10^exponent.
void Place(int value, std::size_t exponent, std::string* digits) {
  for (std::size_t at = digits->size() - exponent; value > 0; value /= 10) {
    (*digits)[--at] = static_cast<char>('0' + value % 10);
  }
}

bool IsHesitation(const Words& words, std::size_t i) {
  return words.Is(i, "uh") || words.Is(i, "um");
}

bool IsRange(const Words& words, std::size_t i) { return words.Is(i, "or") || words.Is(i, "to"); }

}  // namespace

bool IsScaled(const Words& words, std::size_t last) {
  const Kind kind = words.At(last).kind;
  return kind == Kind::kHundred || kind == Kind::kScale;
}

bool EndsRange(const Words& words, std::size_t at) {
  if (at < 2 || !words.IsNumberAt(at - 2)) return false;
  return words.Joined(at) && (IsRange(words, at - 1) || IsHesitation(words, at - 1));
}

bool IsFraction(const Words& words, std::size_t at) {
  return at > 0 && words.Joined(at) && words.Is(at - 1, "point");
}

bool IsOfFraction(const Words& words, std::size_t at) {
  static const WordSet* const parts = new WordSet{"half", "quarter", "third", "fifth", "tenth"};
  return words.Joined(at) && (words.HasFigure(at - 1) || IsIn(*parts, words, at - 1));
}

bool IsPartOfNumber(const Words& words, std::size_t at, std::size_t end) {
  if (IsFraction(words, at)) return true;
  if (at >= 2 && words.IsNumberAt(at - 2)) {
    if (IsHesitation(words, at - 1)) return true;
    if (IsRange(words, at - 1) && IsScaled(words, end - 1) && !IsScaled(words, at - 2)) return true;
  }
  if (words.IsNumberAt(end + 1)) {
    if (IsHesitation(words, end)) return true;
    const std::size_t last = words.RunEnd(end + 1) - 1;
    if (IsRange(words, end) && words.InRun(end + 1) && IsScaled(words, last) &&
        !IsScaled(words, end - 1)) {
      return true;
    }
  }
  if (words.Then(end, "some") || words.Then(end, "something") || words.Then(end, "odd"))
    return true;
  return words.Then(end, "and") && words.Then(end + 1, "a") &&
         (words.Then(end + 2, "half") || words.Then(end + 2, "quarter"));
}

std::optional<Small> ReadSmall(const Words& words, std::size_t at) {
  const Lexeme head = words.At(at);
  if (head.kind != Kind::kDigit && head.kind != Kind::kTeen && head.kind != Kind::kTens) {
    return std::nullopt;
  }
  Small small = {head.value, head.ordinal, at + 1};
  const Lexeme unit = words.Next(at + 1);
  if (head.kind == Kind::kTens && !head.ordinal && unit.kind == Kind::kDigit && unit.value > 0) {
    small = {head.value + unit.value, unit.ordinal, at + 2};
  }
  return small;
}

std::optional<Number> ReadNumber(const Words& words, std::size_t at, bool article) {
  Number number;
  std::string digits(kMostDigits, '0');
  std::size_t room = kMostDigits;  // the places below the last scale
  // "between one hundred and two hundred": two numbers.
  const bool between = at > 0 && words.Joined(at) && words.Is(at - 1, "between");
  for (std::size_t next = at; room > 0 && !number.ordinal;) {
    const bool first = next == at;
    if (!first && words.Then(next, "and")) {
      if (between) break;
      ++next;
    }
    if (!first && !words.Joined(next)) break;
    const auto group = ReadGroup(words, next, article && first, between);
    if (!group || (!first && group->value == 0)) break;
    const std::size_t size = std::to_string(group->value).size();
    const Lexeme scale = group->ordinal ? Lexeme{} : words.Next(group->end);
    const bool scaled = scale.kind == Kind::kScale && group->value > 0 && size <= 3;
    const std::size_t exponent = scaled ? scale.value : 0;
    if (exponent + size > room) break;
    Place(group->value, exponent, &digits);
    number.end = group->end + (scaled ? 1 : 0);
    number.ordinal = scaled ? scale.ordinal : group->ordinal;
    const bool large = scaled && !scale.ordinal && scale.value >= 6 && first;
    number.scale = large ? group->end : 0;
    number.mantissa = large ? std::to_string(group->value) : "";
    next = number.end;
    room = exponent;
  }
  if (number.end == 0) return std::nullopt;
  number.digits = digits.substr(std::min(digits.find_first_not_of('0'), kMostDigits - 1));
  return number;
}

std::optional<Decimal> ReadDecimal(const Words& words, std::size_t at) {
  const auto whole = ReadNumber(words, at);
  if (!whole || whole->ordinal || !words.Then(whole->end, "point")) return std::nullopt;
  Decimal decimal;
  decimal.digits = whole->digits + '.';
  std::size_t next = whole->end + 1;
  const auto small = ReadSmall(words, next);
  if (small && !small->ordinal && small->value >= 10) {
    decimal.digits += std::to_string(small->value);
    next = small->end;
  } else {
    while (next < whole->end + 1 + kMostDigits &&
           ((words.Next(next).kind == Kind::kDigit && !words[next].lexeme.ordinal) ||
            words.Next(next).kind == Kind::kOh)) {
      decimal.digits += static_cast<char>('0' + words[next].lexeme.value);
      ++next;
    }
  }
  if (decimal.digits.back() == '.') return std::nullopt;
  const Lexeme scale = words.Next(next);
  if (scale.kind == Kind::kScale && !scale.ordinal && scale.value >= 5) decimal.scale = next++;
  decimal.end = next;
  if (words.RunGoesBack(next)) return std::nullopt;  // something follows that is not understood
  return decimal;
}

std::optional<Keyed> ReadKeyed(const Words& words, std::size_t begin, std::size_t end) {
  Keyed keyed;
  for (std::size_t i = begin; i < end; ++i) {
    const Lexeme lexeme = words[i].lexeme;
    if (lexeme.ordinal) return std::nullopt;
    switch (lexeme.kind) {
      case Kind::kDigit:
      case Kind::kOh:
        keyed.digits += static_cast<char>('0' + lexeme.value);
        keyed.any_single = true;
        break;
      case Kind::kRepeat:
        if (++i >= end || words[i].lexeme.ordinal) return std::nullopt;
        if (words[i].lexeme.kind != Kind::kDigit && words[i].lexeme.kind != Kind::kOh) {
          return std::nullopt;
        }
        keyed.digits.append(lexeme.value, static_cast<char>('0' + words[i].lexeme.value));
        keyed.any_single = true;
        break;
      case Kind::kTeen:
      case Kind::kTens: {
        const auto small = ReadSmall(words, i);
        if (small->ordinal || small->end > end) return std::nullopt;
        keyed.digits += std::to_string(small->value);
        keyed.singles = false;
        i = small->end - 1;
        break;
      }
      case Kind::kHundred:
        if (i == begin || words[i - 1].lexeme.kind != Kind::kDigit) return std::nullopt;
        keyed.digits += "00";
        keyed.hundreds = true;
        keyed.singles = false;
        break;
      default:
        return std::nullopt;
    }
  }
  return keyed;
}

std::string ReadDigits(const Words& words, std::size_t begin, std::size_t end) {
  const auto number = ReadNumber(words, begin);
  if (number && !number->ordinal && number->end == end) return number->digits;
  const auto keyed = ReadKeyed(words, begin, end);
  return keyed ? keyed->digits : std::string();
}

}  // namespace cxscribe::itn
