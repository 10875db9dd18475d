// Punctuation and capitals by rules: an end mark for every segment that lacks one, and English
// capitals. What is left where there is no model.
//
// Words and their order never change: the result is the input with marks inserted after words and
// with ASCII letters made upper case.
#pragma once

#include <functional>
#include <vector>

#include "plugins/punctuation/line.h"

namespace cxscribe::punctuation {

// The lines of one recording, in order; one result for each. Pure, may be called from several
// threads; linear. `pulse` may be empty; it is called for every line, twice, and may throw to end
// the work.
std::vector<Punctuated> Punctuate(const std::vector<Line>& lines, const Options& options,
                                  const std::function<void()>& pulse = {});

}  // namespace cxscribe::punctuation
