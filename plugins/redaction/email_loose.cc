#include "plugins/redaction/email_loose.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "plugins/redaction/name_model.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kMailReach = 12;  // tokens after "email" in which an address is expected
constexpr std::size_t kMostLocalTokens = 6;
// A local part without figures is taken for one only where it looks like a name.
constexpr float kNameLike = 1.0F;

bool IsProvider(std::string_view word) {
  return IsAnyOf(word, {"gmail", "gamil", "gmial", "hotmail", "yahoo", "outlook", "icloud", "aol",
                        "ymail", "rediffmail", "googlemail", "protonmail"});
}

// Without looking for it: this is asked of every word.
bool MayBeginProvider(char first) {
  switch (first) {
    case 'a':
    case 'g':
    case 'h':
    case 'i':
    case 'o':
    case 'p':
    case 'r':
    case 'y':
      return true;
    default:
      return false;
  }
}

bool EndsWith(std::string_view word, std::string_view ending) {
  return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

// "gmailcom", "hotmailcom", "janeaolcom": no English word ends like that.
bool IsSqueezedDomain(std::string_view word) {
  std::string_view rest;
  for (const std::string_view ending : {"com", "net", "coin", "in", "co"}) {
    if (!EndsWith(word, ending)) continue;
    rest = word.substr(0, word.size() - ending.size());
    break;
  }
  for (const std::string_view provider : {"mail", "gamil", "gmial", "gmal", "yahoo", "outlook",
                                          "icloud", "ymal", "gmil", "gmai", "gaiml"}) {
    if (EndsWith(rest, provider)) return true;
  }
  // Short names need a local part before them: "verizonnet" alone is a company.
  for (const std::string_view provider :
       {"aol", "msn", "live", "verizon", "sbcglobal", "comcast", "yandex", "mac"}) {
    if (rest.size() >= provider.size() + 2 && EndsWith(rest, provider)) return true;
  }
  return false;
}

bool IsSqueezedAddress(std::string_view word) {
  constexpr std::size_t kShortest = 8;
  return word.size() >= kShortest &&
         (EndsWith(word, "com") || EndsWith(word, "couk") || EndsWith(word, "net") ||
          EndsWith(word, "org") || EndsWith(word, "gov")) &&
         !IsAnyOf(word, {"intercom", "telecom", "sitcoms", "viacom", "qualcomm", "internet",
                         "cabinet", "ethernet", "clarinet", "bayonet", "telecoms"});
}

class Finder {
 public:
  Finder(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out)
      : tokens_(tokens), pulse_(pulse), out_(out) {}

  void Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      pulse_->Tick();
      const Token& token = tokens_.list[i];
      if (token.kind == TokenKind::kMask) mail_seen_ = false;
      if (token.kind != TokenKind::kWord) continue;
      const std::string_view word = tokens_.Text(i);
      const char last = word.back();
      const char first = word.front();
      if ((first == 'e' || first == 'm') &&
          IsAnyOf(word, {"email", "mail", "emaill", "emailid", "emailis"})) {
        mail_seen_ = true;
        mail_at_ = i;
      } else if ((last == 'm' || last == 't' || last == 'n' || last == 'o') && word.size() >= 6 &&
                 IsSqueezedDomain(word)) {
        Report(LocalBegin(i, word.size() > 10), i + 1);
      } else if (word == "com" && i > 1 && tokens_.list[i - 1].kind == TokenKind::kDigits &&
                 tokens_.SameSegment(i - 2, i) && tokens_.list[i - 2].kind == TokenKind::kWord) {
        Report(LocalBegin(i, false), i + 1);
      } else if ((AboutMail(i) || (word.size() >= 10 && StandsAlone(i))) &&
                 (last == 'm' || last == 'k' || last == 't' || last == 'g' || last == 'v') &&
                 IsSqueezedAddress(word)) {
        Report(LocalBegin(i, true), i + 1);
      } else if (MayBeginProvider(first) && word.size() >= 3 && IsProvider(word)) {
        AtProvider(i);
      }
    }
  }

 private:
  bool AboutMail(std::size_t i) const { return mail_seen_ && i - mail_at_ <= kMailReach; }
  bool StandsAlone(std::size_t i) const {
    return (i == 0 || !tokens_.SameSegment(i - 1, i)) && !tokens_.SameSegment(i, i + 1);
  }

  // "jane 82 at gmail", where an address is asked for.
  void AfterAt(std::size_t i) {
    const std::size_t at = i - 1;
    if (!AboutMail(i) || tokens_.IsWord(i + 1, "dot") || tokens_.IsMark(i + 1, '.')) return;
    if (const std::size_t begin = LocalBegin(at, false); begin < at) Report(begin, i + 1);
  }

  // "jane 82 gmail dot com", "jane 82 gmail com", and "jane 82 gmail" where an address is asked for.
  void AtProvider(std::size_t i) {
    if (i > 0 && tokens_.SameSegment(i - 1, i) && tokens_.IsWord(i - 1, "at")) AfterAt(i);
    if (i == 0 || tokens_.IsWord(i - 1, "at") || tokens_.IsMark(i - 1, '@') ||
        tokens_.IsWord(i - 1, "my") || tokens_.IsWord(i - 1, "your")) {
      return;
    }
    std::size_t end = i + 1;
    if (tokens_.IsWord(end, "dot") || tokens_.IsMark(end, '.')) ++end;
    const bool domain = end < tokens_.size() && tokens_.list[end].kind == TokenKind::kWord &&
                        IsAnyOf(tokens_.Text(end), {"com", "co", "net", "in", "org"}) &&
                        (end > i + 1 || tokens_.IsWord(end, "com"));
    end = domain ? end + 1 : i + 1;
    if (domain && (tokens_.IsWord(end, "dot") || tokens_.IsMark(end, '.')) &&
        (tokens_.IsWord(end + 1, "uk") || tokens_.IsWord(end + 1, "in"))) {
      end += 2;
    }
    const bool ends = i + 1 == tokens_.size() || !tokens_.SameSegment(i, i + 1);
    if (!domain && !AboutMail(i) && !ends) return;
    const std::size_t begin = LocalBegin(i, false);
    if (begin == i) return;
    bool figures = false;
    for (std::size_t k = begin; k < i; ++k) figures = figures || IsFigure(k);
    const bool name = NameModel::English().LogOdds(tokens_.Text(i - 1)) >= kNameLike;
    if (!figures && !(name && (domain || AboutMail(i)))) return;
    if (!domain && !AboutMail(i) && begin + 2 > i) return;
    Report(begin, end);
  }

  bool IsFigure(std::size_t i) const {
    if (tokens_.list[i].kind == TokenKind::kDigits) return true;
    if (tokens_.list[i].kind != TokenKind::kWord) return false;
    const LexemeKind kind = tokens_.list[i].lexeme.kind;
    return kind == LexemeKind::kDigit || kind == LexemeKind::kTeen || kind == LexemeKind::kTens ||
           kind == LexemeKind::kOh;
  }

  // Where the local part before token i begins: figures and letters, and the one word before them.
  // `whole`: the word at i holds a local part already, so that a word alone does not belong to it.
  std::size_t LocalBegin(std::size_t i, bool whole) const {
    constexpr std::size_t kLongestCode = 8;  // a telephone number before it is not part of it
    std::size_t k = i;
    bool figures = false;
    for (std::size_t n = 0; n < kMostLocalTokens && k > 0 && tokens_.SameSegment(k - 1, i); ++n) {
      const Token& token = tokens_.list[k - 1];
      const bool letter = token.kind == TokenKind::kWord && tokens_.Text(k - 1).size() == 1 &&
                          tokens_.Text(k - 1) != "i";
      const bool separator =
          (token.kind == TokenKind::kMark && (token.mark == '.' || token.mark == '_')) ||
          (token.kind == TokenKind::kWord &&
           IsAnyOf(tokens_.Text(k - 1), {"dot", "underscore", "dash"}));
      if (IsFigure(k - 1) && static_cast<std::size_t>(token.size) <= kLongestCode) {
        figures = true;
      } else if (!letter && !separator) {
        break;
      } else {
        figures = true;
      }
      --k;
    }
    if (k == 0 || !tokens_.SameSegment(k - 1, i) || (whole && !figures)) return k;
    const Token& token = tokens_.list[k - 1];
    const bool atom =
        token.kind == TokenKind::kWord && token.lexeme.kind == LexemeKind::kOther &&
        !IsAnyOf(tokens_.Text(k - 1),
                 {"is",   "its",  "to",    "email",   "mail",    "address", "id",    "and",
                  "my",   "the",  "your",  "at",      "a",       "by",      "on",    "in",
                  "for",  "me",   "this",  "or",      "no",      "use",     "with",  "via",
                  "from", "as",   "meant", "persons", "number",  "ssn",     "phone", "code",
                  "of",   "only", "have",  "than",    "through", "new",     "old",   "are",
                  "was",  "be",   "using", "their",   "his",     "her"});
    if (!atom) return k;
    // "smith gmail" is an address, "send gmail" is not.
    const bool name = NameModel::English().LogOdds(tokens_.Text(k - 1)) >= kNameLike - 3;
    return figures || name ? k - 1 : k;
  }

  void Report(std::size_t begin, std::size_t end) {
    if (begin < done_) begin = done_;
    if (begin >= end) return;
    out_->push_back({{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                     {Entity::kEmail, 0.82, "email-loose",
                      "an e-mail address that lost its signs in writing it down"}});
    done_ = end;
    mail_seen_ = false;
  }

  const Tokens& tokens_;
  Pulse* pulse_;
  std::vector<Hit>* out_;
  bool mail_seen_ = false;
  std::size_t mail_at_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

void FindLooseEmails(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  Finder(tokens, pulse, out).Run();
}

}  // namespace cxscribe::redaction
