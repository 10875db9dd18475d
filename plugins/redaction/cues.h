// The phrases that say what a number is: "social security", "routing number", "order number".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "plugins/redaction/lexicon.h"

namespace cxscribe::redaction {

// What must follow, or have been said, for the phrase to count.
enum class CueNeed : std::uint8_t {
  kNothing,
  kNumberWord,  // "number", "no", "id", "code", "#": "order number"
  kDigitsNext,  // or the number itself within three words: "account 5632", "account is 5632"
  kPlaceNext,   // or a number after "at" or "on" in the same sentence: "contact us any time at 555"
  kHealthTalk,  // kNumberWord, and health or its insurance is spoken of; kOther where it is not
  kCardTalk,    // a card was spoken of last
};

struct Cue {
  static constexpr std::size_t kMostWords = 6;
  std::array<std::string_view, kMostWords> words;
  std::size_t size = 0;
  Topic topic = Topic::kNone;  // kNone: hides the cues within, as "social media" does
  CueNeed need = CueNeed::kNothing;
  bool more = false;  // the next one begins with the same word
};

// Phrases that say the same.
struct CueGroup {
  Topic topic;
  CueNeed need;
  std::vector<std::string_view> phrases;
};

// Those that begin with the same word stand together, longest first.
std::vector<Cue> MakeCues(const std::vector<CueGroup>& groups);
const std::vector<Cue>& Cues();  // of English

}  // namespace cxscribe::redaction
