#include "plugins/redaction/topic.h"

#include <algorithm>
#include <initializer_list>

#include "plugins/redaction/cues.h"

namespace cxscribe::redaction {
namespace {

// Tokens after a word of health in which the talk is of it.
constexpr int kHealthReach = 150;
// And of one of a card, a number in single digits and the other's repetition of it included.
constexpr int kCardReach = 80;

bool IsNumberWord(const Tokens& tokens, std::size_t i) {
  if (i >= tokens.size()) return false;
  return tokens.list[i].kind == TokenKind::kWord ? tokens.language->IsNumberWord(tokens.Text(i))
                                                 : tokens.IsMark(i, '#');
}

// Whether a number is said within three words of the same segment.
bool DigitsNext(const Tokens& tokens, std::size_t i) {
  constexpr std::size_t kReach = 4;
  const std::int32_t segment = tokens.list[i - 1].segment;
  for (std::size_t k = i; k < i + kReach && k < tokens.size(); ++k) {
    const Token& token = tokens.list[k];
    if (token.segment != segment) return false;
    if (token.kind == TokenKind::kDigits) return true;
    const LexemeKind kind = token.lexeme.kind;
    if (kind == LexemeKind::kDigit || kind == LexemeKind::kTeen || kind == LexemeKind::kTens ||
        kind == LexemeKind::kHundreds || kind == LexemeKind::kRepeat) {
      return true;
    }
    const bool passes = kind == LexemeKind::kFiller || kind == LexemeKind::kHesitation ||
                        tokens.IsMark(k, ':') || tokens.IsMark(k, '#') || tokens.IsMark(k, ',') ||
                        tokens.IsMark(k, '(') || tokens.IsMark(k, '+');
    if (!passes) return false;
  }
  return false;
}

// Whether "at" or "on" and a number follow in the same sentence.
bool PlaceNext(const Tokens& tokens, std::size_t i) {
  constexpr std::size_t kReach = 16;
  const std::int32_t segment = tokens.list[i - 1].segment;
  for (std::size_t k = i; k < i + kReach && k < tokens.size(); ++k) {
    if (tokens.list[k].segment != segment || tokens.IsMark(k, '.')) return false;
    if (tokens.list[k].kind == TokenKind::kDigits) return false;
    if (tokens.IsWord(k, "at") || tokens.IsWord(k, "on")) {
      std::size_t number = k + 1;
      while (tokens.IsMark(number, '(') || tokens.IsMark(number, '+')) ++number;
      if (DigitsNext(tokens, number)) return true;
    }
  }
  return false;
}

struct CueMatch {
  Topic topic = Topic::kNone;
  std::size_t tokens = 0;  // 0: no cue
};

// Whether health is spoken of in the next words: "your member id with blue cross health insurance".
bool HealthNext(const Tokens& tokens, std::size_t i) {
  constexpr std::size_t kReach = 8;
  for (std::size_t k = i; k < i + kReach && tokens.SameSegment(i - 1, k); ++k) {
    if (tokens.list[k].lexeme.Is(kHealth)) return true;
  }
  return false;
}

// What the cues before one say.
struct Talk {
  bool health = false;
  bool card = false;
};

CueMatch CueAt(const Tokens& tokens, std::size_t i, const Talk& talk) {
  const Token& token = tokens.list[i];
  if (token.lexeme.cue == 0) return {};
  const std::vector<Cue>& cues = tokens.language->cues();
  const Cue* next = &cues[token.lexeme.cue - 1U];
  while (next != nullptr) {
    const Cue& cue = *next;
    next = cue.more ? next + 1 : nullptr;
    std::size_t n = 1;
    while (n < cue.size && tokens.IsWord(i + n, cue.words[n])) ++n;
    if (n < cue.size) continue;
    switch (cue.need) {
      case CueNeed::kNothing:
        return {cue.topic, n};
      case CueNeed::kNumberWord:
        if (IsNumberWord(tokens, i + n)) return {cue.topic, n + 1};
        break;
      case CueNeed::kDigitsNext:
        if (IsNumberWord(tokens, i + n) || DigitsNext(tokens, i + n)) return {cue.topic, n};
        break;
      case CueNeed::kPlaceNext:
        if (DigitsNext(tokens, i + n) || PlaceNext(tokens, i + n)) return {cue.topic, n};
        break;
      case CueNeed::kHealthTalk:
        if (IsNumberWord(tokens, i + n)) {
          const bool health = talk.health || HealthNext(tokens, i + n + 1);
          return {health ? cue.topic : Topic::kOther, n + 1};
        }
        break;
      case CueNeed::kCardTalk:
        if (talk.card) return {cue.topic, n};
        break;
    }
  }
  return {};
}

// "de su tarjeta", in the other languages: but not "el numero de su tarjeta".
bool IsOwnerElsewhere(const Tokens& tokens, std::size_t cue) {
  for (std::size_t back = 1; back <= 2 && back < cue; ++back) {
    if (!tokens.list[cue - back].lexeme.Is(kJoinsDate)) continue;
    const std::size_t owned = cue - back - 1;
    return !IsNumberWord(tokens, owned) && tokens.list[owned].lexeme.kind != LexemeKind::kCount;
  }
  return false;
}

// "on that card", "for the account", "of your check": what the number that was just named belongs
// to.
bool IsOwner(const Tokens& tokens, std::size_t cue, const CueMatch& match) {
  if (match.topic != Topic::kCard && match.topic != Topic::kAccount &&
      match.topic != Topic::kBankAccount) {
    return false;
  }
  const std::size_t end = cue + match.tokens;
  if (IsNumberWord(tokens, end) || IsNumberWord(tokens, end - 1)) return false;
  if (!tokens.language->english()) return IsOwnerElsewhere(tokens, cue);
  std::size_t i = cue;
  if (i > 0 && tokens.IsOneOf(i - 1, {"debit", "credit", "bank", "checking", "savings"})) --i;
  return i > 1 && tokens.IsOneOf(i - 1, {"the", "that", "your", "my", "this", "his", "her"}) &&
         tokens.IsOneOf(i - 2, {"on", "of", "for", "from", "with"});
}

}  // namespace

bool AnsweredAtOnce(Topic topic) {
  switch (topic) {
    case Topic::kNone:
    case Topic::kCard:
    case Topic::kSsn:
    case Topic::kPhone:
    case Topic::kIpAddress:
    case Topic::kPostal:
    case Topic::kOther:
      return false;
    default:
      return true;
  }
}

TopicCues::TopicCues(const Tokens& tokens, Pulse* pulse) : tokens_(tokens) {
  std::uint32_t words = 0;
  int health_left = 0;
  int card_left = 0;
  for (std::size_t i = 0; i < tokens.size();) {
    pulse->Tick();
    const Token& token = tokens.list[i];
    if (health_left > 0) --health_left;
    if (card_left > 0) --card_left;
    const bool mask = token.kind == TokenKind::kMask;
    const bool health = token.lexeme.Is(kHealth);
    if (health) health_left = kHealthReach;
    const CueMatch cue = mask ? CueMatch() : CueAt(tokens, i, {health_left > 0, card_left > 0});
    if (!mask && !health && cue.tokens == 0) {
      words += IsPlainWord(token) ? 1U : 0U;
      ++i;
      continue;
    }
    if (cue.topic == Topic::kHealthPlan || cue.topic == Topic::kMedicalRecord) {
      health_left = kHealthReach;
    }
    if (cue.topic != Topic::kNone) {
      const bool card = cue.topic == Topic::kCard || cue.topic == Topic::kCardExpiry;
      card_left = card ? kCardReach : 0;
    }
    const std::size_t end = i + std::max<std::size_t>(cue.tokens, 1);
    places_.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end), words,
                       health_left, cue.topic,
                       mask             ? PlaceKind::kMask
                       : cue.tokens > 0 ? PlaceKind::kCue
                                        : PlaceKind::kHealth});
    i = end;
  }
}

bool TopicCues::Has(Topic topic) const {
  return std::any_of(places_.begin(), places_.end(),
                     [topic](const Place& place) { return place.topic == topic; });
}

void TopicReader::PassWords(std::uint32_t count) {
  if (count == 0) return;
  words_ += count;
  words_since_ += static_cast<int>(count);
  words_since_masked_ += static_cast<int>(count);
  if (words_since_ > kReach) topic_ = Topic::kNone;
}

void TopicReader::Pass(const TopicCues::Place& place) {
  switch (place.kind) {
    case TopicCues::PlaceKind::kHealth:
      if (IsPlainWord(tokens_.list[place.begin]) && ++words_since_ > kReach) topic_ = Topic::kNone;
      return;
    case TopicCues::PlaceKind::kMask:
      if (AnsweredAtOnce(topic_)) {
        masked_ = topic_;
        words_since_masked_ = 0;
        topic_ = Topic::kNone;  // such an answer is short, and what was asked for is in the mask
      } else {
        words_since_ += kMaskWords;  // what was asked for is probably in it
      }
      return;
    case TopicCues::PlaceKind::kCue:
      break;
  }
  if (place.topic == Topic::kNone) return;
  const CueMatch cue{place.topic, place.end - place.begin};
  // "the last four" of what is being spoken of, if that is known; "the pin on that card".
  const bool kept = cue.topic == Topic::kLastFour
                        ? topic_ != Topic::kNone
                        : words_since_ <= kOwnerReach && topic_ != Topic::kNone &&
                              topic_ != Topic::kLastFour && topic_ != Topic::kOther &&
                              IsOwner(tokens_, place.begin, cue);
  // "the model number on the back of the machine".
  const bool other = cue.topic == Topic::kCardCode && topic_ == Topic::kOther &&
                     words_since_ <= kOwnerReach && tokens_.IsWord(place.begin, "on") &&
                     cue.tokens == 3 &&
                     tokens_.list[cue_at_].segment == tokens_.list[place.begin].segment;
  // "the four digits on the front, it's an american express".
  const bool brand = cue.topic == Topic::kCard && topic_ == Topic::kCardCode &&
                     words_since_ <= kBrandReach && place.begin > 0 &&
                     tokens_.IsOneOf(place.begin - 1, {"a", "an"});
  if (kept || other || brand) return;
  topic_ = cue.topic;
  words_since_ = 0;
  cue_at_ = place.begin;
  masked_ = Topic::kNone;
}

Topic TopicReader::Before(std::size_t at) {
  at = std::min(at, tokens_.size());
  while (place_ < places_.size() && places_[place_].begin < at) {
    const TopicCues::Place& place = places_[place_++];
    PassWords(place.words - words_);
    Pass(place);
    next_ = place.end;
  }
  std::uint32_t words = 0;
  for (; next_ < at; ++next_) words += IsPlainWord(tokens_.list[next_]) ? 1U : 0U;
  PassWords(words);
  return topic_;
}

bool TopicReader::AboutHealth() const {
  if (place_ == 0) return false;
  const TopicCues::Place& last = places_[place_ - 1];
  return next_ < last.end + static_cast<std::size_t>(last.health_left);
}

Topic TopicReader::After(std::size_t at) const {
  constexpr std::size_t kWindow = 7;
  if (at == 0 || at >= tokens_.size()) return Topic::kNone;
  const std::int32_t segment = tokens_.list[at - 1].segment;
  for (std::size_t i = at; i < tokens_.size() && i < at + kWindow; ++i) {
    if (tokens_.list[i].segment != segment) break;
    if (tokens_.list[i].kind == TokenKind::kDigits) break;
    const CueMatch cue = CueAt(tokens_, i, {AboutHealth(), false});
    if (tokens_.IsWord(i, "extension")) return Topic::kPhone;  // "555 014 7000, extension twelve"
    // "5000 to my savings account" is an amount; "64261 is my savings account" is not.
    const bool named = tokens_.IsCopula(at) || tokens_.IsWord(at, "as");
    const bool loose = cue.topic == Topic::kCard || cue.topic == Topic::kSsn ||
                       cue.topic == Topic::kPhone || cue.topic == Topic::kPostal ||
                       cue.topic == Topic::kOther;
    if (cue.topic != Topic::kNone && cue.topic != Topic::kLastFour) {
      return named || loose ? cue.topic : Topic::kNone;
    }
    if (cue.tokens > 1) i += cue.tokens - 1;
  }
  return Topic::kNone;
}

}  // namespace cxscribe::redaction
