// What a segment's words say about the side that its speaker is on.
#pragma once

#include <cstddef>
#include <string_view>

namespace cxscribe::diarization {

struct Evidence {
  // Positive: an agent, negative: a customer. Phrases that only one side says, and how much it
  // sounds like either; longer segments count for more, up to a dozen words. Adds up over segments.
  double lean = 0;
  // The phrases alone.
  int agent_cues = 0;
  int customer_cues = 0;
};

// Of English text. Linear; thread-safe.
Evidence EvidenceOf(std::string_view text);

// How likely it is that roles are right that were given because two speakers' leans differ by
// `difference`, 0.5 to 0.99: a logistic curve that was fitted on operator calls.
double RoleConfidence(double difference);

}  // namespace cxscribe::diarization
