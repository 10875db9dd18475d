// Back-channels: what a listener says to show that they listen ("mm hmm", "yeah", "okay, right").
// Pure; thread-safe.
#pragma once

#include <string_view>

namespace cxscribe {

// Whether the text is English and nothing but back-channels, one or several, in any case and
// punctuation. False for a text without words.
//
// The words are those of the tag "acknowledge (backchannel)" in Switchboard (Jurafsky, Shriberg and
// Biasca: SWBD-DAMSL coders manual, 1997) with their spellings in transcripts, and what agents on
// the telephone add to them ("of course", "got it"). Letters may be drawn out: "yeahhh", "mmmm".
bool IsBackChannel(std::string_view text);

}  // namespace cxscribe
