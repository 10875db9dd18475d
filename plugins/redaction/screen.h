// Decides what counts of what the detectors offer, in one round over one recording: the policy's
// types, the operator's thresholds, allowed terms and allowed remains.
#pragma once

#include <cstddef>
#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"
#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/plan.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// What was seen and let stand, in places of the text.
struct LetStand {
  std::size_t allowed_terms = 0;
  std::size_t allowed_remains = 0;
};

// Not thread-safe; borrows all that it is given.
class Screen {
 public:
  enum class Level {
    kFail,  // takes what fails the text
    kFlag,  // takes what is below that, and to be told
  };

  // `own` may be null.
  Screen(const Plan& plan, const OwnRound* own, const Tokens& tokens, Level level)
      : plan_(plan), own_(own), tokens_(tokens), level_(level) {}

  bool Takes(const Hit& hit);
  // The items [first, last) of a run.
  bool Takes(const Verdict& verdict, const DigitRun& run, std::size_t first, std::size_t last);

  LetStand let_stand() const;

 private:
  bool Decide(const Verdict& verdict, const std::vector<TokenRange>& ranges);
  std::size_t DigitsIn(const std::vector<TokenRange>& ranges) const;
  void Note(const std::vector<TokenRange>& ranges, std::vector<bool>* places) const;

  const Plan& plan_;
  const OwnRound* own_;
  const Tokens& tokens_;
  Level level_;
  std::vector<bool> by_terms_;  // tokens; empty: none
  std::vector<bool> by_remains_;
  std::vector<TokenRange> ranges_;  // used again from call to call
};

}  // namespace cxscribe::redaction
