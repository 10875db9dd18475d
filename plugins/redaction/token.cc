#include "plugins/redaction/token.h"

#include <algorithm>

namespace cxscribe::redaction {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// What a non-ASCII character means when it is not a letter: recognisers and copied text use
// typographic spaces and dashes, and zero-width characters must not hide a number from the
// verifier.
struct Special {
  std::size_t length = 0;  // bytes; 0: an ordinary character
  char as = 0;             // a mark, ' ', '\'' or 0 for "as if it were not there"
};

Special SpecialAt(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) {
    return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U;
  };
  if (byte(i) == 0xC2 && byte(i + 1) == 0xA0) return {2, ' '};  // no-break space
  if (byte(i) == 0xC2 && byte(i + 1) == 0xB7) return {2, '-'};  // middle dot
  if (byte(i) == 0xC2 && byte(i + 1) == 0xAD) return {2, 0};    // soft hyphen
  if (byte(i) == 0xE2 && byte(i + 1) == 0x80) {
    const unsigned last = byte(i + 2);
    if (last >= 0x80 && last <= 0x8A) return {3, ' '};  // U+2000..200A spaces
    if (last >= 0x8B && last <= 0x8F) return {3, 0};    // U+200B..200F zero width and direction
    if (last >= 0x90 && last <= 0x95) return {3, '-'};  // U+2010..2015 dashes
    if (last == 0x98 || last == 0x99) return {3, '\''};
    if (last == 0x9C || last == 0x9D) return {3, '"'};
    if (last == 0xA2) return {3, '-'};  // bullet
    if (last == 0xA6) return {3, '.'};  // ellipsis
    if (last == 0xAF) return {3, ' '};
  }
  if (byte(i) == 0xE2 && byte(i + 1) == 0x81 && byte(i + 2) == 0xA0) return {3, 0};  // word joiner
  if (byte(i) == 0xE2 && byte(i + 1) == 0x88 && byte(i + 2) == 0x92) return {3, '-'};  // minus
  if (byte(i) == 0xEF && byte(i + 1) == 0xBB && byte(i + 2) == 0xBF) return {3, 0};
  if (byte(i) == 0xEF && byte(i + 1) == 0xBC && byte(i + 2) == 0xA0) return {3, '@'};  // full width
  if (byte(i) == 0xEF && byte(i + 1) == 0xBC && byte(i + 2) == 0x8E) return {3, '.'};
  return {};
}

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

  void Segment(std::int32_t segment, std::string_view original) {
    segment_ = segment;
    original_ = original;
    text_ = out_->lower[static_cast<std::size_t>(segment)];
    bool space = true;
    std::size_t i = 0;
    while (i < text_.size()) {
      const char c = text_[i];
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        space = true;
        ++i;
        continue;
      }
      if (const Special special = SpecialAt(text_, i); special.length > 0) {
        if (special.as == ' ') space = true;
        if (special.as != 0 && special.as != ' ') {
          kind_ = TokenKind::kMark;
          mark_ = special.as;
          Emit(i, i + special.length, space);
          space = false;
        }
        i += special.length;
        continue;
      }
      const std::size_t end = TokenEnd(i);
      Emit(i, end, space);
      space = false;
      i = end;
    }
  }

 private:
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
      const Special special = SpecialAt(text_, i);
      std::size_t step = 1;
      if (special.length > 0 && special.as != '\'') return i;
      if (special.length > 0 || text_[i] == '\'') {
        step = std::max<std::size_t>(special.length, 1);
        if (i + step >= text_.size() || !IsLetter(text_[i + step]) ||
            SpecialAt(text_, i + step).length > 0) {
          return i;
        }
      } else if (!IsLetter(text_[i])) {
        return i;
      }
      i += step;
    }
    return i;
  }

  void Emit(std::size_t begin, std::size_t end, bool space) {
    pulse_->Tick();
    Token token;
    token.segment = segment_;
    token.begin = static_cast<std::int32_t>(begin);
    token.end = static_cast<std::int32_t>(end);
    token.kind = kind_;
    token.space_before = space;
    if (kind_ == TokenKind::kMark || kind_ == TokenKind::kMask) token.mark = mark_;
    const auto capital = [this](std::size_t i) {
      return original_[i] >= 'A' && original_[i] <= 'Z';
    };
    token.capitals = capital(begin) && capital(end - 1);
    if (kind_ == TokenKind::kWord) token.lexeme = LexemeOf(text_.substr(begin, end - begin));
    out_->list.push_back(token);
  }

  Tokens* out_;
  Pulse* pulse_;
  std::int32_t segment_ = 0;
  std::string_view text_;      // in lower case
  std::string_view original_;  // as it is
  TokenKind kind_ = TokenKind::kMark;
  char mark_ = 0;
};

}  // namespace

Tokens Tokenise(const std::vector<Utterance>& utterances, Pulse* pulse) {
  Tokens tokens;
  tokens.lower.reserve(utterances.size());
  for (const Utterance& utterance : utterances) {
    std::string& lower = tokens.lower.emplace_back(utterance.text);
    for (char& c : lower) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }
  Tokeniser tokeniser(&tokens, pulse);
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    tokeniser.Segment(static_cast<std::int32_t>(i), utterances[i].text);
  }
  return tokens;
}

}  // namespace cxscribe::redaction
