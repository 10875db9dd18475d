// How well marks and cases are predicted.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "plugins/punctuation/train/network.h"
#include "plugins/punctuation/train/trainer.h"

namespace cxscribe::punctuation {

struct Tally {
  long right = 0;
  long wrong = 0;     // said, and not so
  long missed = 0;    // so, and not said
  double F1() const;  // 0 to 100
};

struct Quality {
  std::array<Tally, kMarks> marks;  // of each mark; none is not counted
  Tally all_marks;                  // over comma, period and question mark
  Tally capitals;   // words with a capital, written right; sentences start as predicted
  double loss = 0;  // of marks: the sum of minus the logarithms of their probabilities
  long words = 0;   // that the loss is summed over
};

// Runs the network over `material` with segments cut as `cut` says. Words for which several classes
// are right are not counted.
Quality Evaluate(const Parameters& parameters, const Material& material, Cut cut);

// One line: "all 74.2  , 70.1  . 78.0  ? 66.3  capitals 88.0  loss 0.2300"
std::string Describe(const Quality& quality);

}  // namespace cxscribe::punctuation
