#include "plugins/redaction/secret.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>

#include "plugins/redaction/spelling.h"
#include "plugins/redaction/word_view.h"

namespace cxscribe::redaction {
namespace {

constexpr int kReach = 12;  // plain words after a question in which it is answered
constexpr std::size_t kMostOpeners = 6;
constexpr std::size_t kMostTokens = 24;  // of a secret
constexpr std::size_t kMostAnswerWords = 4;
// Ordinary words lie below this for the name model; what people choose as an answer mostly above.
constexpr float kOrdinary = -5.0F;

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

class Finder {
 public:
  Finder(const Tokens& tokens, const WordView& words, Pulse* pulse, std::vector<Hit>* out)
      : tokens_(tokens), words_(words), pulse_(pulse), out_(out) {}

  void Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      pulse_->Tick();
      const Token& token = tokens_.list[i];
      if (token.kind == TokenKind::kMask) asked_ = false;
      const bool opens = i == 0 || !tokens_.SameSegment(i - 1, i);
      if (asked_ && (opens || (i > 0 && tokens_.IsMark(i - 1, '?')))) Answer(i);
      if (token.kind != TokenKind::kWord) continue;
      if (asked_ && token.lexeme.kind == LexemeKind::kOther && ++words_since_ > kReach) {
        asked_ = false;
      }
      if (i >= done_) AtWord(i);
    }
  }

 private:
  bool IsNumber(std::size_t i) const {
    if (i >= tokens_.size()) return false;
    if (tokens_.list[i].kind == TokenKind::kDigits) return true;
    if (tokens_.list[i].kind != TokenKind::kWord) return false;
    const LexemeKind kind = tokens_.list[i].lexeme.kind;
    return kind == LexemeKind::kDigit || kind == LexemeKind::kOh || kind == LexemeKind::kTeen ||
           kind == LexemeKind::kTens || kind == LexemeKind::kRepeat;
  }
  bool IsOpener(std::size_t i) const {
    return words_[i].cue == NameCue::kOpener ||
           tokens_.list[i].lexeme.kind == LexemeKind::kHesitation ||
           (tokens_.list[i].kind == TokenKind::kMark &&
            (tokens_.list[i].mark == ',' || tokens_.list[i].mark == ':'));
  }

  void AtWord(std::size_t i) {
    switch (words_[i].secret) {
      case SecretCue::kPassword:
        Expect(i, i + 1, Entity::kPassword, false);
        return;
      case SecretCue::kUser:
        Expect(i, i + 1, Entity::kUsername, false);
        return;
      case SecretCue::kUserPart:
        if (tokens_.Text(i) == "pass") {
          if (tokens_.IsOneOf(i + 1, {"is", "word"})) Expect(i, i + 1, Entity::kPassword, false);
          return;
        }
        if (tokens_.IsOneOf(i + 1, {"name", "id", "names"}))
          Expect(i, i + 2, Entity::kUsername, false);
        return;
      case SecretCue::kSecret:
        if (tokens_.IsOneOf(i + 1, {"word", "answer", "phrase", "password"})) {
          Expect(i, i + 2, Entity::kPassword, true);
        }
        return;
      case SecretCue::kQuestion:
        AtQuestion(i);
        return;
      case SecretCue::kNone:
        return;
    }
  }

  // "mother's maiden name", "your first pet", "favourite teacher"
  void AtQuestion(std::size_t i) {
    const std::string_view word = tokens_.Text(i);
    if (word == "maiden") {
      if (i == 0 || !tokens_.IsOneOf(i - 1, {"mother's", "mothers", "mother", "mom's"})) return;
      Expect(i, i + (tokens_.IsOneOf(i + 1, {"name"}) ? 2U : 1U), Entity::kPassword, true);
      return;
    }
    if (word == "favorite" || word == "favourite") {
      if (tokens_.IsOneOf(i + 1, {"teacher", "color", "colour", "movie", "book", "food", "song",
                                  "sport", "team", "animal"}) &&
          i > 0 && tokens_.IsOneOf(i - 1, {"your", "my"})) {
        Expect(i, i + 2, Entity::kPassword, true);
      }
      return;
    }
    const bool first = i > 0 && tokens_.IsOneOf(i - 1, {"first", "childhood", "school"});
    if (first && (word == "pet" || word == "pet's" || word == "mascot" || word == "car" ||
                  word == "teacher" || word == "teacher's" || word == "school")) {
      Expect(i, i + (tokens_.IsOneOf(i + 1, {"name", "name's"}) ? 2U : 1U), Entity::kPassword,
             true);
    }
  }

  // A secret right after its cue, which ends before token k; else the answer is waited for. `words`:
  // it may be ordinary words.
  void Expect(std::size_t cue, std::size_t k, Entity entity, bool words) {
    asked_ = true;
    words_since_ = 0;
    entity_ = entity;
    words_allowed_ = words;
    bool is = false;
    for (std::size_t n = 0; n < kMostOpeners && k < tokens_.size() && tokens_.SameSegment(cue, k);
         ++n, ++k) {
      if (tokens_.IsOneOf(k, {"is", "was", "it's", "its", "be", "are"}) || tokens_.IsMark(k, ':') ||
          tokens_.IsMark(k, '=')) {
        is = true;
      } else if (!(tokens_.IsMark(k, ',') || tokens_.IsMark(k, '"') || tokens_.IsMark(k, '\'') ||
                   tokens_.IsOneOf(k, {"of", "as", "number", "word"}) ||
                   tokens_.list[k].lexeme.kind == LexemeKind::kHesitation)) {
        break;
      }
    }
    if (k >= tokens_.size() || !tokens_.SameSegment(cue, k)) return;
    const std::size_t end = SecretEnd(k, is, is && words);
    if (end > k) Report(k, end, is ? 0.88 : 0.8);
  }

  void Answer(std::size_t i) {
    std::size_t k = i;
    for (std::size_t n = 0; n < kMostOpeners && k < tokens_.size() && IsOpener(k); ++n) ++k;
    if (k >= tokens_.size() || k < done_ || (k > i && !tokens_.SameSegment(i, k))) return;
    const std::size_t end = SecretEnd(k, false, words_allowed_);
    const bool alone = end > k && (end >= tokens_.size() || !tokens_.SameSegment(k, end) ||
                                   tokens_.list[end].kind == TokenKind::kMark);
    if (alone) Report(k, end, 0.75);
  }

  // One past the secret at token i; i where what stands there is none. `word`: one without figures
  // will do; `words`: several.
  std::size_t SecretEnd(std::size_t i, bool word, bool words) const {
    std::size_t letters = 0;
    if (const std::size_t end = SpellingEnd(tokens_, i, &letters); letters >= 3) {
      return WithFigures(end);
    }
    if (IsNumber(i)) {
      const std::size_t end = WithFigures(i);
      std::size_t figures = 0;
      for (std::size_t k = i; k < end; ++k) {
        figures += tokens_.list[k].kind == TokenKind::kDigits ? tokens_.Text(k).size() : 1;
      }
      return figures >= 3 ? end : i;
    }
    if (i >= tokens_.size()) return i;
    const Token& token = tokens_.list[i];
    const bool sign = token.kind == TokenKind::kMark && (token.mark == '_' || token.mark == '#' ||
                                                         token.mark == '!' || token.mark == '$');
    if (token.kind != TokenKind::kWord && !sign) return i;
    // Everything that touches is one code: "Xy_12!kk".
    std::size_t end = i + 1;
    bool figures = sign;
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
      figures = figures || next.kind != TokenKind::kMark || next.mark == '_';
      ++end;
    }
    const bool code = figures && end > i + 1;
    if (sign && !code) return i;
    const bool ordinary = words_[i].cue == NameCue::kNever || words_[i].cue == NameCue::kIntro ||
                          words_[i].cue == NameCue::kOpener || words_[i].cue == NameCue::kName ||
                          (token.kind == TokenKind::kWord && IsRemark(tokens_.Text(i))) ||
                          token.lexeme.kind != LexemeKind::kOther;
    if (ordinary && !code) return i;
    const std::size_t with_figures = WithFigures(end);
    if (code || with_figures > end) return with_figures;
    if (words) {
      for (std::size_t n = 1;
           n < kMostAnswerWords && tokens_.SameSegment(i, end) &&
           tokens_.list[end].kind == TokenKind::kWord && words_[end].cue == NameCue::kNone &&
           !IsRemark(tokens_.Text(end)) && words_[end].name > kOrdinary;
           ++n) {
        ++end;
      }
      return end;
    }
    return word ? end : i;
  }

  // Takes in the figures and letters that follow: "rosa twenty two", "fluffy 7 x".
  std::size_t WithFigures(std::size_t i) const {
    std::size_t end = i;
    for (std::size_t k = i; k < i + kMostTokens && i > 0 && tokens_.SameSegment(i - 1, k); ++k) {
      const Token& token = tokens_.list[k];
      const bool letter = token.kind == TokenKind::kWord && tokens_.Text(k).size() == 1 &&
                          tokens_.Text(k) != "i" && tokens_.Text(k) != "a";
      const bool touching = !token.space_before && k > i && token.kind != TokenKind::kMark;
      const bool spoken = tokens_.IsOneOf(k, {"underscore", "dash", "dot", "capital", "uppercase",
                                              "lowercase", "hash", "exclamation"});
      if (IsNumber(k) || letter || touching) {
        end = k + 1;
      } else if (!spoken) {
        break;
      }
    }
    return end;
  }

  void Report(std::size_t begin, std::size_t end, double score) {
    const bool user = entity_ == Entity::kUsername;
    out_->push_back({{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                     {entity_, score, user ? "username" : "password",
                      user ? "a name to log in with, where one is asked for"
                           : "a secret, where one is asked for"}});
    done_ = end;
    asked_ = false;
  }

  const Tokens& tokens_;
  const WordView& words_;
  Pulse* pulse_;
  std::vector<Hit>* out_;
  Entity entity_ = Entity::kPassword;
  bool asked_ = false;
  bool words_allowed_ = false;
  int words_since_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

SecretCue SecretCueOf(std::string_view lower) {
  const auto is = [lower](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), lower) != words.end();
  };
  if (is({"password", "passcode", "passphrase", "pwd", "pswd", "otp"})) return SecretCue::kPassword;
  if (is({"username", "userid", "login", "usernames", "loginid"})) return SecretCue::kUser;
  if (is({"user", "screen", "pass"})) return SecretCue::kUserPart;
  if (is({"maiden", "pet", "pet's", "favorite", "favourite", "mascot", "car", "teacher",
          "teacher's", "school"})) {
    return SecretCue::kQuestion;
  }
  if (is({"security", "secret", "memorable"})) return SecretCue::kSecret;
  return SecretCue::kNone;
}

void FindSecrets(const Tokens& tokens, const WordView& words, Pulse* pulse, std::vector<Hit>* out) {
  Finder(tokens, words, pulse, out).Run();
}

}  // namespace cxscribe::redaction
