// What was found, said again in another form: read back by the agent, spelt and then said as a word,
// in figures and then in words.
#pragma once

#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// Stretches near `hits` that have the same letters and digits, as hits of the same type: of the next six
// segments, whatever else they were taken for unless that is surer, and of the two before, where nothing
// was found. Names, e-mail and IP addresses are left to their own detectors, which know them again anywhere.
// `hits` are in the order of the text and do not overlap, but for the operator's own, which are passed over.
// Linear: a bounded number of tokens around each hit.
std::vector<Hit> FindEchoes(const Tokens& tokens, const std::vector<Hit>& hits, Pulse* pulse);

}  // namespace cxscribe::redaction
