// Where the words of a segment stand in its text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

// The byte of `text` at which each of `words` begins, when they hold the same letters and figures as
// the text in the same order, case and punctuation aside; else nullopt. Linear.
std::optional<std::vector<std::size_t>> AlignWords(std::string_view text,
                                                   const std::vector<std::string_view>& words);

}  // namespace cxscribe::diarization
