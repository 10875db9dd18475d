// Masking: replaces what was found in a transcript by "[ENTITY_TYPE]", in texts and words alike.
// Pure.
#pragma once

#include <vector>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Masks every span of transcript.findings(i) for which masked[i] is true, and makes everything that
// stays address the masked text.
//
// - Spans that overlap become one mask, named after the highest score among them (then the longest
//   span, then the name). Spans that only touch stay two masks.
// - A word is masked when it overlaps a mask. In a segment whose words cannot be aligned with its
//   text for certain, all words are masked.
// - Findings: a span inside a mask becomes the whole mask, one that reaches into a mask is widened
//   by it, others move. `masked` is set where all spans of a finding lie in masks.
// - Annotations: spans move; an annotation is dropped when its span overlaps a mask, when its value
//   repeats masked text, or when it is on a masked segment and its value has four digits or more
//   (it may be the text in another form). An annotation is a claim about text; better lost than
//   leaking.
// - Turns hold ranges of segments and stay as they are.
//
// `masked` has one element for each finding. Spans outside the text are cut to it.
void MaskTranscript(v1::Transcript& transcript, const std::vector<bool>& masked);

// Empties all texts and words' texts, and drops all annotations, whose values could repeat them.
// What stays: times, speakers, turns, and findings, whose spans keep addressing the text that is
// withheld.
void WithholdText(v1::Transcript& transcript);

}  // namespace cxscribe
