#include "plugins/diarization/evidence.h"

#include <algorithm>
#include <array>

#include "plugins/diarization/speech_model.h"

namespace cxscribe::diarization {
namespace {

// How much a cue of weight 1 counts, against a segment of one word that the model is sure of.
constexpr std::int64_t kCueWeight = 4000;
// The model was trained on other dialogues than it listens to, so it is believed by degrees: odds
// of e^5 and of e^50 are the same.
constexpr std::int64_t kSure = 5;
// Square roots of how many words there are, in thousandths.
constexpr std::array<std::int64_t, 13> kRoots = {0,    1000, 1414, 1732, 2000, 2236, 2449,
                                                 2646, 2828, 3000, 3162, 3317, 3464};

// 100 / (1 + e^-x/5) for x = 0, 1, 2, ...
constexpr std::array<int, 24> kConfidence = {50, 55, 60, 65, 69, 73, 77, 80, 83, 86, 88, 90,
                                             92, 93, 94, 95, 96, 97, 97, 98, 98, 98, 99, 99};

}  // namespace

Evidence EvidenceOf(WordSpan words, const std::vector<Cue>& cues) {
  Evidence evidence;
  for (const Cue& cue : cues) {
    evidence.agent_cues += cue.agent;
    evidence.customer_cues += cue.customer;
  }
  const std::int64_t odds =
      std::clamp<std::int64_t>(SpeechModel::English().Agent(words) / kSure, -1000, 1000);
  evidence.lean = kCueWeight * (evidence.agent_cues - evidence.customer_cues) +
                  odds * kRoots[std::min(words.size(), kRoots.size() - 1)] / 1000;
  return evidence;
}

int RoleConfidence(std::int64_t difference) {
  const auto whole = static_cast<std::uint64_t>(difference < 0 ? -difference : difference) / 1000;
  return kConfidence[std::min<std::uint64_t>(whole, kConfidence.size() - 1)];
}

}  // namespace cxscribe::diarization
