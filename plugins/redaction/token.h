// Cuts the text of one recording into tokens that know where they stand: words, runs of ASCII
// digits, single punctuation marks, and masks that somebody else already put in ("[CREDIT_CARD]",
// "****").
//
//   const Tokens tokens = Tokenise(utterances, &pulse);
//   for (const Token& t : tokens.list) Use(tokens.Text(t));
//
// Everything later works on tokens only, so a finding's bytes are exact and always on UTF-8
// boundaries: a token never begins or ends inside a character. A token's text is plain (see fold.h);
// its bytes are those of the text that was handed in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/redaction/language.h"
#include "plugins/redaction/lexicon.h"
#include "plugins/redaction/pulse.h"

namespace cxscribe::redaction {

// One segment as the detectors see it. Views are borrowed for the length of a call. `speaker` may
// be empty.
struct Utterance {
  std::string_view speaker;
  std::string_view text;
};

enum class TokenKind : std::uint8_t { kWord, kDigits, kMark, kMask };

// Kinds of masks: a name in brackets, that of a card or of a social security number, a run of one
// sign ("****", "xxxx"), a word ("redacted").
constexpr char kNameMask = 'n';
constexpr char kCardMask = 'c';
constexpr char kSsnMask = 's';
constexpr char kRunMask = 'r';
constexpr char kWordMask = 'w';

struct Token {
  std::int32_t segment = 0;
  std::int32_t begin = 0;  // bytes into the segment's text
  std::int32_t end = 0;
  std::int32_t at = 0;  // of its plain text in Tokens::plain
  std::int32_t size = 0;
  TokenKind kind = TokenKind::kMark;
  bool space_before = true;  // also true at the start of a segment
  // Marks: which; every kind of dash is '-', a noise such as "[cough]" is ','. Masks: what kind.
  char mark = 0;
  bool capitals = false;     // written in capitals, as far as its first and last letter tell
  std::uint16_t phrase = 0;  // 1 + the index of the phrase that begins here and is whole; 0: none
  Lexeme lexeme;             // what the word means to the detectors; words only
};

inline bool IsAnyOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A word that is no number, no pause and no unit.
inline bool IsPlainWord(const Token& token) {
  return token.kind == TokenKind::kWord && token.lexeme.kind == LexemeKind::kOther;
}

struct Tokens {
  std::vector<std::string> plain;  // the utterances' texts as Fold makes them
  std::vector<Token> list;
  const Language* language = &Language::English();

  std::string_view Text(const Token& token) const {
    return std::string_view(plain[static_cast<std::size_t>(token.segment)])
        .substr(static_cast<std::size_t>(token.at), static_cast<std::size_t>(token.size));
  }
  std::string_view Text(std::size_t index) const { return Text(list[index]); }
  std::size_t size() const { return list.size(); }
  bool IsMark(std::size_t index, char mark) const {
    return index < list.size() && list[index].kind == TokenKind::kMark && list[index].mark == mark;
  }
  bool IsWord(std::size_t index, std::string_view word) const {
    if (index >= list.size() || list[index].kind != TokenKind::kWord) return false;
    // Most words differ in length: the text is not looked at.
    const Token& token = list[index];
    return token.size == static_cast<std::int32_t>(word.size()) && Text(token) == word;
  }
  // "is": what stands between a number and what it is.
  bool IsCopula(std::size_t index) const {
    return index < list.size() && list[index].kind == TokenKind::kWord &&
           language->IsCopula(Text(index));
  }
  bool IsOneOf(std::size_t index, std::initializer_list<std::string_view> words) const {
    return index < list.size() && list[index].kind == TokenKind::kWord &&
           IsAnyOf(Text(index), words);
  }
  // `a` is a token; `b` may be past the last.
  bool SameSegment(std::size_t a, std::size_t b) const {
    return b < list.size() && list[a].segment == list[b].segment;
  }
};

// Finds out which phrases stand where; to be called again when tokens were taken out. Linear.
void SettlePhrases(Tokens* tokens);

// The phrase that starts at token i; null where none does.
const Phrase* PhraseAt(const Tokens& tokens, std::size_t i);

// Linear in the texts. Accepts any bytes; invalid UTF-8 is treated like letters. The language is
// borrowed.
Tokens Tokenise(const std::vector<Utterance>& utterances, const Language& language, Pulse* pulse);
Tokens Tokenise(const std::vector<Utterance>& utterances, Pulse* pulse);  // English

}  // namespace cxscribe::redaction
