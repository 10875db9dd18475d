#include "plugins/redaction/email.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/name_model.h"

namespace cxscribe::redaction {
namespace {

// The parts of an address that are looked at on each side of the "at". Longer addresses exist;
// nobody dictates them.
constexpr std::size_t kMostLocalTokens = 48;
constexpr std::size_t kMostDomainLabels = 6;

using WordSet = std::unordered_set<std::string_view>;

bool In(const WordSet& set, std::string_view word) { return set.count(word) != 0; }

const WordSet& TopLevelDomains() {
  static const WordSet* const set = new WordSet{
      "com",   "org",   "net",  "edu",  "gov",     "mil",     "int", "info", "biz",    "name",
      "pro",   "io",    "co",   "uk",   "us",      "ca",      "au",  "nz",   "ie",     "de",
      "fr",    "es",    "it",   "nl",   "be",      "ch",      "at",  "se",   "no",     "dk",
      "fi",    "pl",    "pt",   "jp",   "cn",      "in",      "sg",  "hk",   "za",     "br",
      "mx",    "ru",    "tv",   "me",   "ai",      "app",     "dev", "xyz",  "online", "site",
      "email", "cloud", "tech", "test", "example", "invalid", "eu",  "kr",   "il"};
  return *set;
}

const WordSet& Providers() {
  static const WordSet* const set =
      new WordSet{"gmail",   "yahoo",     "hotmail", "outlook",    "icloud",    "aol",
                  "msn",     "live",      "proton",  "protonmail", "ymail",     "rediffmail",
                  "comcast", "verizon",   "att",     "googlemail", "mail",      "gmx",
                  "zoho",    "sbcglobal", "cox",     "bellsouth",  "earthlink", "example"};
  return *set;
}

// Words that end the search to the left of a spoken address, and never are its whole local part.
const WordSet& Introductions() {
  static const WordSet* const set = new WordSet{
      "is",      "it's",    "its",      "that's",  "to",      "at",        "email",   "mail",
      "address", "my",      "your",     "me",      "us",      "you",       "the",     "a",
      "an",      "and",     "or",       "so",      "on",      "in",        "out",     "up",
      "for",     "it",      "that",     "this",    "look",    "looking",   "go",      "visit",
      "shop",    "order",   "ordered",  "online",  "website", "site",      "page",    "here",
      "now",     "was",     "be",       "are",     "as",      "them",      "him",     "her",
      "i",       "we",      "they",     "account", "store",   "find",      "found",   "available",
      "check",   "sign",    "log",      "one",     "under",   "have",      "got",     "use",
      "using",   "said",    "says",     "yes",     "yeah",    "okay",      "ok",      "no",
      "right",   "sure",    "please",   "then",    "with",    "by",        "from",    "works",
      "work",    "buy",     "bought",   "stuff",   "things",  "prices",    "details", "info",
      "more",    "down",    "over",     "back",    "just",    "again",     "today",   "later",
      "correct", "perfect", "register", "login",   "case",    "sensitive", "all",     "lowercase",
      "like",    "of",      "send",     "sent"};
  return *set;
}

enum class Part { kAtom, kLetter, kNumber, kSeparator, kSkip, kStop };

// A view of the tokens without what people say in between ("uh") and without the brackets of "(at)",
// so that neighbours are neighbours.
class Reader {
 public:
  explicit Reader(const Tokens& tokens) : tokens_(tokens) {
    list_.reserve(tokens.size());
    pause_.reserve(tokens.size());
    std::size_t pause_end = 0;  // tokens before this one are a pause
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const Token& token = tokens.list[i];
      pause_end = std::max(pause_end, i + PauseLength(i));
      const bool pause = i < pause_end;
      if (quiet_.size() <= static_cast<std::size_t>(token.segment)) {
        quiet_.resize(static_cast<std::size_t>(token.segment) + 1, true);
      }
      const bool hesitation =
          token.kind == TokenKind::kWord && token.lexeme.kind == LexemeKind::kHesitation;
      if (!pause && !hesitation) quiet_[static_cast<std::size_t>(token.segment)] = false;
      if (hesitation || IsBracketOfSign(i)) continue;
      list_.push_back(static_cast<std::uint32_t>(i));
      pause_.push_back(pause);
    }
  }

  std::size_t size() const { return list_.size(); }
  const Token& At(std::size_t k) const { return tokens_.list[list_[k]]; }
  std::string_view Text(std::size_t k) const { return tokens_.Text(list_[k]); }
  std::uint32_t Index(std::size_t k) const { return list_[k]; }
  bool IsWord(std::size_t k, std::string_view word) const {
    return k < list_.size() && tokens_.IsWord(list_[k], word);
  }
  bool IsMark(std::size_t k, char mark) const {
    return k < list_.size() && tokens_.IsMark(list_[k], mark);
  }
  // Whether the word at k is said for a sign: "at", "dot".
  bool IsSign(std::size_t k, char sign) const {
    return k < list_.size() && At(k).kind == TokenKind::kWord && At(k).lexeme.sign == sign;
  }
  bool english() const { return tokens_.language->english(); }
  // Whether token k touches the one before.
  bool Touches(std::size_t k) const {
    return k < list_.size() && k > 0 && list_[k] == list_[k - 1] + 1 && !At(k).space_before;
  }
  // "[at]", which looks like a mask.
  bool IsBracketed(std::size_t k, std::string_view word) const {
    if (k >= list_.size() || At(k).kind != TokenKind::kMask) return false;
    const std::string_view text = Text(k);
    return text.size() == word.size() + 2 && text.substr(1, word.size()) == word;
  }
  // Whether the segment of token k is nothing but "mm hmm" and the like.
  bool InQuietSegment(std::size_t k) const {
    return quiet_[static_cast<std::size_t>(At(k).segment)];
  }
  // The first of the pauses right before k ("okay", a comma, the other speaker's "go ahead"); k where
  // there is none.
  std::size_t PauseBegin(std::size_t k) const {
    constexpr std::size_t kMostPause = 12;
    std::size_t begin = k;
    while (begin > 0 && k - begin < kMostPause && pause_[begin - 1]) --begin;
    return begin;
  }

 private:
  std::size_t PauseLength(std::size_t i) const {
    const Token& token = tokens_.list[i];
    if (token.kind == TokenKind::kMark) {
      const bool mark = token.mark == ',' || token.mark == '.' || token.mark == '?';
      return mark && (i + 1 >= tokens_.size() || tokens_.list[i + 1].space_before) ? 1 : 0;
    }
    if (token.kind != TokenKind::kWord) return 0;
    if (const Phrase* phrase = PhraseAt(tokens_, i)) return phrase->size;
    const bool pause = token.lexeme.kind == LexemeKind::kFiller || tokens_.IsWord(i, "and") ||
                       tokens_.IsWord(i, "then") || tokens_.IsWord(i, "like");
    return pause ? 1 : 0;
  }
  // The brackets of "(at)" and "(dot)".
  bool IsBracketOfSign(std::size_t i) const {
    const auto sign = [this](std::size_t w) {
      if (w >= tokens_.size() || tokens_.list[w].kind != TokenKind::kWord) return false;
      const char said_for = tokens_.list[w].lexeme.sign;
      return (said_for == '@' || said_for == '.') && w > 0 && tokens_.IsMark(w - 1, '(') &&
             tokens_.IsMark(w + 1, ')');
    };
    return (tokens_.IsMark(i, '(') && sign(i + 1)) ||
           (i > 0 && tokens_.IsMark(i, ')') && sign(i - 1));
  }

  const Tokens& tokens_;
  std::vector<std::uint32_t> list_;
  std::vector<bool> pause_;  // beside list_
  std::vector<bool> quiet_;  // by segment
};

// How many tokens the dot at k takes; 0: none.
std::size_t DotLength(const Reader& r, std::size_t k) {
  if (k >= r.size()) return 0;
  if (r.IsSign(k, '.')) return 1;
  if (r.IsBracketed(k, "dot")) return 1;
  if (r.IsMark(k, '.') && r.Touches(k) && r.Touches(k + 1)) return 1;
  return 0;
}

bool IsSplitProvider(std::string_view first, std::string_view second) {
  if (second == "mail") {
    return first == "g" || first == "hot" || first == "y" || first == "proton" || first == "google";
  }
  return (first == "out" && second == "look") || (first == "i" && second == "cloud");
}

// One past "e d u" or "c o m", letters that spell a top-level domain, at k; k where none are.
std::size_t SpeltTopLevelEnd(const Reader& r, std::size_t k) {
  constexpr std::size_t kLongest = 7;
  std::string label;
  std::size_t end = k;
  for (std::size_t i = k; i < k + kLongest && i < r.size(); ++i) {
    if (r.At(i).kind != TokenKind::kWord || r.Text(i).size() != 1) break;
    if (i > k && r.At(i).segment != r.At(k).segment) break;
    label += r.Text(i);
    if (label.size() > 1 && In(TopLevelDomains(), label)) end = i + 1;
  }
  return end;
}

struct Domain {
  std::size_t end = 0;
  bool provider = false;
};

// "example dot com", "mail.example.co.uk", "my dash company dot com".
// `written`: right after "@", where any label of letters may end it.
std::optional<Domain> ReadDomain(const Reader& r, std::size_t k, bool written) {
  Domain domain;
  std::optional<Domain> best;
  for (std::size_t label = 0; label < kMostDomainLabels; ++label) {
    if (const std::size_t end = label > 0 ? SpeltTopLevelEnd(r, k) : k; end > k) {
      domain.end = k = end;
      best = domain;
      const std::size_t dot = DotLength(r, k);
      if (dot == 0) break;
      k += dot;
      continue;
    }
    std::size_t parts = 0;
    std::string_view last;
    constexpr std::size_t kMostParts = 12;
    bool dash = false;
    while (k < r.size() && parts < kMostParts) {
      const Token& token = r.At(k);
      const bool word = token.kind == TokenKind::kWord && !r.IsSign(k, '.');
      const bool figures = token.kind == TokenKind::kDigits;
      const bool joiner =
          (r.IsMark(k, '-') && r.Touches(k) && r.Touches(k + 1)) || r.IsSign(k, '-');
      if (joiner && parts > 0) {
        dash = true;
        ++k;
        continue;
      }
      if (!word && !figures) break;
      // A label is one word, unless its parts touch, are joined by a dash, or are spelt.
      const bool spelt = parts > 0 && label == 0 && last.size() == 1 && r.Text(k).size() == 1;
      // "g mail", "hot mail", "out look"
      if (label == 0 && word && parts == 1 && IsSplitProvider(last, r.Text(k))) {
        domain.provider = true;
        last = r.Text(k++);
        break;
      }
      if (parts > 0 && !dash && !r.Touches(k) && !spelt) break;
      last = r.Text(k);
      dash = false;
      ++parts;
      ++k;
    }
    if (parts == 0) break;
    if (label == 0) {
      domain.provider = domain.provider || (parts == 1 && In(Providers(), last));
    }
    // "at gmail com"
    if (label == 0 && domain.provider && r.IsWord(k, "com")) return Domain{k + 1, true};
    const bool touching = written && parts == 1 && k > 0 && r.Touches(k - 1) && last.size() >= 2 &&
                          r.At(k - 1).kind == TokenKind::kWord;
    if (label > 0 && (touching || In(TopLevelDomains(), last))) {
      domain.end = k;
      best = domain;
    }
    const std::size_t dot = DotLength(r, k);
    if (dot == 0) break;
    k += dot;
  }
  return best;
}

// Every domain has a dot, or "com" where the dot was not heard. Most calls name none.
bool MayHaveDomain(const Tokens& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens.list[i];
    switch (token.kind) {
      case TokenKind::kWord:
        if (token.lexeme.sign == '.' || tokens.IsWord(i, "com")) return true;
        break;
      case TokenKind::kMark:
        if (token.mark == '.' && !token.space_before) {
          const bool more = i + 1 < tokens.size() && tokens.list[i + 1].segment == token.segment;
          if (more && !tokens.list[i + 1].space_before) return true;
        }
        break;
      case TokenKind::kMask:
        if (token.size == 5) return true;  // "[dot]"
        break;
      case TokenKind::kDigits:
        break;
    }
  }
  return false;
}

bool IsFigure(const Token& token) {
  if (token.kind == TokenKind::kDigits) return true;
  return token.kind == TokenKind::kWord && token.lexeme.kind >= LexemeKind::kDigit &&
         token.lexeme.kind <= LexemeKind::kTens;
}

Part PartAt(const Reader& r, std::size_t k) {
  const Token& token = r.At(k);
  switch (token.kind) {
    case TokenKind::kDigits:
      return Part::kNumber;
    case TokenKind::kMask:
      return Part::kStop;
    case TokenKind::kMark:
      if (token.mark == '.' || token.mark == '_' || token.mark == '-' || token.mark == '+' ||
          token.mark == '%') {
        return r.Touches(k) && r.Touches(k + 1) ? Part::kSeparator : Part::kStop;
      }
      return Part::kStop;
    case TokenKind::kWord:
      break;
  }
  const std::string_view word = r.Text(k);
  const bool under_score = (word == "under" && r.IsWord(k + 1, "score")) ||
                           (word == "score" && k > 0 && r.IsWord(k - 1, "under"));
  if ((token.lexeme.sign != 0 && token.lexeme.sign != '@') || under_score) return Part::kSeparator;
  switch (token.lexeme.kind) {
    case LexemeKind::kDigit:
    case LexemeKind::kTeen:
    case LexemeKind::kTens:
    case LexemeKind::kHundreds:
    case LexemeKind::kHundred:
    case LexemeKind::kThousand:
    case LexemeKind::kRepeat:
      return Part::kNumber;
    case LexemeKind::kOh:
      if (word.size() > 1 && k > 0 && IsFigure(r.At(k - 1))) return Part::kNumber;
      break;
    default:
      break;
  }
  if (token.lexeme.sign == '@') return Part::kStop;
  if (!r.english() && token.lexeme.Is(kIntroduces)) return Part::kStop;
  if (word.size() == 1) return Part::kLetter;
  return r.english() && In(Introductions(), word) ? Part::kStop : Part::kAtom;
}

struct Local {
  std::size_t begin = 0;
  bool structured =
      false;  // has a separator, figures or spelt letters: nothing that ordinary talk has
};

// One past the letter that "as in boy" or "for bravo" right before i explains; i where there is none.
std::size_t ExampleBegin(const Reader& r, std::size_t i) {
  constexpr std::size_t kFewest = 3;  // "b for bravo"
  if (i < kFewest || !r.english() || r.At(i - 1).kind != TokenKind::kWord) return i;
  std::size_t letter = i - 3;
  if (r.IsWord(i - 2, "in") && r.IsWord(i - 3, "as") && i > kFewest) {
    letter = i - 4;
  } else if (!r.IsWord(i - 2, "for") && !r.IsWord(i - 2, "like")) {
    return i;
  }
  const std::string_view word = r.Text(i - 1);
  const bool fits = r.At(letter).kind == TokenKind::kWord && r.Text(letter).size() == 1 &&
                    word.size() > 1 && word.front() == r.Text(letter).front() &&
                    r.At(letter).segment == r.At(i - 1).segment;
  return fits ? letter + 1 : i;
}

// The local part that ends right before k.
std::optional<Local> ReadLocal(const Reader& r, std::size_t k) {
  Local local;
  local.begin = k;
  bool joined = true;  // the part to the right asks for one more to its left
  bool had_atom = false;
  std::size_t taken = 0;
  std::size_t i = k;
  while (i > 0 && taken < kMostLocalTokens) {
    // "rosa dot", "go ahead", "okafor": the other speaker's word is no part of it.
    if (const std::size_t pause = r.PauseBegin(i); pause < i && pause > 0 && taken > 0) {
      const bool other = r.At(pause - 1).segment != r.At(i).segment;
      if (other && (joined || PartAt(r, pause - 1) == Part::kSeparator)) i = pause;
    }
    if (const std::size_t spelt = ExampleBegin(r, i); spelt < i) {
      i = spelt;
      joined = true;
      local.structured = true;
    }
    const std::size_t p = i - 1;
    const Part part = PartAt(r, p);
    const bool touches = i < k && r.Touches(i);
    if (part == Part::kSeparator) {
      if (taken == 0) return std::nullopt;
      joined = true;
      local.structured = true;
    } else if (part == Part::kNumber) {
      if (had_atom && !joined && !touches) break;
      local.structured = true;
      joined = true;  // "jane eight two": the name before the figures belongs to them
      had_atom = false;
      local.begin = p;
    } else if (part == Part::kLetter) {
      const bool next_is_letter = i < k && PartAt(r, i) == Part::kLetter;
      if (!joined && !touches && !next_is_letter) break;
      if (next_is_letter || joined) local.structured = local.structured || next_is_letter;
      joined = false;
      had_atom = true;
      local.begin = p;
    } else if (part == Part::kAtom) {
      const bool next_is_letter = i < k && PartAt(r, i) == Part::kLetter && !touches;
      if (!joined && !touches) break;
      if (next_is_letter && !joined) break;
      joined = false;
      had_atom = true;
      local.begin = p;
    } else {
      // An introduction word right beside a separator is a name after all: "me dot you at ...".
      const bool word = r.At(p).kind == TokenKind::kWord;
      const bool beside = word && i < k && joined && PartAt(r, i) == Part::kSeparator;
      if (!beside && !(word && touches)) break;
      joined = false;
      had_atom = true;
      local.begin = p;
    }
    ++taken;
    i = p;
  }
  if (local.begin == k) return std::nullopt;
  return local;
}

bool IsAddressWord(std::string_view word) {
  return word == "is" || word == "it's" || word == "that's" || word == "address" || word == "email";
}

// "email is sarah williams at ...": two words between the introduction and the "at" are one name.
std::size_t ExtendToIntroduction(const Reader& r, std::size_t begin) {
  constexpr std::size_t kMostExtra = 2;
  std::size_t i = begin;
  for (std::size_t extra = 0; extra <= kMostExtra && i > 0; ++extra, --i) {
    const std::string_view word = r.Text(i - 1);
    if (r.At(i - 1).kind != TokenKind::kWord || r.At(i - 1).segment != r.At(begin).segment) break;
    if (r.english() ? IsAddressWord(word) : r.At(i - 1).lexeme.Is(kIntroduces)) return i;
    if (PartAt(r, i - 1) != Part::kAtom) break;
  }
  return begin;
}

bool IsMailWord(std::string_view word) {
  switch (word.front()) {
    case 'e':
      return word == "email" || word == "emails" || word == "emailed" || word == "emailing";
    case 'm':
      return word == "mail";
    case 'g':
      return word == "gmail";
    case 'i':
      return word == "inbox";
    default:
      return false;
  }
}

// What recognisers make of "at"; believed only before a provider's name.
bool IsMisheardAt(const Reader& r, std::size_t k) {
  if (r.At(k).kind != TokenKind::kWord || !r.english()) return false;
  const std::string_view word = r.Text(k);
  if (word.size() < 2 || word.size() > 4) return false;
  return word == "add" || word == "ad" || word == "hat" || word == "et" || word == "that" ||
         word == "and";
}

// "mary ann smith at gmail dot com": names before the one next to the "at" belong to it.
std::size_t ExtendOverNames(const Reader& r, std::size_t begin) {
  constexpr std::size_t kMostExtra = 3;
  constexpr float kNameLike = 1.5F;
  std::size_t i = begin;
  if (!r.english()) return begin;  // the model knows English only
  for (std::size_t extra = 0; extra < kMostExtra && i > 0; ++extra, --i) {
    if (PartAt(r, i - 1) != Part::kAtom || r.At(i - 1).segment != r.At(begin).segment) break;
    if (NameModel::English().LogOdds(r.Text(i - 1)) < kNameLike) break;
  }
  return i;
}

std::vector<TokenRange> Ranges(const Reader& r, std::size_t begin, std::size_t end) {
  std::vector<TokenRange> ranges;
  for (std::size_t k = begin; k < end; ++k) {
    const std::uint32_t index = r.Index(k);
    if (r.InQuietSegment(k)) continue;
    if (!ranges.empty() && ranges.back().end == index) {
      ++ranges.back().end;
    } else {
      ranges.push_back({index, index + 1});
    }
  }
  return ranges;
}

}  // namespace

void FindEmails(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  constexpr std::size_t kMailReach = 60;
  if (!MayHaveDomain(tokens)) return;
  const Reader r(tokens);
  std::size_t mail_at = 0;
  bool mail_seen = false;
  std::size_t done = 0;  // tokens before this one belong to an address already
  for (std::size_t k = 0; k < r.size(); ++k) {
    pulse->Tick();
    if (r.At(k).kind == TokenKind::kWord && IsMailWord(r.Text(k))) {
      mail_at = k;
      mail_seen = true;
    }
    const bool sign = r.IsMark(k, '@') || r.IsBracketed(k, "at");
    const bool misheard = !sign && IsMisheardAt(r, k);
    if (!sign && !misheard && !r.IsSign(k, '@')) continue;
    std::size_t after = k + 1;
    if (!sign && (r.IsWord(after, "sign") || r.IsWord(after, "symbol"))) ++after;
    if (!sign && r.IsWord(after, "the") && r.IsWord(after + 1, "rate")) {  // Indian English
      after += r.IsWord(after + 2, "of") ? 3 : 2;
    }
    const auto domain = ReadDomain(r, after, sign && r.Touches(after));
    if (!domain || (misheard && !domain->provider)) continue;
    const std::size_t local_end = r.PauseBegin(k);
    auto local = ReadLocal(r, local_end);
    if (!local || local->begin < done) continue;
    const bool sent_to = local->begin > 0 && r.IsWord(local->begin - 1, "to");
    const bool about_mail = sent_to || (mail_seen && k - mail_at <= kMailReach);
    Verdict verdict{Entity::kEmail, 0, "email-spoken", "an e-mail address as it is spoken"};
    if (sign && r.Touches(k)) {
      verdict.score = 0.97;
      verdict.detector = "email-written";
      verdict.reason = "an e-mail address as it is written";
    } else if (sign || local->structured) {
      verdict.score = 0.92;
    } else if (about_mail || !r.english() || (domain->provider && local_end == k)) {
      verdict.score = 0.85;
      if (!local->structured) {
        local->begin =
            std::min(ExtendToIntroduction(r, local->begin), ExtendOverNames(r, local->begin));
      }
    } else {
      continue;
    }
    if (local->begin < done) local->begin = done;
    out->push_back({Ranges(r, local->begin, domain->end), verdict});
    done = domain->end;
    mail_at = k;
    mail_seen = true;
  }
}

}  // namespace cxscribe::redaction
