// Sets of words.
#pragma once

#include <string_view>
#include <unordered_set>

#include "plugins/inverse_text_normalisation/words.h"

namespace cxscribe::itn {

using WordSet = std::unordered_set<std::string_view>;

// Whether word `i` is there and in `set`.
inline bool IsIn(const WordSet& set, const Words& words, std::size_t i) {
  return i < words.size() && set.count(words.Lower(i)) != 0;
}

}  // namespace cxscribe::itn
