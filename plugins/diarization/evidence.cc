#include "plugins/diarization/evidence.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "plugins/diarization/cues.h"
#include "plugins/diarization/role_model.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {
namespace {

// How much a cue of weight 1 counts, against a segment of one word that the model is sure of.
constexpr double kCueWeight = 4;
// The model was trained on other dialogues than it listens to, so it is believed by degrees: odds
// of e^4 and of e^40 are much the same.
constexpr double kSure = 4;
constexpr std::size_t kLongEnough = 12;  // words

constexpr double kConfidenceSlope = 0.2;
constexpr double kMostConfident = 0.99;

}  // namespace

Evidence EvidenceOf(std::string_view text) {
  const std::vector<std::string> words = SpokenWords(text);
  const CueCount cues = CountCues(words);
  const double odds = RoleModel::English().LogOdds(words);
  const auto length = static_cast<double>(std::min(words.size(), kLongEnough));
  Evidence evidence;
  evidence.agent_cues = cues.agent;
  evidence.customer_cues = cues.customer;
  evidence.lean =
      kCueWeight * (cues.agent - cues.customer) + std::tanh(odds / kSure) * std::sqrt(length);
  return evidence;
}

double RoleConfidence(double difference) {
  const double p = 1 / (1 + std::exp(-kConfidenceSlope * std::fabs(difference)));
  return std::min(p, kMostConfident);
}

}  // namespace cxscribe::diarization
