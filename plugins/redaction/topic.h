// What a number is about, judged by the cue words around it: "card", "social security", "call me
// at", "order number".
#pragma once

#include <vector>

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// Reads cues from left to right; ask before each number. Linear: every token is looked at once,
// with a bounded look-ahead.
class TopicReader {
 public:
  explicit TopicReader(const Tokens& tokens) : tokens_(tokens) {}

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
  static constexpr int kMaskWords = 16;
  static constexpr int kHealthReach = 150;

  const Tokens& tokens_;
  std::size_t next_ = 0;
  Topic topic_ = Topic::kNone;
  int words_since_ = 0;
  std::size_t cue_at_ = 0;
  Topic masked_ = Topic::kNone;
  int words_since_masked_ = 0;
  int health_words_left_ = 0;  // while above 0, the talk is of health or its insurance
};

// Whether one answer ends what the cue says, so that the next number is about something else. A
// card, a social security or a telephone number comes in several parts, and is told by its form.
bool AnsweredAtOnce(Topic topic);

}  // namespace cxscribe::redaction
