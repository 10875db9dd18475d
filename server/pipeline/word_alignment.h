// WordAlignment: where each word of a segment stands in the segment's text. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// The bytes [begin, end) of the segment's text. For a word without characters that count, all that
// stands between the word before and the word after.
struct WordRange {
  int32_t begin = 0;
  int32_t end = 0;
};

// One range for each word, when the words hold the same characters as the text in the same order.
// Letters, digits and symbols count, case aside; spaces, brackets and the marks of sentences
// (. , ; : ? ! - and quotes) do not, so punctuation may differ. Otherwise nullopt: it is not
// certain which word is where, or the words say something that the text does not.
std::optional<std::vector<WordRange>> AlignWords(const v1::Segment& segment);

}  // namespace cxscribe
