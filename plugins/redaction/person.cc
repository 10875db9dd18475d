#include "plugins/redaction/person.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <unordered_set>

#include "plugins/redaction/spelling.h"

namespace cxscribe::redaction {
namespace {

// How much a word has to look like a name, as log-odds of the name model. The surer the cue, the
// less is asked for; ordinary words lie below -3, names that the model knows above 3.
constexpr float kAfterNameIs = -2.2F;
constexpr float kAnswer = -0.5F;
constexpr float kAfterName = 0.0F;
constexpr float kAfterIntro = 1.2F;
constexpr float kAlone = 2.2F;
constexpr float kAfterGreeting = 2.5F;
constexpr float kByCapital = 3.5F;
constexpr float kBeyondDoubt = 5.5F;
constexpr float kSecond = -1.0F;  // a word right after a likely first name
// What a capital within a sentence is worth, and the lack of one in a text that has them.
constexpr float kCapital = 2.5F;
constexpr float kNoCapital = -1.5F;

// What it is worth to stand beside a part that is surely a name, and when a part is that.
constexpr float kBesideSurePart = 4.0F;
constexpr float kSurePart = 3.0F;

constexpr std::size_t kMostWords = 4;
constexpr std::size_t kMostOpeners = 6;
// Plain words after which a question for the name is no longer being answered.
constexpr int kAnswerReach = 12;

struct Match {
  std::size_t begin = 0;
  std::size_t end = 0;  // one past the last token; == begin: nothing
  std::size_t words = 0;
  float first = -20;  // as adjusted for capitals
  float sum = 0;

  explicit operator bool() const { return end > begin; }
};

class Finder {
 public:
  Finder(const Tokens& tokens, const WordView& words, Pulse* pulse, std::vector<Hit>* out)
      : tokens_(tokens), words_(words), pulse_(pulse), out_(out) {}

  void Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      pulse_->Tick();
      const Token& token = tokens_.list[i];
      if (i == 0 || tokens_.list[i - 1].segment != token.segment) OpenSegment(i);
      if (token.kind == TokenKind::kMask) {
        asked_ = false;
        AfterMask(i);
        continue;
      }
      if (token.kind != TokenKind::kWord) {
        if (asked_ && (token.mark == '?' || token.mark == '.')) Answer(i + 1);
        continue;
      }
      if (asked_ && token.lexeme.kind == LexemeKind::kOther && ++words_since_ > kAnswerReach) {
        asked_ = false;
      }
      AtWord(i);
    }
    AddRepeats();
  }

 private:
  bool Before(std::size_t i, std::size_t back,
              std::initializer_list<std::string_view> words) const {
    return i >= back && tokens_.IsOneOf(i - back, words);
  }
  NameCue CueOf(std::size_t i) const { return i < words_.size() ? words_[i].cue : NameCue::kNone; }
  // Whether speech or the sentence stops before token i.
  bool Stops(std::size_t i) const {
    if (i == 0 || i >= tokens_.size()) return true;
    return !tokens_.SameSegment(i - 1, i) ||
           (tokens_.list[i].kind == TokenKind::kMark && tokens_.list[i].mark != '-' &&
            tokens_.list[i].mark != '/');
  }
  std::size_t SkipSounds(std::size_t i) const {
    while (i < tokens_.size() && tokens_.list[i].kind == TokenKind::kWord &&
           tokens_.list[i].lexeme.kind == LexemeKind::kHesitation) {
      ++i;
    }
    return i;
  }

  float Likeness(std::size_t i) const {
    if (i >= words_.size() || tokens_.list[i].kind != TokenKind::kWord) return -20;
    const WordInfo& word = words_[i];
    if (word.name <= -20 || word.cue == NameCue::kRank || InIdentifier(i) || InSpelling(i)) {
      return -20;
    }
    const bool part = word.cue == NameCue::kPlaceOrFirm || word.cue == NameCue::kParticle;
    if (part && !word.capital) return -20;
    if (!words_.cased()) return word.name;
    if (!word.capital) return word.name + kNoCapital;
    return word.name + (word.start ? kCapital / 3 : kCapital);
  }

  // "Zora.Tillman42", "john_smith": a name of something, not of somebody.
  bool InIdentifier(std::size_t i) const {
    const auto joins = [this](std::size_t k, bool left) {
      const Token& token = tokens_.list[k];
      if (token.kind == TokenKind::kDigits) return true;
      if (token.kind != TokenKind::kMark) return false;
      if (token.mark == '_' || token.mark == '@' || token.mark == '/' || token.mark == '\\') {
        return true;
      }
      if (token.mark != '.') return false;
      return left ? k > 0 && !token.space_before && tokens_.Text(k - 1).size() > 2
                  : k + 1 < tokens_.size() && !tokens_.list[k + 1].space_before;
    };
    if (i > 0 && !tokens_.list[i].space_before && joins(i - 1, true)) return true;
    return i + 1 < tokens_.size() && !tokens_.list[i + 1].space_before && joins(i + 1, false);
  }

  // "kilo victor alpha one": a word of the spelling alphabet among others and figures is a letter.
  bool InSpelling(std::size_t i) const {
    constexpr std::size_t kReach = 4;  // "x-ray" takes three
    constexpr std::size_t kFewest = 3;
    if (!tokens_.list[i].lexeme.Is(kNato)) return false;
    std::size_t letters = 1;
    std::size_t all = 1;
    const auto count = [&](std::size_t k) {
      const Token& token = tokens_.list[k];
      if (token.segment != tokens_.list[i].segment) return false;
      if (tokens_.IsMark(k, '-')) return !token.space_before;
      const bool x_ray = tokens_.IsWord(k, "x") || tokens_.IsWord(k, "ray");
      const bool letter = token.kind == TokenKind::kWord &&
                          (token.lexeme.Is(kNato) || x_ray || (token.size == 1 && IsInitial(k)));
      const bool digit =
          token.kind == TokenKind::kDigits ||
          (token.kind == TokenKind::kWord && token.lexeme.kind >= LexemeKind::kDigit &&
           token.lexeme.kind <= LexemeKind::kTens);
      letters += letter ? 1 : 0;
      all += letter || digit ? 1 : 0;
      return letter || digit;
    };
    for (std::size_t k = i; k > 0 && i - k < kReach && count(k - 1);) --k;
    for (std::size_t k = i + 1; k < tokens_.size() && k <= i + kReach && count(k);) ++k;
    return letters > 1 && all >= kFewest;
  }

  bool IsInitial(std::size_t i) const {
    return i < tokens_.size() && tokens_.list[i].kind == TokenKind::kWord &&
           tokens_.Text(i).size() == 1 && tokens_.Text(i) != "i" &&
           (tokens_.Text(i) != "a" || words_.cased());
  }

  // The name that begins at token i, whose first word has at least `first`, the others `next`.
  Match NameAt(std::size_t i, float first, float next) const {
    Match match;
    match.begin = match.end = i;
    std::size_t k = i;
    while (k < tokens_.size() && match.words < kMostWords) {
      if (match.words > 0 && (!tokens_.SameSegment(i, k) || words_[k].line)) break;
      float asked = match.words == 0 ? first : next;
      const float likeness = Likeness(k);
      // "dev khan", "Guido Beatty": one part that is surely a name speaks for the other.
      if (match.words == 0 && tokens_.SameSegment(i, k + 1) && Likeness(k + 1) >= kSurePart &&
          first < kAlone) {
        asked -= kBesideSurePart;
      }
      if (match.words == 1 && match.first >= kSurePart && Capitalised(k))
        asked -= kBesideSurePart / 2;
      if (likeness >= asked) {
        if (match.words == 0) match.first = likeness;
        match.sum += likeness;
        ++match.words;
        match.end = ++k;
        if (tokens_.IsMark(k, '-') && !tokens_.list[k].space_before && Likeness(k + 1) >= next) ++k;
        continue;
      }
      // "J. R. Smith", "van der Berg": only with a name behind.
      std::size_t link = k;
      while (link < tokens_.size() && link < k + 4 && tokens_.SameSegment(i, link)) {
        if (CueOf(link) == NameCue::kParticle && tokens_.Text(link).size() > 1) {
          ++link;
        } else if (IsInitial(link)) {
          ++link;
          if (tokens_.IsMark(link, '.')) ++link;
        } else {
          break;
        }
      }
      if (match.words > 0 && link == k) link = SkipSounds(k);
      if (link == k || !tokens_.SameSegment(i, link) || Likeness(link) < std::max(next, 0.0F))
        break;
      k = link;
      if (match.words == 0) match.first = Likeness(k);
    }
    return match;
  }

  bool Capitalised(std::size_t i) const { return words_.cased() && words_[i].capital; }

  bool IsPlaceOrFirm(const Match& match) const {
    const std::size_t k = match.end;
    // "Brown - Smith" is a firm, "Brown-Smith" a person.
    const auto dash = [this](std::size_t d) {
      return tokens_.IsMark(d, '-') && tokens_.list[d].space_before && d > 0 &&
             d + 1 < tokens_.size() && tokens_.list[d + 1].space_before && Capitalised(d + 1) &&
             Capitalised(d - 1);
    };
    if (dash(k) || (match.begin > 0 && dash(match.begin - 1))) return true;
    if (tokens_.IsMark(k, '&') || (tokens_.IsWord(k, "and") && tokens_.IsWord(k + 1, "sons"))) {
      return true;
    }
    for (std::size_t i = match.begin; i <= k; ++i) {
      if (CueOf(i) == NameCue::kPlaceOrFirm && (i == k || i > match.begin)) {
        return i < k || (tokens_.SameSegment(match.begin, k) && !words_[k].line);
      }
    }
    return false;
  }

  void Report(const Match& match, double score, std::string_view detector,
              std::string_view reason) {
    if (match.begin < done_) return;
    const std::size_t end = SpeltEnd(match.end);
    const std::size_t begin = WithTitle(match.begin);
    for (std::size_t i = match.begin; i < match.end; ++i) {
      if (words_[i].name >= kSurePart) known_.insert(tokens_.Text(i));
    }
    out_->push_back({{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                     {Entity::kPerson, score, detector, reason}});
    done_ = end;
    asked_ = false;
  }

  // "mister" before a name belongs to it.
  std::size_t WithTitle(std::size_t begin) const {
    std::size_t k = begin;
    if (k > 0 && tokens_.IsMark(k - 1, '.') && tokens_.SameSegment(k - 1, begin)) --k;
    if (k == 0 || k - 1 < done_ || !tokens_.SameSegment(k - 1, begin)) return begin;
    const NameCue cue = CueOf(k - 1);
    return cue == NameCue::kTitle || (cue == NameCue::kRank && !tokens_.IsOneOf(k - 1, {"miss"})) ||
                   (cue == NameCue::kRank && Capitalised(k - 1))
               ? k - 1
               : begin;
  }

  // One past the letters that spell the name which ends at token i; i where nothing is spelt.
  std::size_t SpeltEnd(std::size_t i) const {
    constexpr std::size_t kMostBetween = 5;
    std::size_t k = i;
    for (std::size_t n = 0; n < kMostBetween && k < tokens_.size(); ++n, ++k) {
      std::size_t letters = 0;
      if (const std::size_t end = SpellingEnd(tokens_, k, &letters); letters >= 3) return end;
      const bool between = tokens_.list[k].kind == TokenKind::kMark ||
                           CueOf(k) == NameCue::kSpelling || CueOf(k) == NameCue::kOpener ||
                           tokens_.IsOneOf(k, {"which", "like", "as", "spelled", "my", "last"});
      if (!between) break;
    }
    return i;
  }

  void OpenSegment(std::size_t i) {
    if (asked_) Answer(i);
    // Nothing but a name.
    const Match match = NameAt(i, words_.cased() ? kAlone + 1 : kAlone, kAfterName);
    if (!match || match.words > 3 || IsPlaceOrFirm(match)) return;
    const bool code =
        match.end < tokens_.size() && tokens_.list[match.end].kind == TokenKind::kDigits;
    if (!Stops(match.end) && !code) return;
    Report(match, 0.7, "name-alone", "a name that stands alone");
  }

  void Answer(std::size_t i) {
    std::size_t k = i;
    for (std::size_t n = 0; n < kMostOpeners && k < tokens_.size(); ++n, ++k) {
      const bool opener =
          CueOf(k) == NameCue::kOpener ||
          (tokens_.list[k].kind == TokenKind::kMark && tokens_.list[k].mark != '?') ||
          tokens_.list[k].lexeme.kind == LexemeKind::kHesitation;
      if (!opener) break;
    }
    if (k >= tokens_.size()) return;
    if (CueOf(k) == NameCue::kTitle || CueOf(k) == NameCue::kRank) return;
    std::size_t letters = 0;
    if (const std::size_t end = SpellingEnd(tokens_, k, &letters); letters >= 3) {
      ReportSpelt(k, end);
      return;
    }
    Match match = NameAt(k, kAnswer, kSecond);
    if (!match || IsPlaceOrFirm(match)) return;
    // "carlos mendes": a rare surname that ends the answer.
    if (match.words == 1 && match.first >= kSurePart && tokens_.SameSegment(k, match.end) &&
        Likeness(match.end) >= kSecond - kBesideSurePart && Stops(match.end + 1)) {
      ++match.end;
    }
    const bool ends =
        Stops(match.end) || SpeltEnd(match.end) > match.end ||
        tokens_.IsOneOf(match.end, {"and", "my", "is", "from", "here", "speaking", "calling",
                                    "with", "i", "that's", "spelled", "that", "date"}) ||
        tokens_.list[match.end].kind == TokenKind::kDigits;
    const bool sure = match.first >= kAlone || (match.words > 1 && match.sum >= 2);
    if (!ends && !sure) return;
    Report(match, 0.8, "name-answer", "a name, said where one was asked for");
  }

  void ReportSpelt(std::size_t begin, std::size_t end) {
    if (begin < done_) return;
    out_->push_back({{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                     {Entity::kPerson, 0.8, "name-spelt", "letters that spell a name"}});
    done_ = end;
    asked_ = false;
  }

  // A name was taken out, and then it is spelt.
  void AfterMask(std::size_t i) {
    if (const std::size_t end = SpeltEnd(i + 1); end > i + 1) {
      std::size_t begin = i + 1;
      std::size_t letters = 0;
      while (begin < end && SpellingEnd(tokens_, begin, &letters) != end) ++begin;
      if (letters >= 3) ReportSpelt(begin, end);
    }
  }

  void AtWord(std::size_t i) {
    switch (words_[i].cue) {
      case NameCue::kName:
        AfterNameWord(i);
        return;
      case NameCue::kTitle:
      case NameCue::kRank:
        AfterTitle(i);
        return;
      case NameCue::kIntro:
        AfterIntro(i);
        break;
      case NameCue::kContact:
        AfterContact(i);
        break;
      case NameCue::kGreeting:
        AfterGreeting(i);
        break;
      case NameCue::kCalled:
        AfterCalled(i);
        break;
      case NameCue::kOpener:
      case NameCue::kSpelling:
      case NameCue::kNever:
        return;
      case NameCue::kParticle:
      case NameCue::kPlaceOrFirm:
      case NameCue::kNone:
        break;
    }
    if (i >= done_) Unannounced(i);
  }

  // "name is john", "name john", "name on the card is", "what is your name"
  void AfterNameWord(std::size_t i) {
    if (Before(i, 1,
               {"company", "business", "user",       "product", "brand",  "file",         "street",
                "store",   "shop",     "restaurant", "hotel",   "movie",  "film",         "song",
                "event",   "bank",     "school",     "host",    "domain", "screen",       "display",
                "pet",     "pet's",    "dog's",      "project", "city",   "organization", "firm",
                "team",    "tenant",   "generic",    "place",   "venue",  "model",        "plan",
                "group",   "town",     "state",      "country"})) {
      return;
    }
    const bool under = tokens_.IsWord(i + 1, "of") && Before(i, 2, {"under", "in", "by"});
    if (tokens_.IsWord(i + 1, "of") && !under && CueOf(i + 2) != NameCue::kTitle &&
        Likeness(i + 2) < kAlone) {
      return;
    }
    bool is = tokens_.Text(i) == "name's" || CueOf(i + 1) == NameCue::kOpener ||
              tokens_.IsMark(i + 1, ':');
    is = is && !tokens_.IsOneOf(i + 1, {"and", "so", "please", "of", "that", "okay", "for"});
    std::size_t k = i + 1;
    if (tokens_.IsOneOf(k, {"on", "in", "for", "under"}) &&
        tokens_.IsOneOf(k + 1, {"the", "my", "this", "your"})) {
      k += 3;
      is = tokens_.IsOneOf(k, {"is", "was", "should"});
    }
    if (tokens_.IsWord(k, "of")) ++k;
    is = is || under;
    for (std::size_t n = 0; n < kMostOpeners && k < tokens_.size() && tokens_.SameSegment(i, k);
         ++n, ++k) {
      const bool skip =
          tokens_.IsMark(k, ':') || tokens_.IsMark(k, ',') || tokens_.IsMark(k, '.') ||
          tokens_.IsMark(k, '-') ||
          tokens_.IsOneOf(
              k, {"is", "was", "to", "be", "it's", "uh", "um", "should", "first", "last"}) ||
          CueOf(k) == NameCue::kTitle || tokens_.list[k].lexeme.kind == LexemeKind::kHesitation;
      if (!skip) break;
    }
    asked_ = true;
    words_since_ = 0;
    if (k >= tokens_.size() || !tokens_.SameSegment(i, k)) return;
    std::size_t letters = 0;
    if (const std::size_t end = SpellingEnd(tokens_, k, &letters); letters >= 3) {
      ReportSpelt(k, end);
      return;
    }
    const Match match = NameAt(k, is ? kAfterNameIs : kAfterName, kSecond);
    if (!match) return;
    if (IsPlaceOrFirm(match)) return;
    Report(match, 0.9, "name-cue", "a name, after words that announce one");
  }

  void AfterTitle(std::size_t i) {
    std::size_t k = i + 1;
    if (tokens_.IsMark(k, '.')) ++k;
    if (k >= tokens_.size() || !tokens_.SameSegment(i, k)) return;
    const bool title = words_[i].cue == NameCue::kTitle;
    const bool capital = words_.cased() && words_[k].capital && words_[i].capital;
    const float asked = title ? kAfterNameIs : capital ? kAfterName : kAfterIntro;
    const Match match = NameAt(k, asked, kSecond);
    if (!match || IsPlaceOrFirm(match)) return;
    Report(match, title ? 0.9 : 0.8, "name-title", "a name after a title");
  }

  void AfterIntro(std::size_t i) {
    std::size_t k = i + 1;
    const std::string_view word = tokens_.Text(i);
    float asked = kAfterIntro;
    if (word == "this") {
      if (!tokens_.IsOneOf(k, {"is", "was"})) asked = kAfterGreeting + 1;
      if (tokens_.IsOneOf(k, {"is", "was"})) ++k;
    } else if (word == "i") {
      while (tokens_.IsMark(k, '\'') || tokens_.IsMark(k, '\\')) ++k;
      if (!tokens_.IsOneOf(k, {"am", "m"})) return;
      ++k;
    } else if (word == "am") {
      if (!tokens_.IsOneOf(k, {"i"})) return;
      ++k;
      if (tokens_.IsOneOf(k, {"speaking", "talking"})) ++k;
      if (tokens_.IsOneOf(k, {"with", "to"})) ++k;
    } else if (word == "speaking") {
      if (tokens_.IsOneOf(k, {"with", "to"})) ++k;
    }
    k = SkipSounds(k);
    if (k >= tokens_.size() || !tokens_.SameSegment(i, k)) return;
    Match match = NameAt(k, kSecond, kSecond);
    if (!match) return;
    if (tokens_.IsOneOf(match.end, {"speaking", "calling", "here", "from", "with"})) asked -= 1;
    if (match.words > 1) asked -= 1;
    if (match.first < asked || (match.words > 1 && match.sum < asked)) {
      match = NameAt(k, asked, 0.5F);
    }
    if (!match || IsPlaceOrFirm(match)) return;
    Report(match, 0.85, "name-cue", "a name, after words that announce one");
  }

  void AfterContact(std::size_t i) {
    std::size_t k = i + 1;
    while (k < i + 4 &&
           tokens_.IsOneOf(k, {"to", "with", "for", "out", "of", "is", "my", "name", "please"}))
      ++k;
    if (tokens_.IsMark(k, ',') || tokens_.IsMark(k, ':')) ++k;
    if (k >= tokens_.size() || !tokens_.SameSegment(i, k)) return;
    const Match match = NameAt(k, kAlone, kSecond);
    if (!match || IsPlaceOrFirm(match)) return;
    Report(match, 0.8, "name-cue", "a name, after words that announce one");
  }

  void AfterGreeting(std::size_t i) {
    std::size_t k = i + 1;
    if (tokens_.Text(i) == "you" && !Before(i, 1, {"thank"})) return;
    if (tokens_.IsMark(k, ',')) ++k;
    if (k >= tokens_.size() || !tokens_.SameSegment(i, k)) return;
    if (CueOf(k) == NameCue::kTitle || CueOf(k) == NameCue::kRank) return;  // see AfterTitle
    const bool letter = Capitalised(k) && Capitalised(i);
    const Match match = NameAt(k, letter ? kAnswer : kAfterGreeting, kSecond + 1);
    if (!match || IsPlaceOrFirm(match)) return;
    if (!Stops(match.end) &&
        !tokens_.IsOneOf(match.end, {"how", "i",    "this", "thank",    "thanks", "can", "my",
                                     "it",  "we",   "you",  "speaking", "here",   "and", "i'm",
                                     "for", "what", "yes",  "good",     "so",     "now"})) {
      return;
    }
    Report(match, 0.75, "name-greeting", "a name in a greeting");
  }

  void AfterCalled(std::size_t i) {
    if (!tokens_.SameSegment(i, i + 1)) return;
    const bool named = tokens_.IsOneOf(i, {"called", "named", "nicknamed"});
    const Match match = NameAt(i + 1, named ? kAfterIntro : kAfterGreeting + 0.5F, kSecond);
    if (!match || IsPlaceOrFirm(match)) return;
    Report(match, 0.8, "name-cue", "a name, after words that announce one");
  }

  // Nothing announces it: two words that are hardly anything but a name, or capitals.
  void Unannounced(std::size_t i) {
    const float likeness = Likeness(i);
    if (likeness < 1.5F && !(words_.cased() && words_[i].capital)) return;
    if (!words_.cased()) {
      const Match match = NameAt(i, kAfterGreeting, kAlone);
      if (!match || IsPlaceOrFirm(match)) return;
      if (match.words > 1 && match.sum >= 6) {
        Report(match, 0.7, "name-pair", "a given name and a surname");
      } else if (match.first >= kBeyondDoubt &&
                 !Before(i, 1,
                         {"in", "at", "near", "from", "to", "a", "the", "an", "my", "your"})) {
        Report(match, 0.6, "name-known", "a word that is a name and nothing else");
      }
      return;
    }
    const WordInfo& word = words_[i];
    if (!word.capital) return;
    const Match match = NameAt(i, 0.5F, 0.0F);
    if (!match || IsPlaceOrFirm(match)) return;
    float asked = kByCapital;
    if (word.start && tokens_.IsMark(match.end, ',')) asked -= 1;
    if (Before(i, 1, {"in", "at", "near", "from", "to", "of"})) {
      asked += match.words > 1 ? 0.5F : 1.5F;
    }
    if (Before(i, 1, {"the", "a", "an", "our", "this", "that", "my", "your"})) asked += 2;
    // "San Antonio", "Ford Crown", "the "Big Blue Moon"": part of some other name.
    if (i > 0 && tokens_.SameSegment(i - 1, i) && IsOtherCapital(i - 1)) {
      asked += i > 1 && (IsOtherCapital(i - 2) || tokens_.IsMark(i - 2, '"')) ? 4 : 2;
    }
    if (tokens_.SameSegment(i, match.end) && IsOtherCapital(match.end) && match.words == 1)
      asked += 1;
    if ((match.words > 1 ? match.sum : match.first) < asked) return;
    Report(match, 0.75, "name-capital", "words with capitals that look like a name");
  }

  bool IsOtherCapital(std::size_t i) const {
    return i < tokens_.size() && words_[i].capital && !words_[i].start && words_[i].name < 0 &&
           words_[i].cue != NameCue::kTitle && words_[i].cue != NameCue::kRank;
  }

  // A name found above, said again where nothing announces it.
  void AddRepeats() {
    if (known_.empty()) return;
    std::vector<bool> taken(tokens_.size(), false);
    for (const Hit& hit : *out_) {
      for (const TokenRange& range : hit.ranges) {
        std::fill(taken.begin() + range.begin, taken.begin() + range.end, true);
      }
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      pulse_->Tick();
      if (taken[i] || words_[i].name < kAlone || known_.count(tokens_.Text(i)) == 0) continue;
      std::size_t end = i + 1;
      while (end < tokens_.size() && !taken[end] && tokens_.SameSegment(i, end) &&
             words_[end].name >= kAlone && known_.count(tokens_.Text(end)) != 0) {
        ++end;
      }
      out_->push_back({{{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)}},
                       {Entity::kPerson, 0.7, "name-repeat",
                        "a name that was found elsewhere in this recording"}});
      i = end - 1;
    }
  }

  const Tokens& tokens_;
  const WordView& words_;
  Pulse* pulse_;
  std::vector<Hit>* out_;
  std::size_t done_ = 0;  // tokens before this one are in a finding already
  bool asked_ = false;    // somebody asked for a name and has not got it
  int words_since_ = 0;
  std::unordered_set<std::string_view> known_;
};

}  // namespace

void FindPersons(const Tokens& tokens, const WordView& words, Pulse* pulse, std::vector<Hit>* out) {
  std::vector<Hit> persons;
  Finder(tokens, words, pulse, &persons).Run();
  out->insert(out->end(), std::make_move_iterator(persons.begin()),
              std::make_move_iterator(persons.end()));
}

}  // namespace cxscribe::redaction
