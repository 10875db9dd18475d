#include "plugins/redaction/code_runs.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/iban.h"
#include "plugins/redaction/number_reader.h"
#include "plugins/redaction/spelling.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kFewestChars = 4;
constexpr std::size_t kLongestGroup = 34;  // an IBAN in one piece
constexpr int kMostGapTokens = 6;
// Plain words between the question and a short word that is taken for letters.
constexpr int kNear = 8;
constexpr int kMostGapSegments = 3;

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

struct Piece {
  std::size_t end = 0;  // one past its last token
  std::string chars;
};

class CodeFinder {
 public:
  CodeFinder(const Tokens& tokens, const TopicCues& cues, std::vector<CodeRun>* out)
      : tokens_(tokens), topics_(cues), out_(out) {}

  void Run(Pulse* pulse) {
    for (std::size_t i = 0; i < tokens_.size();) {
      pulse->Tick();
      i = Step(i);
    }
    EndRun();
  }

 private:
  bool InRun() const { return !run_.items.empty(); }
  bool IsWord(std::size_t i) const {
    return i < tokens_.size() && tokens_.list[i].kind == TokenKind::kWord;
  }
  bool Touches(std::size_t i) const { return i < tokens_.size() && !tokens_.list[i].space_before; }

  // Nearly every word of a call ends here: it is not one of a code.
  bool MayBelong(std::size_t i) const {
    const Token& token = tokens_.list[i];
    if (token.kind == TokenKind::kDigits) return true;
    if (token.kind != TokenKind::kWord) return InRun();
    const bool grouped = i + 1 < tokens_.size() && !tokens_.list[i + 1].space_before &&
                         tokens_.list[i + 1].kind == TokenKind::kDigits;
    return InRun() || grouped || token.size <= kShortWord || token.lexeme.Is(kNato) ||
           token.lexeme.kind == LexemeKind::kRepeat ||
           (token.lexeme.kind >= LexemeKind::kDigit && token.lexeme.kind <= LexemeKind::kHundreds);
  }

  std::size_t Step(std::size_t i) {
    const Token& token = tokens_.list[i];
    if (!MayBelong(i)) return i + 1;
    if (InRun() && token.segment != segment_) {
      break_ = true;
      if (++gap_segments_ > kMostGapSegments) EndRun();
    }
    segment_ = token.segment;
    // "one moment" is no number.
    const Phrase* const phrase = PhraseAt(tokens_, i);
    const bool pause = phrase != nullptr && phrase->size > 1;
    if (!pause) {
      if (const auto piece = ReadPiece(i)) return Take(i, *piece);
    }
    if (!InRun()) {
      if (pause) pause_end_ = i + phrase->size;
      return i + (pause ? phrase->size : 1);
    }
    if (const std::size_t gap = GapLength(i); gap > 0 && ++gap_tokens_ <= kMostGapTokens) {
      break_ = true;
      pause_end_ = i + gap;
      return i + gap;
    }
    EndRun();
    return i + 1;
  }

  // How many tokens are a pause within a code; 0: none.
  std::size_t GapLength(std::size_t i) const {
    const Token& token = tokens_.list[i];
    if (token.kind == TokenKind::kMark) {
      const bool pause =
          token.mark == '-' || token.mark == '.' || token.mark == ',' || token.mark == '/';
      return pause ? 1 : 0;
    }
    if (token.kind != TokenKind::kWord) return 0;
    if (const Phrase* phrase = PhraseAt(tokens_, i)) return phrase->size;
    const bool pause =
        token.lexeme.kind == LexemeKind::kHesitation || token.lexeme.kind == LexemeKind::kFiller;
    return pause ? 1 : 0;
  }

  // Whether a letter, a digit or a word for one stands at i.
  bool LooksLikePiece(std::size_t i) const {
    if (i >= tokens_.size()) return false;
    const Token& token = tokens_.list[i];
    if (token.kind == TokenKind::kDigits) return true;
    if (token.kind != TokenKind::kWord) return false;
    const LexemeKind kind = token.lexeme.kind;
    return token.size == 1 || token.lexeme.Is(kNato) ||
           (kind >= LexemeKind::kDigit && kind <= LexemeKind::kTens) || kind == LexemeKind::kRepeat;
  }

  std::optional<Piece> ReadPiece(std::size_t i) {
    if (auto group = ReadGroup(i)) return group;
    const Token& token = tokens_.list[i];
    if (token.kind == TokenKind::kWord) {
      if (auto letter = ReadLetter(i)) return letter;
      if (auto country = ReadCountry(i)) return country;
      if (auto word = ReadLetterWord(i)) return word;
    }
    const bool after = InRun() && run_.items.back().token_end == i && !break_;
    const auto number = ReadNumber(tokens_, i, after);
    if (!number || number->amount) return std::nullopt;
    const LexemeKind next = tokens_.SameSegment(i, number->token_end) && IsWord(number->token_end)
                                ? tokens_.list[number->token_end].lexeme.kind
                                : LexemeKind::kOther;
    if (next == LexemeKind::kUnit || next == LexemeKind::kCount) return std::nullopt;
    return Piece{number->token_end, number->digits};
  }

  // Letters and digits that touch: "ab123456c". "3rd" and "5pm" are none.
  std::optional<Piece> ReadGroup(std::size_t i) const {
    if (!Touches(i + 1)) return std::nullopt;
    const auto plain = [this](std::size_t k) {
      if (tokens_.list[k].kind == TokenKind::kDigits) return true;
      if (tokens_.list[k].kind != TokenKind::kWord) return false;
      const std::string_view text = tokens_.Text(k);
      return std::all_of(text.begin(), text.end(), IsLetter);
    };
    if (Touches(i) && i > 0 && plain(i - 1)) return std::nullopt;
    Piece piece{i, {}};
    bool digits = false;
    bool letters = false;
    while (piece.end < tokens_.size() && piece.chars.size() <= kLongestGroup &&
           (piece.end == i || Touches(piece.end)) && plain(piece.end)) {
      (tokens_.list[piece.end].kind == TokenKind::kDigits ? digits : letters) = true;
      piece.chars += tokens_.Text(piece.end++);
    }
    if (!digits || !letters || piece.chars.size() > kLongestGroup) return std::nullopt;
    const bool suffixed =
        piece.end == i + 2 && tokens_.list[i].kind == TokenKind::kDigits &&
        IsAnyOf(tokens_.Text(i + 1),
                {"st",  "nd",  "rd",   "th", "am", "pm",  "k",    "gb", "mb", "kb", "s",
                 "ft",  "lb",  "lbs",  "kg", "g",  "mg",  "ml",   "cm", "mm", "km", "hr",
                 "hrs", "min", "mins", "x",  "yr", "yrs", "year", "p",  "a",  "tb"});
    if (suffixed) return std::nullopt;
    return piece;
  }

  // A letter that stands where a code may have one; "i" and "a" are more often words.
  std::optional<Piece> ReadLetter(std::size_t i) const {
    const auto letters = LettersAt(tokens_, i);
    if (!letters) return std::nullopt;
    const std::string_view word = tokens_.Text(i);
    // "vinte e um": a letter that is a word joins numbers, more often than it is spelt.
    if (!tokens_.language->english() && tokens_.list[i].lexeme.kind == LexemeKind::kFiller) {
      return std::nullopt;
    }
    if (letters->end == i + 1 && (word == "i" || word == "a")) {
      const bool before = InRun() && run_.items.back().token_end == i;
      const bool after = tokens_.SameSegment(i, i + 1) && LooksLikePiece(i + 1);
      const bool last = !tokens_.SameSegment(i, i + 1) || tokens_.IsMark(i + 1, ',');
      if (!after && !(before && last)) return std::nullopt;
    }
    return Piece{letters->end, letters->letters};
  }

  // "es noventa y uno ...": the country of an IBAN that was asked for, in a language where it may be a
  // word.
  std::optional<Piece> ReadCountry(std::size_t i) {
    const std::string_view word = tokens_.Text(i);
    if (tokens_.language->english() || InRun() || IbanLength(word) == 0) return std::nullopt;
    const bool number =
        tokens_.SameSegment(i, i + 1) && LooksLikePiece(i + 1) && tokens_.list[i + 1].size > 1;
    if (!number || topics_.Before(i) != Topic::kIban || topics_.words_since() > kNear) {
      return std::nullopt;
    }
    return Piece{i + 1, std::string(word)};
  }

  // "abc" of "abc 1234" and of "abc, uh, 1234", where such a code was asked for.
  std::optional<Piece> ReadLetterWord(std::size_t i) {
    const Token& token = tokens_.list[i];
    const std::string_view word = tokens_.Text(i);
    const bool short_word = word.size() >= 2 && word.size() <= kShortWord &&
                            std::all_of(word.begin(), word.end(), IsLetter);
    if (!short_word || token.lexeme.kind != LexemeKind::kOther || token.lexeme.cue != 0 ||
        token.lexeme.phrase != 0 || token.lexeme.hints != 0) {
      return std::nullopt;
    }
    const bool before = InRun() && run_.items.back().token_end == i &&
                        tokens_.SameSegment(i - 1, i) &&
                        tokens_.list[i - 1].kind == TokenKind::kDigits;
    const bool after = tokens_.SameSegment(i, i + 1) && IsFigure(i + 1);
    if (!before && !after && !(BreathBegins(i) && FiguresAfterPause(i + 1))) return std::nullopt;
    const Topic topic = InRun() ? run_.topic : topics_.Before(i);
    const bool asked = IsCodeTopic(topic) && topics_.words_since() <= kNear;
    if (!asked) return std::nullopt;
    return Piece{i + 1, std::string(word)};
  }

  bool IsFigure(std::size_t i) const {
    return i < tokens_.size() && tokens_.list[i].kind == TokenKind::kDigits;
  }

  // Whether what was said before token i has ended: "um abc", "it's abc", "let me see abc".
  bool BreathBegins(std::size_t i) const {
    if (i == 0 || !tokens_.SameSegment(i - 1, i) || pause_end_ == i) return true;
    const Token& before = tokens_.list[i - 1];
    return before.kind == TokenKind::kMark || before.lexeme.kind == LexemeKind::kHesitation ||
           before.lexeme.kind == LexemeKind::kFiller || tokens_.IsWord(i - 1, "be");
  }

  // Whether figures come after what is said between the parts of a code, and after nothing else.
  bool FiguresAfterPause(std::size_t i) const {
    std::size_t k = i;
    for (int n = 0; n < kMostGapTokens && k < tokens_.size(); ++n) {
      if (tokens_.list[k].segment > tokens_.list[i - 1].segment + 2) return false;
      if (IsFigure(k) || (IsWord(k) && IsFigure(k + 1) && Touches(k + 1))) return k > i;
      const std::size_t gap = GapLength(k);
      if (gap == 0) return k > i && tokens_.list[k].lexeme.kind == LexemeKind::kDigit;
      k += gap;
    }
    return false;
  }

  std::size_t Take(std::size_t i, const Piece& piece) {
    if (!InRun()) {
      run_.topic = topics_.Before(i);
      run_.topic_distance = topics_.words_since();
      break_ = true;
    }
    CodeItem item;
    item.token_begin = static_cast<std::uint32_t>(i);
    item.token_end = static_cast<std::uint32_t>(piece.end);
    item.char_begin = static_cast<std::uint32_t>(run_.chars.size());
    item.char_count = static_cast<std::uint32_t>(piece.chars.size());
    item.chunk_start = break_;
    run_.items.push_back(item);
    run_.chars += piece.chars;
    break_ = false;
    gap_tokens_ = gap_segments_ = 0;
    return piece.end;
  }

  void EndRun() {
    const bool asked = IsCodeTopic(run_.topic);
    const bool letters = std::any_of(run_.chars.begin(), run_.chars.end(), IsLetter);
    if (run_.chars.size() >= kFewestChars && (asked || letters)) {
      if (asked) topics_.Answered();
      out_->push_back(std::move(run_));
    }
    run_ = CodeRun();
    break_ = false;
    gap_tokens_ = gap_segments_ = 0;
  }

  static constexpr std::int32_t kShortWord = 4;

  const Tokens& tokens_;
  TopicReader topics_;
  std::vector<CodeRun>* out_;
  CodeRun run_;
  std::int32_t segment_ = 0;
  bool break_ = false;
  std::size_t pause_end_ = 0;  // where the last phrase that is a pause ended
  int gap_tokens_ = 0;
  int gap_segments_ = 0;
};

}  // namespace

bool IsCodeTopic(Topic topic) {
  switch (topic) {
    case Topic::kIban:
    case Topic::kSwift:
    case Topic::kPassport:
    case Topic::kDriverLicence:
    case Topic::kPlate:
    case Topic::kVehicle:
    case Topic::kNationalInsurance:
    case Topic::kNhs:
    case Topic::kMedicalRecord:
    case Topic::kHealthPlan:
    case Topic::kPostal:
      return true;
    default:
      return false;
  }
}

std::vector<CodeRun> FindCodeRuns(const Tokens& tokens, const TopicCues& cues, Pulse* pulse) {
  std::vector<CodeRun> runs;
  CodeFinder(tokens, cues, &runs).Run(pulse);
  return runs;
}

}  // namespace cxscribe::redaction
