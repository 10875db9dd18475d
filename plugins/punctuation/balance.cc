#include "plugins/punctuation/balance.h"

#include <algorithm>
#include <bit>
#include <cstdint>

// Compiled as tagger.cc is: without fused multiply-add, so that every processor gives the same.

namespace cxscribe::punctuation {
namespace {

// The model is surer than it is right: on the held-out calls its loss is least with scores times this.
constexpr float kSharpness = 0.75F;

// What is expected of a recording before anything is known of it: F1 and its weight, in marks written
// and marks due.
constexpr double kUsualF1 = 0.75;
constexpr double kUsualWeight = 40;

// e to the power of x, for x from -80 to 0, within one in a million. From the C library it would differ
// between its versions.
float Exp(float x) {
  constexpr float kLog2e = 1.44269504F;
  const float y = x * kLog2e;
  const auto whole = static_cast<std::int32_t>(y);
  const float f = (y - static_cast<float>(whole)) * 0.69314718F;  // above -0.694
  // Taylor's series.
  float sum = 1.0F + f / 8.0F;
  for (int k = 7; k > 0; --k) sum = 1.0F + f / static_cast<float>(k) * sum;
  return sum * std::bit_cast<float>((whole + 127) << 23);
}

}  // namespace

MarkChances ChancesOf(const float* scores) {
  const float highest = *std::max_element(scores, scores + kMarks);
  MarkChances chances;
  float sum = 0;
  for (std::size_t k = 0; k < kMarks; ++k) {
    chances[k] = Exp(std::max(-80.0F, kSharpness * (scores[k] - highest)));
    sum += chances[k];
  }
  for (float& chance : chances) chance /= sum;
  return chances;
}

void Balance::Add(const MarkChances& chances) {
  const float likeliest = *std::max_element(chances.begin() + 1, chances.end());
  const auto bin = std::min(kBins - 1, static_cast<std::size_t>(likeliest * kBins));
  words_[bin] += 1;
  chances_[bin] += likeliest;
  marks_ += 1 - chances[0];
}

float Balance::Limit() const {
  double written = 0;
  double right = 0;
  double best = 0;
  for (std::size_t bin = kBins; bin-- > 0;) {
    written += words_[bin];
    right += chances_[bin];
    best =
        std::max(best, (2 * right + kUsualF1 * kUsualWeight) / (written + marks_ + kUsualWeight));
  }
  return static_cast<float>(best / 2);
}

}  // namespace cxscribe::punctuation
