#include "plugins/redaction/secret_form.h"

#include <unordered_set>

#include "plugins/redaction/spelling.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kMostTokens = 24;
constexpr std::size_t kMostAnswerWords = 4;
constexpr std::size_t kFewestLetters = 3;  // spelt
constexpr std::size_t kFewestFigures = 3;  // where nothing else stands beside them

// What is said of a password more often than what it is.
bool IsRemark(std::string_view word) {
  static const std::unordered_set<std::string_view>* const remarks =
      new std::unordered_set<std::string_view>{
          "reset",     "wrong",     "expired",     "incorrect", "required",  "correct",
          "locked",    "changed",   "invalid",     "updated",   "different", "same",
          "strong",    "weak",      "secure",      "safe",      "set",       "needed",
          "sent",      "blocked",   "disabled",    "hidden",    "encrypted", "temporary",
          "case",      "supposed",  "expiring",    "rejected",  "accepted",  "forgotten",
          "lost",      "protected", "working",     "work",      "saved",     "stored",
          "something", "anything",  "asking",      "showing",   "coming",    "incorrectly",
          "unknown",   "empty",     "missing",     "longer",    "short",     "long",
          "enough",    "important", "private",     "default",   "policy",    "manager",
          "screen",    "page",      "link",        "change",    "recovery",  "id",
          "name",      "word",      "code",        "remember",  "forgot",    "forget",
          "one",       "matching",  "here",        "there",     "question",  "questions",
          "answer",    "check",     "security",    "verified",  "confirmed", "using",
          "used",      "via",       "credentials", "login",     "username",  "password",
          "passwords", "mine",      "yours",       "his",       "hers",      "fine",
          "okay",      "other",     "another",     "either",    "both",      "combination",
          "field",     "box"};
  return remarks->count(word) != 0;
}

class FormReader {
 public:
  FormReader(const Tokens& tokens, const WordView& words) : tokens_(tokens), words_(words) {}

  SecretForm Read(std::size_t i, SecretWords allowed) const {
    if (i >= tokens_.size()) return {};
    const std::size_t begin = LetterCaseEnd(tokens_, i);
    if (begin >= tokens_.size()) return {};
    std::size_t letters = 0;
    if (const std::size_t end = SpellingEnd(tokens_, begin, &letters); letters >= kFewestLetters) {
      return {SecretKind::kSpoken, Extend(end, begin > i)};
    }
    if (IsNumber(begin)) return Figures(begin);
    const Token& token = tokens_.list[begin];
    const bool sign = IsSign(token);
    if (token.kind != TokenKind::kWord && !sign) return {};
    bool figures = sign;
    std::size_t piece = PieceEnd(begin, &figures);
    // "capital t tulip": the letter says how the word begins.
    if (begin > i && token.size == 1 && tokens_.SameSegment(begin, piece) &&
        tokens_.list[piece].kind == TokenKind::kWord &&
        tokens_.Text(piece).front() == tokens_.Text(begin).front()) {
      ++piece;
    }
    const bool code = figures && piece > begin + 1;
    if (code) return {SecretKind::kWritten, Extend(piece)};
    if (sign || IsOrdinary(begin)) return {};
    const std::size_t extended = Extend(piece, begin > i);
    if (extended > piece) return {SecretKind::kSpoken, extended};
    if (allowed == SecretWords::kNone) return {};
    return {SecretKind::kWords, allowed == SecretWords::kSeveral ? WordsEnd(piece) : piece};
  }

 private:
  bool IsNumber(std::size_t i) const {
    if (i >= tokens_.size()) return false;
    if (tokens_.list[i].kind == TokenKind::kDigits) return true;
    return tokens_.list[i].kind == TokenKind::kWord && IsNumberKind(tokens_.list[i].lexeme.kind);
  }

  static bool IsSign(const Token& token) {
    return token.kind == TokenKind::kMark &&
           (token.mark == '_' || token.mark == '#' || token.mark == '!' || token.mark == '$');
  }

  // A word that answers no question: "not", "this", "expired".
  bool IsOrdinary(std::size_t i) const {
    const NameCue cue = words_[i].cue;
    return cue == NameCue::kNever || cue == NameCue::kIntro || cue == NameCue::kOpener ||
           cue == NameCue::kName || IsRemark(tokens_.Text(i)) ||
           tokens_.list[i].lexeme.kind != LexemeKind::kOther;
  }

  SecretForm Figures(std::size_t begin) const {
    const std::size_t end = Extend(begin);
    std::size_t figures = 0;
    bool more = false;
    for (std::size_t k = begin; k < end; ++k) {
      const bool number = IsNumber(k);
      more = more || !number;
      if (number) {
        figures += tokens_.list[k].kind == TokenKind::kDigits ? tokens_.Text(k).size() : 1;
      }
    }
    if (figures < kFewestFigures) return {};
    return {more ? SecretKind::kSpoken : SecretKind::kFigures, end};
  }

  // Everything that touches is one piece: "Xy_12!kk".
  std::size_t PieceEnd(std::size_t i, bool* figures) const {
    std::size_t end = i + 1;
    while (end < i + kMostTokens && tokens_.SameSegment(i, end) &&
           !tokens_.list[end].space_before) {
      const Token& next = tokens_.list[end];
      const bool closes =
          next.kind == TokenKind::kMark &&
          (next.mark == '.' || next.mark == ',' || next.mark == '?' || next.mark == '"' ||
           next.mark == '\'' || next.mark == ')') &&
          (end + 1 >= tokens_.size() || !tokens_.SameSegment(i, end + 1) ||
           tokens_.list[end + 1].space_before || tokens_.list[end + 1].kind == TokenKind::kMark);
      if (closes) break;
      *figures = *figures || next.kind != TokenKind::kMark || next.mark == '_';
      ++end;
    }
    return end;
  }

  // Takes in the figures, letters and signs that follow: "rosa twenty two", "fluffy 7 x", "maple
  // underscore tree hash". `dictated`: capitals were told, so commas are pauses.
  std::size_t Extend(std::size_t i, bool dictated = false) const {
    std::size_t end = i;
    bool joined = false;
    for (std::size_t k = i; k < i + kMostTokens && i > 0 && tokens_.SameSegment(i - 1, k);) {
      const Token& token = tokens_.list[k];
      const bool letter = token.kind == TokenKind::kWord && tokens_.Text(k).size() == 1 &&
                          tokens_.Text(k) != "i" && tokens_.Text(k) != "a";
      const bool touching = !token.space_before && k > i && token.kind != TokenKind::kMark;
      const std::size_t sign = SpokenSignEnd(tokens_, k);
      const std::size_t cased = LetterCaseEnd(tokens_, k);
      if (sign > k) {
        // "seventy two dash" may be the start of another sentence, "maple hash" is not.
        const bool sure = sign > k + 1 || !tokens_.IsOneOf(k, {"dash", "dot", "hyphen", "period"});
        if (sure) end = sign;
        joined = true;
        k = sign;
      } else if (IsNumber(k) || letter || touching || IsSign(token)) {
        end = ++k;
        joined = false;
      } else if (cased > k) {
        joined = true;
        k = cased;
      } else if (joined && token.kind == TokenKind::kWord && !IsOrdinary(k)) {
        end = ++k;
        joined = false;
      } else if (dictated && tokens_.IsMark(k, ',') && tokens_.SameSegment(k, k + 1)) {
        ++k;  // "lowercase b, blue, two two, hash"
        joined = joined || k == i + 1;
      } else {
        break;
      }
    }
    return end;
  }

  // "lakeside elementary"
  std::size_t WordsEnd(std::size_t piece) const {
    std::size_t end = piece;
    for (std::size_t n = 1; n < kMostAnswerWords && tokens_.SameSegment(piece - 1, end); ++n) {
      const NameCue cue = words_[end].cue;
      const bool names = cue == NameCue::kNone || cue == NameCue::kPlaceOrFirm;
      if (!IsPlainWord(tokens_.list[end]) || !names || IsRemark(tokens_.Text(end))) break;
      ++end;
    }
    return end;
  }

  const Tokens& tokens_;
  const WordView& words_;
};

}  // namespace

SecretForm SecretAt(const Tokens& tokens, const WordView& words, std::size_t i,
                    SecretWords allowed) {
  return FormReader(tokens, words).Read(i, allowed);
}

}  // namespace cxscribe::redaction
