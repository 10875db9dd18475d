// TranscriptHash: the SHA-256 over a transcript that evidence names. Pure.
#pragma once

#include <string>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Over the language, the accuracy score and the segments with their words, in the length-prefixed
// form of docs/evidence.md, section "Transcript hashes". Turns, findings and annotations are not in
// it: so a verifying stage, which must not change the text, has the same hash before and after. 64
// hex digits.
std::string TranscriptHash(const v1::Transcript& transcript);

}  // namespace cxscribe
