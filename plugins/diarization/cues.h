// What people say in a contact centre because of the side they are on: "how can i help you" on one,
// "i got a letter" on the other.
#pragma once

#include <string_view>

namespace cxscribe::diarization {

struct CueCount {
  int agent = 0;
  int customer = 0;
};

// The weights of the English phrases found in `text`; case and punctuation do not matter. Linear.
CueCount CountCues(std::string_view text);

}  // namespace cxscribe::diarization
