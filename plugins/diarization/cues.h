// What people say in a contact centre because of the side they are on: "how can i help you" on one,
// "i got a letter" on the other.
#pragma once

#include <string>
#include <vector>

namespace cxscribe::diarization {

struct CueCount {
  int agent = 0;
  int customer = 0;
};

// The weights of the English phrases found in SpokenWords(). Linear.
CueCount CountCues(const std::vector<std::string>& words);

}  // namespace cxscribe::diarization
