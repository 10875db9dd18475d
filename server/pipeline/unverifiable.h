// Unverifiable: what comes with a text and could say more than it, though no verifying stage reads
// it: words, and the labels of speakers. Pure.
#pragma once

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

struct Unverifiable {
  int segments_without_words = 0;
  int speakers_renamed = 0;
};

// Makes the transcript safe to judge by its texts alone; for a transcript whose texts are about to
// be verified.
//
// - Words: a segment keeps them only where they are the words of its text (see AlignWords); else it
//   has none.
// - Speakers: a label that holds an "@" or four digits or more becomes "speaker_" and a number that
//   no other label has; the same label the same one everywhere. A name is not told from a role
//   ("anna", "agent"), and stays: diarization gives neutral names.
Unverifiable DropUnverifiable(v1::Transcript& transcript);

}  // namespace cxscribe
