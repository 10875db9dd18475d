// Transcripts to measure with: the same every time, in the form that speech recognition gives.
#pragma once

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// A call of one recording between an agent and a customer, lower case and unpunctuated, about ten
// words a segment, with a card number and a phone number in it.
v1::Transcript MakeCall(int segments);

}  // namespace cxscribe
