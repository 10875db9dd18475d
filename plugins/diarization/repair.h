// Corrects labels, fills in missing ones and divides segments, where there are an agent and a customer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "plugins/diarization/recording.h"

namespace cxscribe::diarization {

// How much better all that is known fits if this one of two is the agent than if the other is.
// After a pause that is longer, who spoke before says nothing. Linear; so are the others.
std::int64_t FitAsAgent(const Recording& recording, std::size_t agent,
                        std::int32_t longest_pause_ms);

// Who spoke each part, by its label, what is said and who spoke before and after. False, and nothing
// done, where there is anybody but an agent, a customer and machines.
bool Repair(Recording& recording, std::int32_t longest_pause_ms);

// Where the source names two speakers and nothing tells who is who, the first comes first, and the
// second after the clearest place for a change.
void DivideListed(Recording& recording);

}  // namespace cxscribe::diarization
