// The words of what is said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

// In lower case, with plain apostrophes and without punctuation. Linear; accepts any bytes.
std::vector<std::string> SpokenWords(std::string_view text);

// Whether what is said breaks off in the middle: after its last word no English sentence ends.
bool BreaksOff(std::string_view text);

}  // namespace cxscribe::diarization
