#include "plugins/redaction/number_reader.h"

#include "plugins/redaction/number_words.h"

namespace cxscribe::redaction {
namespace {

LexemeKind KindAt(const Tokens& tokens, std::size_t i) {
  if (i >= tokens.size() || tokens.list[i].kind != TokenKind::kWord) return LexemeKind::kOther;
  return tokens.list[i].lexeme.kind;
}

int ValueAt(const Tokens& tokens, std::size_t i) { return tokens.list[i].lexeme.value; }

bool StartsNumber(const Tokens& tokens, std::size_t i) {
  if (i >= tokens.size()) return false;
  return tokens.list[i].kind == TokenKind::kDigits || IsNumberKind(KindAt(tokens, i));
}

bool Adjacent(const Tokens& tokens, std::size_t next) {
  return next < tokens.size() && !tokens.list[next].space_before;
}

// A value of 1 to 99 in words: "seven", "fourteen", "forty", "forty one", "forty-one".
struct Small {
  std::size_t end = 0;
  int value = 0;
};

std::optional<Small> ReadSmall(const Tokens& tokens, std::size_t i) {
  switch (KindAt(tokens, i)) {
    case LexemeKind::kDigit:
    case LexemeKind::kTeen:
      return Small{i + 1, ValueAt(tokens, i)};
    case LexemeKind::kTens: {
      std::size_t unit = i + 1;
      if (tokens.IsMark(unit, '-') && !tokens.list[unit].space_before) ++unit;
      if (tokens.SameSegment(i, unit) && KindAt(tokens, unit) == LexemeKind::kDigit &&
          ValueAt(tokens, unit) > 0) {
        return Small{unit + 1, ValueAt(tokens, i) + ValueAt(tokens, unit)};
      }
      return Small{i + 1, ValueAt(tokens, i)};
    }
    default:
      return std::nullopt;
  }
}

// "... and twenty", "... five": the rest of a hundred or thousand. Not taken where a further number
// follows
// ("eight hundred five five five" is dialled, not counted), except after "and".
std::optional<Small> ReadRest(const Tokens& tokens, std::size_t i) {
  const bool with_and = tokens.IsWord(i, "and");
  if (with_and) ++i;
  if (i == 0 || !tokens.SameSegment(i - 1, i)) return std::nullopt;
  const auto rest = ReadSmall(tokens, i);
  if (!rest || rest->value == 0) return std::nullopt;
  if (!with_and && tokens.SameSegment(i, rest->end) && StartsNumber(tokens, rest->end)) {
    return std::nullopt;
  }
  return rest;
}

std::optional<SpokenNumber> ReadWords(const Tokens& tokens, std::size_t at) {
  const auto small = ReadSmall(tokens, at);
  if (!small) return std::nullopt;
  SpokenNumber number;
  number.token_end = small->end;
  number.digits = std::to_string(small->value);
  std::size_t i = small->end;
  constexpr int kMostAlike = 6;
  if (small->value >= 2 && small->value <= kMostAlike && tokens.SameSegment(at, i) &&
      tokens.list[i].lexeme.Is(kPluralDigit)) {  // "four ones", "three zeros"
    number.token_end = i + 1;
    number.digits.assign(static_cast<std::size_t>(small->value),
                         static_cast<char>('0' + ValueAt(tokens, i)));
    return number;
  }
  int value = small->value;
  bool scaled = false;
  if (value > 0 && KindAt(tokens, i) == LexemeKind::kHundred && tokens.SameSegment(at, i)) {
    value *= 100;
    number.token_end = ++i;
    scaled = true;
    if (const auto rest = ReadRest(tokens, i)) {
      value += rest->value;
      number.token_end = i = rest->end;
    }
  }
  if (value > 0 && KindAt(tokens, i) == LexemeKind::kThousand && tokens.SameSegment(at, i)) {
    value *= 1000;
    number.token_end = ++i;
    scaled = true;
    const auto hundreds = ReadSmall(tokens, i);
    if (hundreds && hundreds->value > 0 && tokens.SameSegment(at, i) &&
        KindAt(tokens, hundreds->end) == LexemeKind::kHundred) {
      value += hundreds->value * 100;
      number.token_end = i = hundreds->end + 1;
    }
    if (const auto rest = ReadRest(tokens, i)) {
      value += rest->value;
      number.token_end = rest->end;
    }
  }
  if (scaled) number.digits = std::to_string(value);
  if (KindAt(tokens, number.token_end) == LexemeKind::kMillion) number.amount = true;
  return number;
}

// "double five", "triple oh", "double 5".
std::optional<SpokenNumber> ReadRepeat(const Tokens& tokens, std::size_t at) {
  const std::size_t next = at + 1;
  if (!tokens.SameSegment(at, next)) return std::nullopt;
  char digit = 0;
  if (KindAt(tokens, next) == LexemeKind::kDigit) {
    digit = static_cast<char>('0' + ValueAt(tokens, next));
  } else if (KindAt(tokens, next) == LexemeKind::kOh) {
    digit = '0';
  } else if (tokens.list[next].lexeme.Is(kHomophone)) {
    digit = static_cast<char>('0' + ValueAt(tokens, next));
  } else if (tokens.list[next].kind == TokenKind::kDigits && tokens.Text(next).size() == 1) {
    digit = tokens.Text(next)[0];
  } else {
    return std::nullopt;
  }
  SpokenNumber number;
  number.token_end = next + 1;
  number.digits.assign(static_cast<std::size_t>(ValueAt(tokens, at)), digit);
  return number;
}

// "oh" is a zero beside another digit, and an interjection otherwise.
bool OhIsZero(const Tokens& tokens, std::size_t at, bool after_digits) {
  if (after_digits) return true;
  constexpr std::size_t kLongestOhs = 4;
  std::size_t i = at + 1;
  while (i < at + kLongestOhs && i < tokens.size() &&
         (KindAt(tokens, i) == LexemeKind::kOh || tokens.list[i].lexeme.Is(kHomophone))) {
    ++i;
  }
  // "oh oh oh, three five"; "oh, three" is a sigh.
  if (i > at + 1 && KindAt(tokens, i - 1) == LexemeKind::kOh && tokens.IsMark(i, ',')) ++i;
  return tokens.SameSegment(at, i) && StartsNumber(tokens, i) &&
         KindAt(tokens, i) != LexemeKind::kOh;
}

bool IsCurrency(const Tokens& tokens, std::size_t i) {
  if (tokens.IsMark(i, '$')) return true;
  return i < tokens.size() && tokens.list[i].kind == TokenKind::kWord &&
         (tokens.Text(i) == "\xC2\xA3" || tokens.Text(i) == "\xE2\x82\xAC");
}

// "545480.96": figures, a point, and two more, with nothing joined to either side.
bool IsDecimal(const Tokens& tokens, std::size_t at) {
  constexpr std::size_t kFewest = 2;
  const auto joined = [&tokens](std::size_t i) {
    return i < tokens.size() && !tokens.list[i].space_before &&
           (tokens.IsMark(i, '.') || tokens.IsMark(i, '-') || tokens.IsMark(i, '/'));
  };
  const bool inside =
      at > 0 && !tokens.list[at].space_before && tokens.list[at - 1].kind == TokenKind::kMark;
  const bool fraction = joined(at + 1) && tokens.IsMark(at + 1, '.') && Adjacent(tokens, at + 2) &&
                        tokens.list[at + 2].kind == TokenKind::kDigits &&
                        tokens.Text(at + 2).size() <= 2;
  if (inside || !fraction || tokens.Text(at).size() < kFewest) return false;
  return !joined(at + 3) || !Adjacent(tokens, at + 4) ||
         tokens.list[at + 4].kind != TokenKind::kDigits;
}

std::optional<SpokenNumber> ReadFigures(const Tokens& tokens, std::size_t at) {
  SpokenNumber number;
  number.written = true;
  number.token_end = at + 1;
  number.digits = std::string(tokens.Text(at));
  const bool after_currency =
      at > 0 && tokens.SameSegment(at - 1, at) && IsCurrency(tokens, at - 1);
  if (at > 0 && !tokens.list[at].space_before && tokens.list[at - 1].kind == TokenKind::kWord &&
      !after_currency) {
    return std::nullopt;  // "ab1234": a code
  }
  if (Adjacent(tokens, at + 1) && tokens.list[at + 1].kind == TokenKind::kWord) {
    const bool extension = (tokens.IsWord(at + 1, "x") || tokens.IsWord(at + 1, "ext")) &&
                           Adjacent(tokens, at + 2) &&
                           tokens.list[at + 2].kind == TokenKind::kDigits;
    if (!extension) return std::nullopt;  // "3rd", "5pm"
    number.token_end = at + 3;  // "555-0147x12": masked with the number, no part of its digits
    return number;
  }
  // "1,234.56" and "$12.50"
  std::size_t i = at + 1;
  bool thousands = false;
  while (number.digits.size() <= 3 && tokens.IsMark(i, ',') && Adjacent(tokens, i) &&
         Adjacent(tokens, i + 1) && tokens.list[i + 1].kind == TokenKind::kDigits &&
         tokens.Text(i + 1).size() == 3) {
    thousands = true;
    i += 2;
    constexpr std::size_t kMostGroups = 12;
    if (i > at + kMostGroups) break;
  }
  number.amount = after_currency || thousands || IsDecimal(tokens, at);
  if (number.amount && tokens.IsMark(i, '.') && Adjacent(tokens, i) && Adjacent(tokens, i + 1) &&
      tokens.list[i + 1].kind == TokenKind::kDigits) {
    i += 2;
  }
  if (number.amount) number.token_end = i;
  if (tokens.IsMark(number.token_end, '%')) number.amount = true;
  return number;
}

}  // namespace

std::optional<SpokenNumber> ReadNumber(const Tokens& tokens, std::size_t at, bool after_digits) {
  const Token& token = tokens.list[at];
  if (token.kind == TokenKind::kDigits) return ReadFigures(tokens, at);
  if (token.kind != TokenKind::kWord) return std::nullopt;
  if (Adjacent(tokens, at + 1) && tokens.list[at + 1].kind == TokenKind::kDigits) {
    return std::nullopt;  // "o2", "eight5"
  }
  switch (token.lexeme.kind) {
    case LexemeKind::kDigit:
    case LexemeKind::kTeen:
    case LexemeKind::kTens:
      return tokens.language->english() ? ReadWords(tokens, at) : ReadNumberWords(tokens, at);
    case LexemeKind::kHundreds:
    case LexemeKind::kHundred:
    case LexemeKind::kThousand:  // "mil novecientos"
      if (tokens.language->english()) return std::nullopt;
      return ReadNumberWords(tokens, at);
    case LexemeKind::kRepeat:
      return ReadRepeat(tokens, at);
    case LexemeKind::kOh: {
      if (!OhIsZero(tokens, at, after_digits)) return std::nullopt;
      SpokenNumber zero;
      zero.token_end = at + 1;
      zero.digits = "0";
      return zero;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace cxscribe::redaction
