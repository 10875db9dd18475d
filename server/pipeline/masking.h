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
// - A word is masked when it overlaps a mask; one of punctuation alone also when it may. In a
//   segment whose words cannot be aligned with its text for certain, all words are masked. Those
//   under one mask become one word, from the start of the first to the end of the last, as sure as
//   the least sure of them: a mask does not tell how many words it hides.
// - Findings: a span inside a mask becomes the whole mask, one that reaches into a mask is widened
//   by it, others move. `masked` is set where all spans of a finding lie in masks.
// - Annotations: spans move. Once anything is masked, an annotation, wherever it is, is dropped
// when
//   its key or its value may be masked text in another form: when it has four digits or more
//   (figures, or English number words), holds an "@", or repeats masked text or one word of it that
//   has three characters or more. So is one whose span overlaps a mask. An annotation is a claim
//   about text; better lost than leaking.
// - Turns hold ranges of segments and stay as they are.
//
// `masked` has one element for each finding. Spans outside the text are cut to it.
void MaskTranscript(v1::Transcript& transcript, const std::vector<bool>& masked);

// Empties all texts and words' texts, and drops all annotations, whose values could repeat them.
// What stays: times, speakers, turns, and findings, whose spans keep addressing the text that is
// withheld.
void WithholdText(v1::Transcript& transcript);

}  // namespace cxscribe
