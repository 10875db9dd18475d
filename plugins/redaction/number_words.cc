#include "plugins/redaction/number_words.h"

#include <string>

namespace cxscribe::redaction {
namespace {

struct Part {
  std::size_t end = 0;
  int value = 0;
};

class WordsReader {
 public:
  WordsReader(const Tokens& tokens, std::size_t at)
      : tokens_(tokens), language_(*tokens.language), segment_(tokens.list[at].segment) {}

  // With thousands.
  std::optional<Part> Read(std::size_t at) const {
    auto part = KindAt(at) == LexemeKind::kThousand ? Part{at, 1} : BelowThousand(at);
    if (!part || KindAt(part->end) != LexemeKind::kThousand || part->value == 0) return part;
    const bool alone = part->end == at;
    Part whole{part->end + 1, part->value * 1000};
    if (const auto rest = Rest(whole.end)) {
      whole = {rest->end, whole.value + rest->value};
    } else if (alone) {
      return std::nullopt;  // "mil gracias"
    }
    return whole;
  }

  LexemeKind KindAt(std::size_t i) const {
    if (i >= tokens_.size() || tokens_.list[i].segment != segment_ ||
        tokens_.list[i].kind != TokenKind::kWord) {
      return LexemeKind::kOther;
    }
    return tokens_.list[i].lexeme.kind;
  }
  int ValueAt(std::size_t i) const { return tokens_.list[i].lexeme.value; }

 private:
  bool IsJoiner(std::size_t i) const {
    return i < tokens_.size() && tokens_.list[i].segment == segment_ &&
           tokens_.IsWord(i, language_.joiner());
  }

  // Past a hyphen within a number: "vingt-deux".
  std::size_t PastHyphen(std::size_t i) const {
    return tokens_.IsMark(i, '-') && !tokens_.list[i].space_before ? i + 1 : i;
  }

  bool IsOne(std::size_t i) const { return KindAt(i) == LexemeKind::kDigit && ValueAt(i) > 0; }

  // 0 to 99.
  std::optional<Part> BelowHundred(std::size_t i) const {
    switch (KindAt(i)) {
      case LexemeKind::kDigit:
        return Ones(i);
      case LexemeKind::kTeen:
        return Teens(i);
      case LexemeKind::kTens:
        return Tens({i + 1, ValueAt(i)});
      default:
        return std::nullopt;
    }
  }

  std::optional<Part> Ones(std::size_t i) const {
    const int value = ValueAt(i);
    if (language_.grammar() == Grammar::kOnesFirst && value > 0 && IsJoiner(i + 1) &&
        KindAt(i + 2) == LexemeKind::kTens) {
      return Part{i + 3, ValueAt(i + 2) + value};
    }
    if (tokens_.IsWord(i, language_.bound_one())) {  // an article, where nothing counts it
      const LexemeKind next = KindAt(i + 1);
      if (next != LexemeKind::kHundred && next != LexemeKind::kThousand) return std::nullopt;
    }
    constexpr int kScore = 20;
    if (const std::size_t score = PastHyphen(i + 1);
        language_.grammar() == Grammar::kVigesimal && value == 4 &&
        KindAt(score) == LexemeKind::kTens && ValueAt(score) == kScore) {
      return Tens({score + 1, 4 * kScore});
    }
    return Part{i + 1, value};
  }

  // "dix-sept", "diez y seis".
  std::optional<Part> Teens(std::size_t i) const {
    const int value = ValueAt(i);
    if (value == 10) {
      const bool vigesimal = language_.grammar() == Grammar::kVigesimal;
      const bool joined = language_.grammar() == Grammar::kJoined && IsJoiner(i + 1);
      const std::size_t ones = vigesimal ? PastHyphen(i + 1) : i + 2;
      constexpr int kLeast[] = {7, 6};  // "dix-sept", "diez y seis"
      if ((vigesimal || joined) && IsOne(ones) && ValueAt(ones) >= kLeast[joined ? 1 : 0]) {
        return Part{ones + 1, value + ValueAt(ones)};
      }
    }
    return Part{i + 1, value};
  }

  // The ones that follow tens.
  Part Tens(Part tens) const {
    if (language_.grammar() == Grammar::kOnesFirst) return tens;
    std::size_t next = PastHyphen(tens.end);
    const bool joined = IsJoiner(next);
    if (joined) next = PastHyphen(next + 1);
    if (language_.grammar() == Grammar::kJoined && !joined) return tens;
    if (IsOne(next)) return {next + 1, tens.value + ValueAt(next)};
    const bool takes_teens =
        language_.grammar() == Grammar::kVigesimal && (tens.value == 60 || tens.value == 80);
    if (takes_teens && KindAt(next) == LexemeKind::kTeen) {
      const auto teens = Teens(next);
      return {teens->end, tens.value + teens->value};
    }
    return tens;
  }

  std::optional<Part> BelowThousand(std::size_t i) const {
    constexpr int kMostHundreds = 19;  // "neunzehnhundert"
    Part hundreds;
    if (KindAt(i) == LexemeKind::kHundreds) {
      hundreds = {i + 1, ValueAt(i) * 100};
    } else if (KindAt(i) == LexemeKind::kHundred) {
      hundreds = {i + 1, 100};
    } else {
      const auto small = BelowHundred(i);
      if (!small) return std::nullopt;
      const std::size_t hundred = PastHyphen(small->end);
      if (KindAt(hundred) != LexemeKind::kHundred || small->value == 0 ||
          small->value > kMostHundreds) {
        return small;
      }
      hundreds = {hundred + 1, small->value * 100};
    }
    if (const auto rest = RestOfHundred(hundreds.end)) {
      return Part{rest->end, hundreds.value + rest->value};
    }
    return hundreds;
  }

  // What follows hundreds. One figure with another behind it is dialled, not counted: "ochocientos
  // cinco cinco cinco".
  std::optional<Part> RestOfHundred(std::size_t i) const {
    std::size_t next = PastHyphen(i);
    const bool joined = language_.joins_hundreds() && IsJoiner(next);
    if (joined) ++next;
    const auto rest = BelowHundred(next);
    if (!rest || rest->value == 0) return std::nullopt;
    if (rest->value < 10 && !joined && KindAt(rest->end) == LexemeKind::kDigit) {
      return std::nullopt;
    }
    return rest;
  }

  // What follows thousands.
  std::optional<Part> Rest(std::size_t i) const {
    std::size_t next = PastHyphen(i);
    const bool joined = language_.joins_hundreds() && IsJoiner(next);
    if (joined) ++next;
    const auto rest = BelowThousand(next);
    if (!rest || rest->value == 0 || rest->value > 999) return std::nullopt;
    if (rest->value < 10 && !joined && KindAt(rest->end) == LexemeKind::kDigit) {
      return std::nullopt;
    }
    return rest;
  }

  const Tokens& tokens_;
  const Language& language_;
  std::int32_t segment_;
};

}  // namespace

std::optional<SpokenNumber> ReadNumberWords(const Tokens& tokens, std::size_t at) {
  const WordsReader reader(tokens, at);
  const auto part = reader.Read(at);
  if (!part) return std::nullopt;
  SpokenNumber number;
  number.token_end = part->end;
  number.digits = std::to_string(part->value);
  constexpr int kMostAlike = 6;
  const bool plural = part->value >= 2 && part->value <= kMostAlike && part->end < tokens.size() &&
                      tokens.list[part->end].segment == tokens.list[at].segment &&
                      tokens.list[part->end].lexeme.Is(kPluralDigit);
  if (plural) {  // "tres ceros"
    number.digits.assign(static_cast<std::size_t>(part->value),
                         static_cast<char>('0' + reader.ValueAt(part->end)));
    number.token_end = part->end + 1;
  }
  if (reader.KindAt(number.token_end) == LexemeKind::kMillion) {
    number.amount = true;
    const auto rest = reader.Read(++number.token_end);
    if (rest) number.token_end = rest->end;
  }
  return number;
}

}  // namespace cxscribe::redaction
