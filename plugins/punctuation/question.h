// Whether a spoken sentence is a question, judged by its words alone.
#pragma once

#include <vector>

#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {

// [begin, end) of `words` is one sentence.
bool IsQuestion(const std::vector<Word>& words, std::size_t begin, std::size_t end);

}  // namespace cxscribe::punctuation
