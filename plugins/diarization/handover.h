// How one agent hands a call to another.
#pragma once

#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

enum class Handover {
  kNone,
  kAnnounced,  // "i'll put you through to billing"
  kTakesOver,  // "thank you for holding this is simone how can i help"
};

// Of English words. Linear; thread-safe.
Handover HandoverIn(WordSpan words);

}  // namespace cxscribe::diarization
