// What a segment's words say about the side that its speaker is on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plugins/diarization/cues.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

struct Evidence {
  // Positive: an agent, negative: a customer. Phrases that only one side says, and how much it
  // sounds like either; longer segments count for more, up to a dozen words. In thousandths of a
  // word that sounds like nobody else; adds up over segments.
  std::int64_t lean = 0;
  // The phrases alone.
  int agent_cues = 0;
  int customer_cues = 0;
};

// Of English words and the cues in them. Linear; thread-safe.
Evidence EvidenceOf(WordSpan words, const std::vector<Cue>& cues);

// How likely it is that roles are right that were given because two speakers' leans differ by
// `difference`, in per cent, 50 to 99: a logistic curve that was fitted on operator calls.
int RoleConfidence(std::int64_t difference);

}  // namespace cxscribe::diarization
