#include "plugins/redaction/echoes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "plugins/redaction/date_reader.h"
#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/number_reader.h"
#include "plugins/redaction/spelling.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kTokensAfter = 160;
constexpr std::size_t kTokensBefore = 60;
constexpr std::int32_t kSegmentsAfter = 6;
constexpr std::int32_t kSegmentsBefore = 2;

// Fewer characters are the same by chance.
constexpr std::size_t kFewest = 4;
constexpr std::size_t kFewestLetters = 5;  // where there are no digits
constexpr std::size_t kFewestInside = 8;   // beside other digits
constexpr std::size_t kMost = 128;

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

// An answer that is said again tells more about what it is than its form does.
constexpr double kSurer = 0.12;
constexpr double kSurest = 0.93;
constexpr double kBefore = 0.3;

// What one number, letter or word sounds like.
struct Sound {
  std::uint32_t token_begin = 0;
  std::uint32_t token_end = 0;
  std::uint32_t char_begin =
      0;  // [char_begin, char_begin + char_count) into Heard::chars; the tokens
  std::uint32_t char_count = 0;  // of a sign or a pause have none
  bool number = false;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// With what may be a zero as one.
std::string Alike(std::string_view chars) {
  std::string alike(chars);
  std::replace(alike.begin(), alike.end(), 'o', '0');
  return alike;
}

// A stretch of text by its sounds: "b as in boy twenty two" is "b22". An "o" may be a zero.
class Heard {
 public:
  explicit Heard(const Tokens& tokens) : tokens_(tokens) {}

  void Add(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) i = std::max(Read(i), i + 1);
  }

  const std::vector<Sound>& sounds() const { return sounds_; }
  const std::string& chars() const { return chars_; }

 private:
  // Takes in what stands at token i; returns one past it.
  std::size_t Read(std::size_t i) {
    const Token& token = tokens_.list[i];
    switch (token.kind) {
      case TokenKind::kMask:
        Take(i, i + 1, "*", false);  // whatever it was, it is no part of anything
        return i + 1;
      case TokenKind::kMark:
        return i + 1;
      case TokenKind::kDigits:
        break;
      case TokenKind::kWord:
        if (const std::size_t end = PauseEnd(i); end > i) return end;
        if (const auto letters = LettersAt(tokens_, i)) {
          Take(i, letters->end, letters->letters, false);
          return letters->end;
        }
        break;
    }
    const bool after = !sounds_.empty() && sounds_.back().token_end == i && sounds_.back().number;
    if (const auto number = ReadNumber(tokens_, i, after); number && !number->amount) {
      Take(i, number->token_end, number->digits, true);
      return number->token_end;
    }
    if (token.lexeme.kind == LexemeKind::kOh) {
      Take(i, i + 1, "0", after);
      return i + 1;
    }
    Take(i, i + 1, tokens_.Text(i), token.kind == TokenKind::kDigits);
    return i + 1;
  }

  // One past a sign, a hesitation or the like; i where none stands.
  std::size_t PauseEnd(std::size_t i) const {
    if (const std::size_t end = SpokenSignEnd(tokens_, i); end > i) return end;
    if (const std::size_t end = LetterCaseEnd(tokens_, i); end > i) return end;
    if (const Phrase* phrase = PhraseAt(tokens_, i)) {
      if (phrase->size > 1) return i + phrase->size;
    }
    const LexemeKind kind = tokens_.list[i].lexeme.kind;
    return kind == LexemeKind::kHesitation || kind == LexemeKind::kFiller ? i + 1 : i;
  }

  void Take(std::size_t begin, std::size_t end, std::string_view chars, bool number) {
    sounds_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                       static_cast<std::uint32_t>(chars_.size()),
                       static_cast<std::uint32_t>(chars.size()), number});
    chars_ += Alike(chars);
  }

  const Tokens& tokens_;
  std::vector<Sound> sounds_;
  std::string chars_;
};

class Finder {
 public:
  Finder(const Tokens& tokens, const std::vector<Hit>& hits, Pulse* pulse)
      : tokens_(tokens), hits_(hits), pulse_(pulse), owner_(tokens.size(), nullptr) {
    for (const Hit& hit : hits) {
      if (hit.verdict.own > 0) continue;
      for (const TokenRange& range : hit.ranges) {
        std::fill(owner_.begin() + range.begin, owner_.begin() + range.end, &hit);
      }
    }
  }

  std::vector<Hit> Run() {
    for (const Hit& hit : hits_) {
      pulse_->Tick();
      if (hit.verdict.own > 0 || !MayBeSaidAgain(hit.verdict.entity)) continue;
      const std::vector<std::string> values = ValuesOf(hit);
      if (values.empty()) continue;
      Search(hit, values, hit.ranges.back().end, AfterEnd(hit), true);
      Search(hit, values, BeforeBegin(hit), hit.ranges.front().begin, false);
    }
    return std::move(out_);
  }

 private:
  static bool MayBeSaidAgain(Entity entity) {
    switch (entity) {
      case Entity::kPerson:
      case Entity::kEmail:
      case Entity::kIpAddress:
      case Entity::kNumberSequence:
        return false;
      default:
        return true;
    }
  }

  static bool IsTelling(std::string_view value) {
    if (value.size() < kFewest || value.size() > kMost) return false;
    return value.size() >= kFewestLetters || std::any_of(value.begin(), value.end(), IsDigit);
  }

  // What the hit sounds like, in all the ways that it may be said; none where they tell too little.
  std::vector<std::string> ValuesOf(const Hit& hit) const {
    Heard heard(tokens_);
    for (const TokenRange& range : hit.ranges) {
      heard.Add(range.begin, range.end);
      if (heard.chars().size() > kMost) return {};
    }
    if (hit.verdict.entity == Entity::kCardExpiry || hit.verdict.entity == Entity::kBirthDate) {
      return DatesLike(hit);
    }
    if (!IsTelling(heard.chars())) return {};
    return {heard.chars()};
  }

  // "may seventeenth two thousand six" is "oh five seventeen oh six" as well.
  std::vector<std::string> DatesLike(const Hit& hit) const {
    std::size_t begin = hit.ranges.front().begin;
    if (tokens_.IsWord(begin, "the")) ++begin;
    const SpokenDate date = ReadDate(tokens_, begin);
    if (date.end == 0 || date.month == 0 || date.year < 0) return {};
    const std::string year = TwoFigures(date.year % 100);
    const bool birth = hit.verdict.entity == Entity::kBirthDate;
    if (birth && date.day == 0) return {};
    const std::string century = birth && date.year >= 1900 && date.year < 2000 ? "19" : "20";
    std::vector<std::string> values;
    for (const std::string& month : Ways(date.month)) {
      for (const std::string& day : birth ? Ways(date.day) : std::vector<std::string>{""}) {
        std::string value = month;
        value += day;
        values.push_back(value + year);
        value += century;
        values.push_back(value + year);
      }
    }
    if (!birth) {
      const std::string month = Alike(kMonths[static_cast<std::size_t>(date.month - 1)]);
      values.push_back(month + year);
      values.push_back(month + century + year);
    }
    return values;
  }

  static std::string TwoFigures(int value) {
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  }

  static std::vector<std::string> Ways(int value) {
    if (value >= 10) return {TwoFigures(value)};
    return {TwoFigures(value), std::string(1, static_cast<char>('0' + value))};
  }

  std::size_t AfterEnd(const Hit& hit) const {
    const std::size_t begin = hit.ranges.back().end;
    const std::int32_t last = tokens_.list[begin - 1].segment + kSegmentsAfter;
    std::size_t end = begin;
    while (end < tokens_.size() && end < begin + kTokensAfter &&
           tokens_.list[end].segment <= last) {
      ++end;
    }
    return end;
  }

  std::size_t BeforeBegin(const Hit& hit) const {
    const std::size_t end = hit.ranges.front().begin;
    const std::int32_t first = tokens_.list[end].segment - kSegmentsBefore;
    std::size_t begin = end;
    while (begin > 0 && end - begin < kTokensBefore && tokens_.list[begin - 1].segment >= first) {
      --begin;
    }
    return begin;
  }

  void Search(const Hit& hit, const std::vector<std::string>& values, std::size_t begin,
              std::size_t end, bool after) {
    Heard heard(tokens_);
    heard.Add(begin, end);
    const std::string& chars = heard.chars();
    for (const std::string& value : values) {
      for (std::size_t at = chars.find(value); at != std::string::npos;
           at = chars.find(value, at + 1)) {
        Offer(hit, heard.sounds(), at, value, after);
      }
    }
  }

  // The sounds that have the characters [at, at + value.size()), if they have no others.
  void Offer(const Hit& hit, const std::vector<Sound>& sounds, std::size_t at,
             const std::string& value, bool after) {
    const auto begins_at = [&sounds](std::size_t position) {
      return std::lower_bound(
          sounds.begin(), sounds.end(), position,
          [](const Sound& sound, std::size_t p) { return sound.char_begin < p; });
    };
    const auto first = begins_at(at);
    const auto last = begins_at(at + value.size());
    if (first == sounds.end() || first->char_begin != at || first == last) return;
    if ((last - 1)->char_begin + (last - 1)->char_count != at + value.size()) return;
    const bool digits = std::all_of(value.begin(), value.end(), IsDigit);
    if (digits && value.size() < kFewestInside) {
      const bool beside =
          (first != sounds.begin() && (first - 1)->number &&
           (first - 1)->token_end == first->token_begin) ||
          (last != sounds.end() && last->number && last->token_begin == (last - 1)->token_end);
      if (beside) return;
    }
    Hit echo;
    echo.verdict = {hit.verdict.entity,
                    after ? std::min(hit.verdict.score + kSurer, kSurest) : kBefore, "repeat",
                    "what was found nearby, said once more"};
    for (auto sound = first; sound != last; ++sound) {
      echo.ranges.push_back({sound->token_begin, sound->token_end});
    }
    TakeSigns(&echo.ranges);
    if (IsNew(echo, after)) out_.push_back(std::move(echo));
  }

  // The signs within the value, and behind it: "maple thirty dollar sign".
  void TakeSigns(std::vector<TokenRange>* ranges) const {
    const std::size_t begin = ranges->front().begin;
    std::size_t end = ranges->back().end;
    const std::size_t sign = end < tokens_.size() ? SpokenSignEnd(tokens_, end) : end;
    if (sign > end + 1 && tokens_.SameSegment(end - 1, end)) end = sign;
    ranges->back().end = static_cast<std::uint32_t>(end);
    if (tokens_.SameSegment(begin, end - 1)) {
      *ranges = {{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}};
    }
  }

  // Whether it is not found already; an echo from before takes the place of nothing.
  bool IsNew(const Hit& echo, bool after) const {
    bool known = true;
    for (const TokenRange& range : echo.ranges) {
      for (std::uint32_t t = range.begin; t < range.end; ++t) {
        const Hit* const owner = owner_[t];
        if (owner != nullptr && !after) return false;
        const Token& token = tokens_.list[t];
        const bool counts = token.kind == TokenKind::kWord || token.kind == TokenKind::kDigits;
        if (counts && (owner == nullptr || owner->verdict.entity != echo.verdict.entity)) {
          known = false;
        }
      }
    }
    return !known;
  }

  const Tokens& tokens_;
  const std::vector<Hit>& hits_;
  Pulse* pulse_;
  std::vector<const Hit*> owner_;  // by token
  std::vector<Hit> out_;
};

}  // namespace

std::vector<Hit> FindEchoes(const Tokens& tokens, const std::vector<Hit>& hits, Pulse* pulse) {
  if (hits.empty()) return {};
  return Finder(tokens, hits, pulse).Run();
}

}  // namespace cxscribe::redaction
