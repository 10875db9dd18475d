// Which parts of a recording are spoken by a voice menu or a voicemail, whatever label they carry.
#pragma once

#include <vector>

#include "plugins/diarization/part.h"
#include "plugins/diarization/roles.h"

namespace cxscribe::diarization {

// Gives the role of a machine to speakers whose label names none and who say hardly anything but
// announcements, and to single parts that are announcements for certain: for these `who` becomes a
// speaker of its own, added at the end. Linear.
void FindMachines(std::vector<Part>& parts, std::vector<Speaker>& speakers);

}  // namespace cxscribe::diarization
