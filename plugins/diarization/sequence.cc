#include "plugins/diarization/sequence.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace cxscribe::diarization {
namespace {

// All in logarithms of odds. Chosen on operator calls with labels made wrong at random, so that not
// one right label was changed.
constexpr double kLabel = 3.5;        // a label is right
constexpr double kText = 0.5;         // for a lean of 1
constexpr double kMostText = 3.0;     // whatever is said
constexpr double kStay = 0.5;         // the same person goes on in the next segment
constexpr double kMidSentence = 1.5;  // and more so in the middle of a sentence
constexpr double kSureOfFlip = 1.5;   // against a label
constexpr double kSureOfGap = 0.5;    // without one

double LogSum(double a, double b) {
  const double highest = std::max(a, b);
  return highest + std::log(std::exp(a - highest) + std::exp(b - highest));
}

// Halves of log odds: the score of one state is plus this, of the other minus this.
double HalfEmission(const Observation& observation) {
  double odds = std::clamp(kText * observation.text, -kMostText, kMostText);
  if (observation.label) odds += *observation.label == Side::kFirst ? kLabel : -kLabel;
  return odds / 2;
}

double HalfStay(const Observation& observation) {
  if (observation.apart) return 0;
  return (kStay + (observation.goes_on ? kMidSentence : 0)) / 2;
}

struct Pair {
  double first = 0;
  double second = 0;
};

}  // namespace

std::vector<double> LogOddsOfFirst(const std::vector<Observation>& observations) {
  const std::size_t count = observations.size();
  std::vector<Pair> forward(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double emission = HalfEmission(observations[i]);
    Pair before;
    if (i > 0) {
      const double stay = HalfStay(observations[i]);
      const Pair& from = forward[i - 1];
      before = {LogSum(from.first + stay, from.second - stay),
                LogSum(from.second + stay, from.first - stay)};
    }
    // Only the difference counts; kept near 0, so that long calls lose no precision.
    const double odds = (before.first - before.second) / 2 + emission;
    forward[i] = {odds, -odds};
  }
  std::vector<double> odds(count);
  Pair after;
  for (std::size_t i = count; i-- > 0;) {
    odds[i] = forward[i].first - forward[i].second + after.first - after.second;
    if (i == 0) break;
    const double emission = HalfEmission(observations[i]);
    const double stay = HalfStay(observations[i]);
    const Pair here = {after.first + emission, after.second - emission};
    const double first = LogSum(here.first + stay, here.second - stay);
    const double second = LogSum(here.second + stay, here.first - stay);
    after = {(first - second) / 2, (second - first) / 2};
  }
  return odds;
}

std::vector<std::optional<Side>> Decide(const std::vector<Observation>& observations) {
  const std::vector<double> odds = LogOddsOfFirst(observations);
  std::vector<std::optional<Side>> sides;
  sides.reserve(odds.size());
  for (std::size_t i = 0; i < odds.size(); ++i) {
    const Side likelier = odds[i] > 0 ? Side::kFirst : Side::kSecond;
    const double sure = std::fabs(odds[i]);
    const auto& label = observations[i].label;
    if (label) {
      sides.push_back(likelier != *label && sure > kSureOfFlip ? likelier : *label);
    } else if (sure > kSureOfGap) {
      sides.push_back(likelier);
    } else {
      sides.push_back(std::nullopt);
    }
  }
  return sides;
}

}  // namespace cxscribe::diarization
