// What machines say on the telephone: voice menus and queues, "press one for billing", and
// voicemail, "please leave a message after the tone".
#pragma once

#include "plugins/diarization/labels.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

enum class Sureness {
  kNone,   // nothing that a machine says
  kMaybe,  // an announcement that people read out, too: "this call may be recorded"
  kMenu,   // a menu, which people explain, too: "press one for billing"
  kSure,   // nobody says that of himself: "your call is important to us"
};

struct Announcement {
  Role machine = Role::kNone;  // kIvr or kVoicemail where `sureness` is not kNone
  Sureness sureness = Sureness::kNone;
  // Words that a machine hardly says: "um", "i'll", "he said". Then nothing is sure.
  bool human = false;
};

// Of English words. `after` is what was said just before: only after an announcement it is told of
// words without a phrase whether they are human. Linear; thread-safe.
Announcement AnnouncementIn(WordSpan words, const Announcement& after = {});

}  // namespace cxscribe::diarization
