// WordAlignment: where each word of a segment stands in the segment's text. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// The bytes [begin, end) of the segment's text. Empty for a word without letters or digits: it then
// stands between what is before `begin` and what is from it on.
struct WordRange {
  int32_t begin = 0;
  int32_t end = 0;
};

// One range for each word, when the words' letters and digits, case aside, are those of the text in
// the same order: punctuation and capitals may differ. Otherwise nullopt: it is not certain which
// word is where.
std::optional<std::vector<WordRange>> AlignWords(const v1::Segment& segment);

}  // namespace cxscribe
