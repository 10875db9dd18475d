// What a number is about, judged by the cue words around it: "card", "social security", "call me
// at", "order number".
#pragma once

#include <cstdint>
#include <vector>

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// The cues, the masks and the talk of health in one text: found once, for all that read them. Linear:
// every token is looked at once, with a bounded look-ahead. Read-only when made; borrows the tokens.
class TopicCues {
 public:
  TopicCues(const Tokens& tokens, Pulse* pulse);

  // Whether there is a cue of the topic anywhere.
  bool Has(Topic topic) const;

 private:
  friend class TopicReader;

  enum class PlaceKind : std::uint8_t { kCue, kMask, kHealth };

  // The tokens [begin, end).
  struct Place {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t words = 0;       // plain ones before it that are in no place
    std::int32_t health_left = 0;  // so many tokens from `end` on the talk is of health
    Topic topic = Topic::kNone;    // of a cue
    PlaceKind kind = PlaceKind::kCue;
  };

  const Tokens& tokens_;
  std::vector<Place> places_;
};

// Reads cues from left to right; ask before each number. Linear. Borrows the cues.
class TopicReader {
 public:
  explicit TopicReader(const TopicCues& cues) : tokens_(cues.tokens_), places_(cues.places_) {}

  // The cue that stands nearest before token `at`. `at` must not decrease from call to call. A cue
  // fades after kReach plain words; numbers, fillers and masks do not count as words, so masking a
  // number never changes what its neighbours are taken for.
  Topic Before(std::size_t at);

  // How many plain words ago the cue of the last Before was.
  int words_since() const { return words_since_; }

  // The token of that cue.
  std::size_t cue_at() const { return cue_at_; }

  // What was asked for last and answered by a mask, and how many plain words ago; kNone once something
  // else is spoken of.
  Topic masked() const { return masked_; }
  int words_since_masked() const { return words_since_masked_; }

  // The number that was asked for has been said: what follows is about something else.
  void Answered() { topic_ = Topic::kNone; }

  // The cue in the few words from token `at` on, in the segment of the token before it: for "555 0147 is my cell".
  Topic After(std::size_t at) const;

 private:
  static constexpr int kReach = 40;
  static constexpr int kOwnerReach = 4;
  static constexpr int kBrandReach = 6;
  static constexpr int kMaskWords = 16;

  void PassWords(std::uint32_t count);
  void Pass(const TopicCues::Place& place);
  bool AboutHealth() const;

  const Tokens& tokens_;
  const std::vector<TopicCues::Place>& places_;
  std::size_t place_ = 0;    // the next one
  std::size_t next_ = 0;     // the token to go on at
  std::uint32_t words_ = 0;  // plain ones that were passed, in no place
  Topic topic_ = Topic::kNone;
  int words_since_ = 0;
  std::size_t cue_at_ = 0;
  Topic masked_ = Topic::kNone;
  int words_since_masked_ = 0;
};

// Whether one answer ends what the cue says, so that the next number is about something else. A
// card, a social security or a telephone number comes in several parts, and is told by its form.
bool AnsweredAtOnce(Topic topic);

}  // namespace cxscribe::redaction
