// The numbers of a recording: asks every detector of digits about every reading of every run, keeps the
// surest that do not overlap, and knows again what was found.
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/screen.h"
#include "plugins/redaction/token.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {

// Appends to `out`. `own` may be null. Linear in the tokens.
void FindNumbers(const std::vector<Utterance>& utterances, const Tokens& tokens,
                 const TopicCues& cues, Screen* screen, OwnRound* own, Pulse* pulse,
                 std::vector<Hit>* out);

}  // namespace cxscribe::redaction
