// Mail and web addresses, and those of the Internet Protocol: see readers.h.
#include <algorithm>
#include <string>
#include <utility>

#include "plugins/inverse_text_normalisation/number.h"
#include "plugins/inverse_text_normalisation/readers.h"
#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

// Words of one address on either side of its "at" or first "dot"; nobody dictates longer ones.
constexpr std::size_t kMostWords = 48;

// The ends of domains that are no words of the language.
const WordSet& Tops() {
  static const WordSet* const set =
      new WordSet{"com", "org", "net", "edu", "gov", "mil", "int", "info",  "biz", "io", "ai",
                  "co",  "uk",  "ca",  "au",  "nz",  "ie",  "de",  "fr",    "nl",  "ch", "se",
                  "dk",  "fi",  "pl",  "pt",  "jp",  "cn",  "sg",  "hk",    "za",  "br", "mx",
                  "ru",  "tv",  "dev", "eu",  "kr",  "app", "xyz", "cloud", "tech"};
  return *set;
}

// And those that are; only behind an "at".
const WordSet& WordTops() {
  static const WordSet* const set =
      new WordSet{"us",     "in",   "it",   "me",  "es",      "be",   "at",     "no",
                  "online", "site", "name", "pro", "example", "test", "invalid"};
  return *set;
}

// Words that an address does not begin with, and that are not part of one: what stands behind them
// is its beginning.
const WordSet& Outside() {
  static const WordSet* const set = new WordSet{
      "is",   "it's",  "its",     "that's", "to",    "at",      "email", "address", "my",
      "your", "our",   "their",   "me",     "us",    "you",     "the",   "an",      "and",
      "or",   "so",    "on",      "in",     "out",   "up",      "for",   "it",      "that",
      "this", "look",  "looking", "go",     "visit", "website", "site",  "page",    "here",
      "now",  "was",   "be",      "are",    "as",    "them",    "him",   "her",     "his",
      "we",   "they",  "from",    "by",     "with",  "of",      "use",   "using",   "under",
      "yes",  "yeah",  "okay",    "ok",     "no",    "right",   "sure",  "please",  "then",
      "just", "like",  "online",  "shop",   "said",  "called",  "via",   "through", "but",
      "i'm",  "we're", "they're", "you're", "he's",  "she's",   "there", "store",   "check",
      "find", "found", "uh",      "um",     "slash", "colon",   "send",  "write",   "into",
      "over", "what",  "where"};
  return *set;
}

// Those behind which an address is announced, so that several words may be one name.
bool Announces(const Words& words, std::size_t i) {
  static const WordSet* const set = new WordSet{"is", "it's", "email", "address", "that's"};
  return IsIn(*set, words, i);
}

// '.', '-' or '_' where it is said between the parts of an address; 0: it is not.
char Joiner(const Words& words, std::size_t i) {
  if (words.Is(i, "dot")) return '.';
  if (words.Is(i, "dash") || words.Is(i, "hyphen")) return '-';
  return words.Is(i, "underscore") ? '_' : '\0';
}

bool IsAtom(const Lexeme& lexeme) {
  switch (lexeme.kind) {
    case Kind::kLetter:
    case Kind::kOh:
      return true;
    case Kind::kDigit:
    case Kind::kTeen:
    case Kind::kTens:
      return !lexeme.ordinal;
    default:
      return false;
  }
}

// Whether the word may be part of a name.
bool IsPart(const Words& words, std::size_t i) {
  if (i >= words.size() || Joiner(words, i) != 0 || IsIn(Outside(), words, i)) return false;
  const Lexeme lexeme = words.At(i);
  if (lexeme.ordinal || IsScaled(words, i)) return false;
  const std::string_view word = words.Lower(i);
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// How freely a name may be put together.
enum class Names : std::uint8_t {
  kOne,      // one word, maybe with letters before it: "g mail"
  kFigures,  // or figures behind it
  kMany,     // or several words
};

// The words [begin, end), which hold no joiner, as one name; nullopt: not certainly.
std::optional<std::string> ReadName(const Words& words, std::size_t begin, std::size_t end,
                                    Names names) {
  std::string name;
  std::size_t plain = 0;
  bool figures = false;
  bool letters_behind = false;
  bool word_behind_figures = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (!IsPart(words, i)) return std::nullopt;
    const Lexeme lexeme = words.At(i);
    const bool number = IsNumber(lexeme) || words.Is(i, "oh");
    if (number) {
      const auto small = ReadSmall(words, i);
      name += small ? std::to_string(small->value) : "0";
      figures = true;
      if (small) i = small->end - 1;
    } else if (IsAtom(lexeme)) {
      name += words.Written(i);
      letters_behind = letters_behind || plain > 0;
    } else {
      name += words.Written(i);
      ++plain;
      word_behind_figures = word_behind_figures || figures;
    }
  }
  if (name.empty() || word_behind_figures) return std::nullopt;
  if (plain == 0) return name;
  if (names == Names::kOne && (figures || letters_behind || plain > 1)) return std::nullopt;
  constexpr std::size_t kMostPlain = 3;
  if (names == Names::kFigures && (letters_behind || plain > 1)) return std::nullopt;
  if (plain > kMostPlain) return std::nullopt;
  return name;
}

// Names and what joins them: "jane dot doe", the first of them read as `first` allows.
std::optional<std::string> ReadNames(const Words& words, std::size_t begin, std::size_t end,
                                     Names first, Names others) {
  std::string joined;
  Names names = first;
  for (std::size_t at = begin; at < end;) {
    std::size_t stop = at;
    while (stop < end && Joiner(words, stop) == 0) ++stop;
    const auto name = ReadName(words, at, stop, names);
    if (!name || stop + 1 == end) return std::nullopt;
    joined += *name;
    if (stop < end) joined += Joiner(words, stop);
    at = stop + 1;
    names = others;
  }
  return joined;
}

struct Part {
  std::string written;
  std::size_t end = 0;
  bool certain = true;  // a domain's end that is on the list
};

bool IsSpelt(const Words& words, std::size_t i) {
  return words.Joined(i) && (words.At(i).kind == Kind::kLetter || words.Is(i, "o"));
}

// The last part of a domain: "com", "c o m", "s m".
std::optional<Part> ReadTop(const Words& words, std::size_t at, bool behind_at) {
  if (!words.Joined(at)) return std::nullopt;
  const bool known = IsIn(Tops(), words, at) || (behind_at && IsIn(WordTops(), words, at));
  if (known) return Part{std::string(words.Written(at)), at + 1, true};
  constexpr std::size_t kLongest = 4;
  std::string lower;
  std::string written;
  std::size_t end = at;
  std::optional<Part> best;
  while (end < at + kMostWords && IsSpelt(words, end)) {
    lower += words.Lower(end);
    written += words.Written(end);
    ++end;
    if (lower.size() <= kLongest && Tops().count(lower) != 0) best = Part{written, end, true};
  }
  const bool goes_on = words.Then(end, "dot") || words.Then(end, "slash");
  if (end > at + 1 && (goes_on || (!best && lower.size() <= kLongest))) {
    return Part{written, end, Tops().count(lower) != 0};
  }
  return best;
}

// "slash sign dash up" behind a domain.
void AddPath(const Words& words, Part* part) {
  while (words.Then(part->end, "slash") ||
         (words.Then(part->end, "forward") && words.Then(part->end + 1, "slash"))) {
    const std::size_t begin = part->end + (words.Is(part->end, "slash") ? 1 : 2);
    std::size_t end = begin;
    const std::size_t most = begin + kMostWords;
    while (end < most && IsAtom(words.Next(end)) && IsPart(words, end)) ++end;
    if (end == begin && words.Joined(begin) && IsPart(words, begin)) ++end;
    while (end > begin && end < most && Joiner(words, end) == '-' && words.Joined(end) &&
           words.Joined(end + 1) && IsPart(words, end + 1)) {
      end += 2;
    }
    const auto names = ReadNames(words, begin, end, Names::kOne, Names::kOne);
    if (!names || names->empty()) return;
    part->written += '/' + *names;
    part->end = end;
  }
}

// "g mail dot com", "mail dot example dot co dot uk", from `at` on.
std::optional<Part> ReadDomain(const Words& words, std::size_t at, bool behind_at) {
  constexpr std::size_t kMostLabels = 8;
  std::optional<Part> best;
  std::string written;
  std::size_t begin = at;
  for (std::size_t label = 0; label < kMostLabels; ++label) {
    if (label > 0) {
      if (auto top = ReadTop(words, begin, behind_at)) {
        top->written.insert(0, written);
        best = std::move(top);
        if (!words.Then(best->end, "dot")) break;
        written = best->written + '.';
        begin = best->end + 1;
        continue;
      }
    }
    std::size_t end = begin;
    while (end < begin + kMostWords && (end == at || words.Joined(end)) &&
           (IsPart(words, end) || (end > begin && Joiner(words, end) == '-'))) {
      ++end;
    }
    if (end == begin || !words.Then(end, "dot")) break;
    const Names names = behind_at && label == 0 ? Names::kMany : Names::kOne;
    const auto name = ReadNames(words, begin, end, names, Names::kOne);
    if (!name) break;
    written += *name + '.';
    begin = end + 1;
  }
  return best;
}

struct Begin {
  std::size_t at = 0;
  bool known = true;  // false: what stands before may belong to it
};

// "a" before a word: "a kore dot ai account". "i" may be "i example dot com", no part of it either.
bool IsArticle(const Words& words, std::size_t i, std::size_t end) {
  if (!words.Is(i, "a") && !words.Is(i, "i")) return false;
  const bool spelt = words.Joined(i) && IsAtom(words.At(i - 1));
  return !spelt && i + 1 < end && IsPart(words, i + 1) && !IsAtom(words.At(i + 1));
}

// Where the names begin that end before `end`: behind a mark or a word that is outside. `dots`:
// "dot" may be among them.
Begin FindBegin(const Words& words, std::size_t end, bool dots) {
  std::size_t begin = end;
  while (begin > 0 && words.Joined(begin)) {
    const std::size_t i = begin - 1;
    if (IsIn(Outside(), words, i) || IsArticle(words, i, end)) break;
    const char joiner = Joiner(words, i);
    const bool part = joiner == 0 ? IsPart(words, i) : dots || joiner != '.';
    if (!part || end - i > kMostWords) return {begin, false};
    begin = i;
  }
  while (begin < end && Joiner(words, begin) != 0) ++begin;
  return {begin, true};
}

// Words that stand before "at" more often than they are somebody's address.
const WordSet& NotNames() {
  static const WordSet* const set = new WordSet{
      "available", "account", "order", "ordered",  "bought", "buy",   "again",   "today", "later",
      "works",     "work",    "stuff", "things",   "prices", "price", "details", "info",  "more",
      "down",      "back",    "login", "register", "log",    "sign",  "one",     "all",   "got"};
  return *set;
}

// "jane dot doe at example dot com", around its "at".
std::optional<Address> ReadMail(const Words& words, std::size_t at) {
  if (!words.Joined(at) || !words.Joined(at + 1)) return std::nullopt;
  const auto domain = ReadDomain(words, at + 1, /*behind_at=*/true);
  if (!domain) return std::nullopt;
  const Begin begin = FindBegin(words, at, /*dots=*/true);
  if (!begin.known) return Address{begin.at, domain->end, {}};
  if (begin.at == at) return std::nullopt;  // "look at example dot com"
  if (begin.at + 1 == at && IsIn(NotNames(), words, begin.at)) return std::nullopt;
  const bool announced = words.Joined(begin.at) && Announces(words, begin.at - 1);
  const auto local =
      ReadNames(words, begin.at, at, announced ? Names::kMany : Names::kFigures, Names::kFigures);
  if (!local) return Address{begin.at, domain->end, {}};
  return Address{begin.at, domain->end, {{begin.at, domain->end, *local + '@' + domain->written}}};
}

// "h t t p colon slash slash" before `begin`.
std::optional<Rewrite> ReadScheme(const Words& words, std::size_t begin) {
  if (begin < 4 || !words.Joined(begin)) return std::nullopt;
  const auto is = [&words, begin](std::size_t back, std::string_view word) {
    return words.Is(begin - back, word) && words.Joined(begin - back + 1);
  };
  if (!is(1, "slash") || !is(2, "slash") || !is(3, "colon")) return std::nullopt;
  const std::size_t end = begin - 3;
  if (words.Is(end - 1, "http") || words.Is(end - 1, "https")) {
    return Rewrite{end - 1, begin, std::string(words.Lower(end - 1)) + "://"};
  }
  for (const std::string_view scheme : {"https", "http"}) {
    if (end < scheme.size()) continue;
    std::size_t i = 0;
    while (i < scheme.size() && words.Is(end - scheme.size() + i, scheme.substr(i, 1)) &&
           words.Joined(end - scheme.size() + i + 1)) {
      ++i;
    }
    if (i == scheme.size()) {
      return Rewrite{end - scheme.size(), begin, std::string(scheme) + "://"};
    }
  }
  return std::nullopt;
}

// "w w w dot example dot com", around its first "dot".
std::optional<Address> ReadWeb(const Words& words, std::size_t dot) {
  if (!words.Joined(dot) || !words.Joined(dot + 1)) return std::nullopt;
  const Begin begin = FindBegin(words, dot, /*dots=*/false);
  if (begin.known && begin.at == dot) return std::nullopt;
  auto domain = begin.known ? ReadDomain(words, begin.at, /*behind_at=*/false) : std::nullopt;
  if (!domain || !(domain->certain || IsAtom(words.At(begin.at)))) {
    const auto top = ReadTop(words, dot + 1, /*behind_at=*/false);
    if (!top || !top->certain) return std::nullopt;
    return Address{begin.at, top->end, {}};
  }
  AddPath(words, &*domain);
  Rewrite rewrite = {begin.at, domain->end, domain->written};
  if (const auto scheme = ReadScheme(words, begin.at)) {
    rewrite.begin = scheme->begin;
    rewrite.written.insert(0, scheme->written);
  }
  return Address{rewrite.begin, rewrite.end, {rewrite}};
}

// "one ninety two dot one sixty eight dot one dot one", around its first "dot".
std::optional<Address> ReadInternetProtocol(const Words& words, std::size_t dot) {
  constexpr std::size_t kMostOctetWords = 6;
  constexpr int kOctets = 4;
  const auto is_number = [&words](std::size_t i) {
    const Lexeme lexeme = words.At(i);
    return lexeme.kind == Kind::kOh || lexeme.kind == Kind::kRepeat ||
           (IsNumber(lexeme) && !lexeme.ordinal && lexeme.kind != Kind::kScale);
  };
  std::size_t begin = dot;
  while (begin > 0 && words.Joined(begin) && is_number(begin - 1) &&
         dot - begin < kMostOctetWords) {
    --begin;
  }
  std::string written;
  std::size_t at = begin;
  for (int octet = 0; octet < kOctets; ++octet) {
    std::size_t end = at;
    while (end < at + kMostOctetWords && (end == begin || words.Joined(end)) && is_number(end)) {
      ++end;
    }
    const std::string digits = ReadDigits(words, at, end);
    if (digits.empty() || digits.size() > 3 || std::stoi(digits) > 255) return std::nullopt;
    written += digits;
    at = end;
    if (octet + 1 == kOctets) break;
    if (!words.Then(end, "dot") || !words.Joined(end + 1)) return std::nullopt;
    written += '.';
    at = end + 1;
  }
  return Address{begin, at, {{begin, at, std::move(written)}}};
}

// What reaches back into another address is not certain.
void KeepBehind(std::size_t from, Address* address) {
  if (address->begin < from) *address = {from, address->end, {}};
}

}  // namespace

std::vector<Address> FindAddresses(const Words& words) {
  // Mail first: the dots before an "at" are part of it.
  std::vector<Address> mails;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words.Is(i, "at")) continue;
    auto mail = ReadMail(words, i);
    if (!mail) continue;
    if (!mails.empty()) KeepBehind(mails.back().end, &*mail);
    i = mail->end - 1;
    mails.push_back(*std::move(mail));
  }
  std::vector<Address> addresses;
  auto mail = mails.begin();
  std::size_t from = 0;  // behind the last address
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (mail != mails.end() && mail->begin == i) {
      from = mail->end;
      addresses.push_back(std::move(*mail++));
      i = from - 1;
      continue;
    }
    if (!words.Is(i, "dot")) continue;
    auto found = ReadInternetProtocol(words, i);
    if (!found) found = ReadWeb(words, i);
    const std::size_t most = mail == mails.end() ? words.size() : mail->begin;
    if (!found || found->end > most) continue;
    KeepBehind(from, &*found);
    from = found->end;
    i = from - 1;
    addresses.push_back(*std::move(found));
  }
  return addresses;
}

}  // namespace cxscribe::itn
