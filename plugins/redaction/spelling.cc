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

}  // namespace

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
