// How sure a mark must be to be written: as sure as serves precision and recall alike.
//
// A model is reluctant on speech of a kind that it has not seen: it finds every mark unlikely, and a
// fixed limit would leave most of them out. The limit that makes F1 highest is half of that F1 (Lipton,
// Elkan and Naryanaswamy 2014, "Optimal Thresholding of Classifiers to Maximize F1 Measure"), and the
// probabilities themselves say what F1 to expect.
#pragma once

#include <array>
#include <cstddef>

#include "plugins/punctuation/labels.h"

namespace cxscribe::punctuation {

// The probabilities of the marks at a word, in the order of Mark. The same on every processor.
using MarkChances = std::array<float, kMarks>;
MarkChances ChancesOf(const float* scores);

// The words of one recording. Memory does not grow with them. Not thread-safe.
class Balance {
 public:
  void Add(const MarkChances& chances);

  // The probability that a mark must exceed, from the words so far: between 0 and a half.
  float Limit() const;

 private:
  static constexpr std::size_t kBins = 64;
  // By the probability of a word's likeliest mark.
  std::array<double, kBins> words_{};
  std::array<double, kBins> chances_{};
  double marks_ = 0;  // expected
};

}  // namespace cxscribe::punctuation
