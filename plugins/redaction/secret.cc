#include "plugins/redaction/secret.h"

#include <algorithm>
#include <initializer_list>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/secret_form.h"
#include "plugins/redaction/word_view.h"

namespace cxscribe::redaction {
namespace {

constexpr int kReach = 12;  // plain words after a question in which it is answered
constexpr std::size_t kMostOpeners = 8;
constexpr std::size_t kStreetReach = 4;  // tokens from "street" to "grow up"

class Finder {
 public:
  Finder(const std::vector<Utterance>& utterances, const Tokens& tokens, const WordView& words,
         Pulse* pulse, std::vector<Hit>* out)
      : utterances_(utterances), tokens_(tokens), words_(words), pulse_(pulse), out_(out) {
    for (const Utterance& u : utterances) {
      labelled_ = labelled_ || u.speaker != utterances.front().speaker;
    }
  }

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
  bool IsOpener(std::size_t i) const {
    return words_[i].cue == NameCue::kOpener ||
           tokens_.list[i].lexeme.kind == LexemeKind::kHesitation ||
           (tokens_.list[i].kind == TokenKind::kMark &&
            (tokens_.list[i].mark == ',' || tokens_.list[i].mark == ':'));
  }

  // What is no answer by itself.
  bool IsInterjection(std::size_t i) const {
    return tokens_.IsOneOf(i, {"wow",  "whoa", "gosh",  "jeez",  "goodness", "god",       "ha",
                               "haha", "hah",  "ooh",   "ugh",   "huh",      "man",       "boy",
                               "yup",  "aha",  "right", "great", "perfect",  "wonderful", "fine"});
  }

  void AtWord(std::size_t i) {
    switch (words_[i].secret) {
      case SecretCue::kPassword:
        // "my password's ..."
        Expect(i, i + 1, Entity::kPassword, false,
               tokens_.IsOneOf(i, {"password's", "passcode's"}));
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
      case SecretCue::kLogIn:
        if (const std::size_t end = LogInEnd(i); end > i) {
          Expect(i, end, Entity::kUsername, false, true);
        }
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
    if (word == "grow" || word == "grew") {
      // "what street did you grow up on"
      const std::size_t first = i > kStreetReach ? i - kStreetReach : 0;
      for (std::size_t k = first; k < i; ++k) {
        if (tokens_.SameSegment(k, i) && tokens_.IsOneOf(k, {"street", "road"}) &&
            tokens_.IsWord(i + 1, "up")) {
          Expect(i, i + (tokens_.IsWord(i + 2, "on") ? 3U : 2U), Entity::kPassword, true);
          return;
        }
      }
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

  // One past "log in as"; i where that is not what stands there.
  std::size_t LogInEnd(std::size_t i) const {
    return tokens_.IsOneOf(i + 1, {"in", "on"}) && tokens_.IsOneOf(i + 2, {"as", "under"}) ? i + 3
                                                                                           : i;
  }

  // A secret right after its cue, which ends before token k; else the answer is waited for. `words`:
  // it may be ordinary words.
  void Expect(std::size_t cue, std::size_t k, Entity entity, bool words, bool named = false) {
    asked_ = true;
    asked_at_ = cue;
    words_since_ = 0;
    entity_ = entity;
    words_allowed_ = words;
    bool is = named;
    for (std::size_t n = 0; n < kMostOpeners && tokens_.SameSegment(cue, k); ++n, ++k) {
      if (tokens_.IsOneOf(k, {"is", "was", "it's", "its", "be", "are"}) || tokens_.IsMark(k, ':') ||
          tokens_.IsMark(k, '=')) {
        is = true;
      } else if (!(tokens_.IsMark(k, ',') || tokens_.IsMark(k, '"') || tokens_.IsMark(k, '\'') ||
                   tokens_.IsOneOf(k, {"of", "as", "number", "word"}) ||
                   tokens_.list[k].lexeme.kind == LexemeKind::kHesitation)) {
        break;
      }
    }
    if (!tokens_.SameSegment(cue, k)) return;
    const SecretWords allowed = !is      ? SecretWords::kNone
                                : !words ? SecretWords::kOne
                                         : SecretWords::kSeveral;
    const SecretForm form = SecretAt(tokens_, words_, k, allowed);
    if (form.kind != SecretKind::kNone) Report(k, form.end, is ? 0.88 : 0.8);
  }

  // Whether the secret that ends before token i is all that was said, or all that matters.
  bool Closes(std::size_t i) const {
    if (i == 0 || !tokens_.SameSegment(i - 1, i)) return true;
    return tokens_.list[i].kind == TokenKind::kMark ||
           tokens_.IsOneOf(i, {"please", "if", "i", "thanks", "thank", "but", "and", "like",
                               "because", "it's", "we", "he", "she", "that's", "at", "in"}) ||
           PhraseAt(tokens_, i) != nullptr;
  }

  // Whether the one who was asked speaks in the segment of token i, as far as the labels tell.
  bool IsOther(std::size_t i) const {
    const auto speaker = [this](std::size_t k) {
      return utterances_[static_cast<std::size_t>(tokens_.list[k].segment)].speaker;
    };
    return !labelled_ || speaker(i).empty() || speaker(asked_at_).empty() ||
           speaker(i) != speaker(asked_at_);
  }

  // "yes", "oh wow", "let me see", "sure it's": one past what an answer begins with.
  std::size_t SkipOpeners(std::size_t i) const {
    std::size_t k = i;
    for (std::size_t n = 0; n < kMostOpeners && tokens_.SameSegment(i, k); ++n) {
      const Phrase* const phrase = PhraseAt(tokens_, k);
      if (phrase != nullptr && !phrase->corrects && phrase->size > 1) {
        k += phrase->size;
      } else if (IsOpener(k) || IsInterjection(k) || (k > i && tokens_.IsMark(k, '.'))) {
        ++k;
      } else {
        break;
      }
    }
    return k;
  }

  void Answer(std::size_t i) {
    const std::size_t k = SkipOpeners(i);
    if (k < done_ || !tokens_.SameSegment(i, k)) return;
    const bool other = IsOther(k);
    const SecretForm form = SecretAt(
        tokens_, words_, k, words_allowed_ && other ? SecretWords::kSeveral : SecretWords::kNone);
    switch (form.kind) {
      case SecretKind::kNone:
        return;
      case SecretKind::kWords:
      case SecretKind::kFigures:
        if (Closes(form.end)) Report(k, form.end, 0.75);
        return;
      case SecretKind::kSpoken:
        if (Closes(form.end)) Report(k, form.end, 0.9);
        return;
      case SecretKind::kWritten:
        Report(k, form.end, 0.9);
        return;
    }
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

  const std::vector<Utterance>& utterances_;
  const Tokens& tokens_;
  const WordView& words_;
  Pulse* pulse_;
  std::vector<Hit>* out_;
  Entity entity_ = Entity::kPassword;
  bool labelled_ = false;  // there are different speakers
  bool asked_ = false;
  std::size_t asked_at_ = 0;
  bool words_allowed_ = false;
  int words_since_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

SecretCue SecretCueOf(std::string_view lower) {
  const auto is = [lower](std::initializer_list<std::string_view> words) {
    return IsAnyOf(lower, words);
  };
  if (is({"password", "passcode", "passphrase", "pwd", "pswd", "otp", "password's", "passcode's"}))
    return SecretCue::kPassword;
  if (is({"username", "userid", "login", "usernames", "loginid"})) return SecretCue::kUser;
  if (is({"user", "screen", "pass"})) return SecretCue::kUserPart;
  if (is({"maiden", "pet", "pet's", "favorite", "favourite", "mascot", "car", "teacher",
          "teacher's", "school", "grow", "grew"})) {
    return SecretCue::kQuestion;
  }
  if (is({"log", "logged", "logging", "logs", "signed", "signing"})) return SecretCue::kLogIn;
  if (is({"security", "secret", "memorable"})) return SecretCue::kSecret;
  return SecretCue::kNone;
}

void FindSecrets(const std::vector<Utterance>& utterances, const Tokens& tokens,
                 const WordView& words, Pulse* pulse, std::vector<Hit>* out) {
  Finder(utterances, tokens, words, pulse, out).Run();
}

}  // namespace cxscribe::redaction
