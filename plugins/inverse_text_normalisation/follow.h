// Single words with times, as they come beside a text, made to say what the text says after edits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/inverse_text_normalisation/formatter.h"

namespace cxscribe::itn {

// A word that stands for the words [begin, end) of before.
struct Followed {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// `edits` are of `text`, as Format makes them. What an edit replaced becomes one word, also where a
// word of before reaches over the edit's ends. nullopt: the words do not hold the letters and
// figures of the text in the same order, so it is not certain which of them was said where. Linear.
std::optional<std::vector<Followed>> FollowEdits(std::string_view text,
                                                 const std::vector<Edit>& edits,
                                                 const std::vector<std::string_view>& words);

}  // namespace cxscribe::itn
