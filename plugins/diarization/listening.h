// Listening: from the lines of a recording to parts of which each may be another speaker's, with what
// each of them says.
#pragma once

#include <functional>
#include <vector>

#include "plugins/diarization/labels.h"
#include "plugins/diarization/line.h"
#include "plugins/diarization/recording.h"

namespace cxscribe::diarization {

// Gives the recording, which is empty, the speakers that the source names.
void ReadSpeakers(const std::vector<Line>& lines, const Aliases& aliases,
                  const std::function<void()>& pulse, Recording& recording);

// And a part for each line, of which nothing is known but its label.
void TakeWhole(const std::vector<Line>& lines, Recording& recording);

// Or the parts into which lines may have to be cut, if `cut`, of English words. Linear.
void Listen(const std::vector<Line>& lines, bool cut, const std::function<void()>& pulse,
            Recording& recording);

}  // namespace cxscribe::diarization
