#include "plugins/diarization/sequence.h"

#include <algorithm>

namespace cxscribe::diarization {
namespace {

// Chosen on operator calls with labels made wrong at random, so that not one right label was
// changed, and with room to spare.
constexpr std::int64_t kLabel = 3500;            // a label is right
constexpr std::int64_t kPartLabel = kLabel / 2;  // each of the two parts, so that both make one
constexpr std::int64_t kListedLabel = 500;       // several were given; the first a little likelier
constexpr std::int64_t kMostText = 3000;         // whatever is said; half of a lean counts
constexpr std::int64_t kMostTextOfRoles = 6000;
constexpr std::int64_t kRepeat = 2500;  // a segment with the same words
constexpr std::int64_t kMostRepeats = 7500;
constexpr std::int64_t kMostStaying = 3000;
constexpr MilliOdds kMostStayingOfLabels = 1000;  // exceptions to a habit are no errors
constexpr std::int64_t kMostSeam = 2000;
constexpr std::int64_t kSureOfFlip = 2500;  // against a label
constexpr std::int64_t kSureOfPart = 1500;  // the other part may be the label's
constexpr std::int64_t kSureOfGap = 250;    // without one

std::int64_t Trusted(Trust trust) {
  switch (trust) {
    case Trust::kPart:
      return kPartLabel;
    case Trust::kListed:
      return kListedLabel;
    default:
      return kLabel;
  }
}

// What it takes to give this to whom the label does not name.
std::int64_t Needed(Trust trust) {
  switch (trust) {
    case Trust::kPart:
      return kSureOfPart;
    case Trust::kListed:
      return 0;
    default:
      return kSureOfFlip;
  }
}

std::int64_t Emission(const Observation& observation, std::int64_t most_text) {
  std::int64_t odds = std::clamp(observation.lean / 2, -most_text, most_text) +
                      std::clamp(observation.repeats * kRepeat, -kMostRepeats, kMostRepeats);
  if (observation.label) {
    const std::int64_t trusted = Trusted(observation.trust);
    odds += *observation.label == Side::kFirst ? trusted : -trusted;
  }
  return odds;
}

std::int64_t Stay(const Observation& observation, std::int64_t staying) {
  if (observation.cut) return -*observation.cut;
  if (observation.apart) return 0;
  // The model was trained on other conversations than it looks at, so four fifths of what it says
  // count.
  return staying +
         std::clamp<std::int64_t>(std::int64_t{observation.goes_on} * 4 / 5, -kMostSeam, kMostSeam);
}

MilliOdds OfLabels(MilliOdds staying) {
  return std::clamp(staying, -kMostStayingOfLabels, kMostStayingOfLabels);
}

// What `odds` of a neighbour's being the first are worth here: no more than the tie between them.
std::int64_t Passed(std::int64_t odds, std::int64_t stay) {
  const std::int64_t same = std::max(odds + stay, std::int64_t{0});
  const std::int64_t other = std::max(odds, stay);
  return same - other;
}

}  // namespace

// The mean of the logarithm of a Gamma variable is the digamma function, and the difference of two is
// one of harmonic numbers.
MilliOdds OddsOfStaying(std::size_t same, std::size_t other) {
  std::int64_t odds = 0;
  for (std::size_t k = std::min(same, other) + 1; k <= std::max(same, other); ++k) {
    odds += 1'000'000 / static_cast<std::int64_t>(k);
  }
  odds = std::min(odds / 1000, kMostStaying);
  return static_cast<MilliOdds>(same > other ? odds : -odds);
}

std::vector<std::int64_t> OddsOfFirst(const std::vector<Observation>& observations,
                                      MilliOdds staying) {
  const std::size_t count = observations.size();
  std::vector<std::int64_t> odds(count);
  std::int64_t before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) before = Passed(odds[i - 1], Stay(observations[i], staying));
    odds[i] = before + Emission(observations[i], kMostText);
  }
  std::int64_t after = 0;  // what all that follows says
  for (std::size_t i = count; i-- > 0;) {
    const std::int64_t here = after + Emission(observations[i], kMostText);
    odds[i] += after;
    if (i > 0) after = Passed(here, Stay(observations[i], staying));
  }
  return odds;
}

std::int64_t BestAccount(const std::vector<Observation>& observations, MilliOdds staying) {
  std::int64_t first = 0;
  std::int64_t second = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (i > 0) {
      const std::int64_t stay = Stay(observations[i], OfLabels(staying));
      const std::int64_t before = first;
      first = std::max(first + stay, second - stay);
      second = std::max(second + stay, before - stay);
    }
    const std::int64_t emission = Emission(observations[i], kMostTextOfRoles);
    first += emission;
    second -= emission;
  }
  return std::max(first, second);
}

std::vector<std::optional<Side>> Decide(const std::vector<Observation>& observations,
                                        MilliOdds staying) {
  const std::vector<std::int64_t> of_labels = OddsOfFirst(observations, OfLabels(staying));
  const std::vector<std::int64_t> of_gaps = OddsOfFirst(observations, staying);
  std::vector<std::optional<Side>> sides;
  sides.reserve(observations.size());
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto& label = observations[i].label;
    const std::int64_t odds = label ? of_labels[i] : of_gaps[i];
    const Side likelier = odds > 0 ? Side::kFirst : Side::kSecond;
    const std::int64_t sure = odds < 0 ? -odds : odds;
    if (label) {
      sides.push_back(sure > Needed(observations[i].trust) ? likelier : *label);
    } else if (sure > kSureOfGap) {
      sides.push_back(likelier);
    } else {
      sides.push_back(std::nullopt);
    }
  }
  return sides;
}

}  // namespace cxscribe::diarization
