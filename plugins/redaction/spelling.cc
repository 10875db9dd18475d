#include "plugins/redaction/spelling.h"

namespace cxscribe::redaction {
namespace {

// Nobody's name is longer, with an alphabet of words for each letter.
constexpr std::size_t kMostTokens = 160;

bool IsLetter(const Tokens& tokens, std::size_t i) {
  return i < tokens.size() && tokens.list[i].kind == TokenKind::kWord && tokens.Text(i).size() == 1;
}

// The end of "as in boy", "for bravo", "like bravo" after the letter before `i`, or `i`.
std::size_t ExampleEnd(const Tokens& tokens, std::size_t i) {
  std::size_t k = i;
  if (tokens.IsMark(k, ',')) ++k;
  if (tokens.IsWord(k, "as") && tokens.IsWord(k + 1, "in")) {
    k += 2;
  } else if (tokens.IsWord(k, "for") || tokens.IsWord(k, "like") || tokens.IsWord(k, "as")) {
    k += 1;
  } else {
    return i;
  }
  if (k >= tokens.size() || tokens.list[k].kind != TokenKind::kWord) return i;
  return tokens.Text(k).front() == tokens.Text(i - 1).front() ? k + 1 : i;
}

bool IsAsciiLetter(char c) { return c >= 'a' && c <= 'z'; }

// One past "x-ray" in its parts, or `i`.
std::size_t XRayEnd(const Tokens& tokens, std::size_t i) {
  const bool there = tokens.IsWord(i, "x") && tokens.SameSegment(i, i + 2) &&
                     tokens.IsMark(i + 1, '-') && tokens.IsWord(i + 2, "ray");
  return there ? i + 3 : i;
}

// One past "as in boy" or "for bravo" after the letter at `i`; i + 1 where no such word follows.
std::size_t LetterEnd(const Tokens& tokens, std::size_t i) {
  std::size_t example = 0;
  if (tokens.IsWord(i + 1, "as") && tokens.IsWord(i + 2, "in")) {
    example = i + 3;
  } else if (tokens.IsOneOf(i + 1, {"for", "like", "as", "is"})) {
    example = i + 2;
  }
  if (example == 0 || !tokens.SameSegment(i, example)) return i + 1;
  if (const std::size_t end = XRayEnd(tokens, example); end > example) {
    return tokens.IsWord(i, "x") ? end : i + 1;
  }
  const Token& token = tokens.list[example];
  const bool fits = token.kind == TokenKind::kWord && token.size > 1 &&
                    tokens.Text(example).front() == tokens.Text(i).front();
  return fits ? example + 1 : i + 1;
}

}  // namespace

std::optional<SpokenLetters> LettersAt(const Tokens& tokens, std::size_t i) {
  const Token& token = tokens.list[i];
  if (token.kind != TokenKind::kWord) return std::nullopt;
  const std::string_view word = tokens.Text(i);
  if (token.lexeme.kind == LexemeKind::kRepeat && tokens.SameSegment(i, i + 1) &&
      tokens.list[i + 1].kind == TokenKind::kWord) {
    const std::string_view next = tokens.Text(i + 1);
    if (token.lexeme.value == 2 && (next == "u" || next == "you")) {
      return SpokenLetters{i + 2, "w"};
    }
    const bool letter = (next.size() == 1 && IsAsciiLetter(next[0]) && next != "o") ||
                        tokens.list[i + 1].lexeme.Is(kNato);
    if (!letter) return std::nullopt;
    return SpokenLetters{i + 2, std::string(token.lexeme.value, next[0])};
  }
  if (const std::size_t end = XRayEnd(tokens, i); end > i) return SpokenLetters{end, "x"};
  if (token.lexeme.Is(kNato)) return SpokenLetters{i + 1, std::string(1, word[0])};
  if (word == "zed" || word == "zee") return SpokenLetters{i + 1, "z"};
  if (word.size() != 1 || !IsAsciiLetter(word[0])) return std::nullopt;
  const std::size_t end = LetterEnd(tokens, i);
  if (word == "o" && end == i + 1) return std::nullopt;
  return SpokenLetters{end, std::string(word)};
}

std::size_t SpokenSignEnd(const Tokens& tokens, std::size_t i) {
  if (tokens.SameSegment(i, i + 1) &&
      tokens.IsOneOf(i + 1, {"sign", "symbol", "mark", "point", "character"}) &&
      tokens.IsOneOf(i, {"hashtag", "dollar", "exclamation", "at", "percent", "pound", "question",
                         "plus", "minus", "equal", "equals", "hash", "star"})) {
    return i + 2;
  }
  const bool sign =
      tokens.IsOneOf(i, {"hash", "hashtag", "asterisk", "ampersand", "underscore", "dash", "dot",
                         "hyphen", "period", "exclamation", "star", "slash"});
  return sign ? i + 1 : i;
}

std::size_t LetterCaseEnd(const Tokens& tokens, std::size_t i) {
  std::size_t k = i;
  if (tokens.IsWord(k, "with")) ++k;
  if (tokens.IsOneOf(k, {"all", "a"})) ++k;
  if (tokens.IsOneOf(k, {"capital", "upper", "lower", "small"}) &&
      tokens.IsOneOf(k + 1, {"case", "letters", "letter"})) {
    k += 2;
  } else if (tokens.IsOneOf(k, {"capital", "uppercase", "lowercase", "caps"})) {
    ++k;
  } else {
    return i;
  }
  return tokens.SameSegment(i, k) ? k : i;
}

std::size_t SpellingEnd(const Tokens& tokens, std::size_t i, std::size_t* letters) {
  *letters = 0;
  std::size_t end = i;
  bool alike = true;  // "i i i" is a stutter
  const std::size_t limit = i + kMostTokens;
  for (std::size_t k = i; k < tokens.size() && k < limit;) {
    if (tokens.IsWord(k, "double") && IsLetter(tokens, k + 1)) {
      ++k;
      ++*letters;
    }
    if (IsLetter(tokens, k)) {
      ++*letters;
      alike = alike && (end == i || tokens.Text(k) == tokens.Text(i));
      k = ExampleEnd(tokens, k + 1);
      end = k;
      continue;
    }
    const Token& token = tokens.list[k];
    const bool between = token.kind == TokenKind::kMark
                             ? token.mark == '-' || token.mark == ',' || token.mark == '.'
                             : token.kind == TokenKind::kWord &&
                                   (token.lexeme.kind == LexemeKind::kHesitation ||
                                    tokens.Text(k) == "and" || tokens.Text(k) == "then");
    if (!between || k == i) break;
    ++k;
  }
  if (*letters >= 2 && !alike) return end;
  *letters = 0;
  return i;
}

}  // namespace cxscribe::redaction
