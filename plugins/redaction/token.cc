#include "plugins/redaction/token.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "plugins/redaction/fold.h"

namespace cxscribe::redaction {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// The end of "[CREDIT_CARD]", "<name>" or "{{phone}}" that opens at `i`, or `i`. Names are short,
// so this looks at a bounded number of bytes.
std::size_t BracketMaskEnd(std::string_view s, std::size_t i) {
  constexpr std::size_t kLongestName = 48;
  constexpr std::size_t kDeepest = 3;
  const char open = s[i];
  const char close = open == '[' ? ']' : open == '<' ? '>' : '}';
  std::size_t k = i;
  while (k < s.size() && k - i < kDeepest && s[k] == open) ++k;
  const std::size_t depth = k - i;
  bool letter = false;
  const std::size_t limit = std::min(s.size(), k + kLongestName);
  for (; k < limit; ++k) {
    const char c = s[k];
    if (c >= 'a' && c <= 'z') {
      letter = true;
    } else if (c == close) {
      std::size_t closed = 0;
      while (k < s.size() && s[k] == close && closed < depth) ++k, ++closed;
      return letter ? k : i;
    } else if (!IsDigit(c) && c != '_' && c != '-' && c != ' ' && c != '.' && c != ':') {
      return i;
    }
  }
  return i;
}

// What recognisers write for sounds: a pause, not a mask.
bool IsNoise(std::string_view bracketed) {
  for (const std::string_view noise : {"noise", "laugh", "cough", "inaudible", "unintelligible",
                                       "crosstalk", "silence", "pause", "music", "background"}) {
    if (bracketed.find(noise) != std::string_view::npos) return true;
  }
  return false;
}

// What was taken out, as far as the name of a mask tells.
char MaskKind(std::string_view bracketed) {
  const auto has = [bracketed](std::string_view part) {
    return bracketed.find(part) != std::string_view::npos;
  };
  if (has("card") && !has("cvv") && !has("expir")) return kCardMask;
  return has("ssn") || has("social") ? kSsnMask : kNameMask;
}

class Tokeniser {
 public:
  Tokeniser(Tokens* out, Pulse* pulse) : out_(out), pulse_(pulse) {}

  void Segment(std::int32_t segment, std::string_view original, const PlainText& plain) {
    segment_ = segment;
    original_ = original;
    text_ = plain.text;
    origins_.emplace(plain);
    bool space = true;
    std::size_t i = 0;
    while (i < text_.size()) {
      const char c = text_[i];
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        space = true;
        ++i;
        continue;
      }
      const std::size_t end = TokenEnd(i);
      const bool cut =
          out_->language->compounds() && kind_ == TokenKind::kWord && EmitParts(i, end, space);
      if (!cut) Emit(i, end, space);
      space = false;
      i = end;
    }
  }

 private:
  // A number in one word ("dreiundzwanzig") as the tokens that it is made of.
  bool EmitParts(std::size_t begin, std::size_t end, bool space) {
    std::size_t sizes[Language::kMostParts];
    const std::size_t parts = out_->language->SplitNumber(text_.substr(begin, end - begin), sizes);
    for (std::size_t k = 0; k < parts; ++k) {
      Emit(begin, begin + sizes[k], space);
      begin += sizes[k];
      space = false;
    }
    return parts > 0;
  }

  std::size_t TokenEnd(std::size_t i) {
    const char c = text_[i];
    if (IsDigit(c)) {
      kind_ = TokenKind::kDigits;
      while (i < text_.size() && IsDigit(text_[i])) ++i;
      return i;
    }
    if (IsLetter(c)) {
      kind_ = TokenKind::kWord;
      const std::size_t end = WordEnd(i);
      if (const char mask = WordMaskKind(i, end); mask != 0) {
        kind_ = TokenKind::kMask;
        mark_ = mask;
      }
      return end;
    }
    if (c == '[' || c == '<' || c == '{') {
      if (const std::size_t end = BracketMaskEnd(text_, i); end > i) {
        kind_ = TokenKind::kMask;
        mark_ = MaskKind(text_.substr(i, end - i));
        if (IsNoise(text_.substr(i, end - i))) {
          kind_ = TokenKind::kMark;
          mark_ = ',';
        }
        return end;
      }
    }
    if ((c == '*' || c == '#') && i + 1 < text_.size() && text_[i + 1] == c) {
      kind_ = TokenKind::kMask;
      mark_ = kRunMask;
      while (i < text_.size() && text_[i] == c) ++i;
      return i;
    }
    kind_ = TokenKind::kMark;
    mark_ = c;
    return i + 1;
  }

  // "xxxx", "redacted", "(beep)"; 0 for every other word.
  char WordMaskKind(std::size_t begin, std::size_t end) const {
    const std::string_view word = text_.substr(begin, end - begin);
    constexpr std::size_t kShortestRun = 3;
    switch (word.front()) {
      case 'x':
        return word.size() >= kShortestRun && word.find_first_not_of('x') == std::string_view::npos
                   ? kRunMask
                   : '\0';
      case 'r':
        return word == "redacted" ? kWordMask : '\0';
      case 'b': {
        if (word != "beep" && word != "bleep") return '\0';
        const bool enclosed = begin > 0 && end < text_.size() &&
                              ((text_[begin - 1] == '(' && text_[end] == ')') ||
                               (text_[begin - 1] == '*' && text_[end] == '*'));
        return enclosed ? kWordMask : '\0';
      }
      default:
        return '\0';
    }
  }

  std::size_t WordEnd(std::size_t i) const {
    while (i < text_.size()) {
      if (text_[i] == '\'') {
        if (i + 1 >= text_.size() || !IsLetter(text_[i + 1])) return i;
      } else if (!IsLetter(text_[i])) {
        return i;
      }
      ++i;
    }
    return i;
  }

  void Emit(std::size_t begin, std::size_t end, bool space) {
    pulse_->Tick();
    Token token;
    token.segment = segment_;
    token.at = static_cast<std::int32_t>(begin);
    token.size = static_cast<std::int32_t>(end - begin);
    token.begin = origins_->Begin(static_cast<std::int32_t>(begin));
    token.end = origins_->End(static_cast<std::int32_t>(end));
    token.kind = kind_;
    token.space_before = space;
    if (kind_ == TokenKind::kMark || kind_ == TokenKind::kMask) token.mark = mark_;
    const auto capital = [this](std::int32_t i) {
      const char c = original_[static_cast<std::size_t>(i)];
      return c >= 'A' && c <= 'Z';
    };
    token.capitals = capital(token.begin) && capital(token.end - 1);
    if (kind_ == TokenKind::kWord) {
      token.lexeme = out_->language->LexemeOf(text_.substr(begin, end - begin));
    }
    out_->list.push_back(token);
  }

  Tokens* out_;
  Pulse* pulse_;
  std::int32_t segment_ = 0;
  std::string_view text_;           // plain
  std::string_view original_;       // as it is
  std::optional<Origins> origins_;  // of the segment
  TokenKind kind_ = TokenKind::kMark;
  char mark_ = 0;
};

}  // namespace

void SettlePhrases(Tokens* tokens) {
  const std::vector<Phrase>& phrases = tokens->language->phrases();
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    std::uint16_t index = tokens->list[i].lexeme.phrase;
    while (index != 0) {
      const Phrase& phrase = phrases[index - 1U];
      std::size_t n = 1;
      while (n < phrase.size && tokens->IsWord(i + n, phrase.words[n]) &&
             tokens->SameSegment(i, i + n)) {
        ++n;
      }
      if (n == phrase.size) break;
      index = phrase.more ? static_cast<std::uint16_t>(index + 1) : std::uint16_t{0};
    }
    tokens->list[i].phrase = index;
  }
}

const Phrase* PhraseAt(const Tokens& tokens, std::size_t i) {
  const std::uint16_t index = tokens.list[i].phrase;
  return index == 0 ? nullptr : &tokens.language->phrases()[index - 1U];
}

Tokens Tokenise(const std::vector<Utterance>& utterances, const Language& language, Pulse* pulse) {
  Tokens tokens;
  tokens.language = &language;
  tokens.plain.reserve(utterances.size());
  Tokeniser tokeniser(&tokens, pulse);
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    PlainText plain = Fold(utterances[i].text, language.accents());
    tokeniser.Segment(static_cast<std::int32_t>(i), utterances[i].text, plain);
    tokens.plain.push_back(std::move(plain.text));
  }
  SettlePhrases(&tokens);
  return tokens;
}

Tokens Tokenise(const std::vector<Utterance>& utterances, Pulse* pulse) {
  return Tokenise(utterances, Language::English(), pulse);
}

}  // namespace cxscribe::redaction
