// What the detectors of words want to know of each token: how much it looks like a name, which cue
// it is, and whether it has a capital where English would not put one.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "plugins/redaction/place_words.h"
#include "plugins/redaction/secret.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// A word that may introduce somebody's name, or that takes part in such an introduction.
enum class NameCue : std::uint8_t {
  kNone,
  kName,         // "name", "surname": what follows, or the answer, is one
  kTitle,        // "mister", "mrs": hardly ever without a name
  kRank,         // "doctor", "miss": often without
  kIntro,        // "this is", "i'm" and kin begin here
  kContact,      // "speak to", "ask for", "reach out to" begin here
  kGreeting,     // "hello", "thanks", "dear"
  kCalled,       // "called", "named"
  kOpener,       // "yes", "sure", "it's": what an answer begins with
  kParticle,     // "van", "de", "bin": inside a name only
  kPlaceOrFirm,  // "street", "bank", "inc": what stands before is no person
  kSpelling,     // "spelled", "spelling"
  kNever,        // "my", "calling": never part of a name
};

struct WordInfo {
  float name = -20;  // log-odds of being part of a name; -20 for what is no word
  NameCue cue = NameCue::kNone;
  PlaceCue place = PlaceCue::kNone;
  SecretCue secret = SecretCue::kNone;
  bool capital = false;  // begins with a capital and is not all in capitals
  bool upper = false;    // all in capitals, two letters or more
  bool line = false;     // first of a line
  bool start = false;    // first of a sentence or of a line: a capital says nothing here
};

// One entry a token. Linear; the model is asked once for each different word, as long as few words
// come in between.
class WordView {
 public:
  WordView(const std::vector<Utterance>& utterances, const Tokens& tokens, Pulse* pulse);

  const WordInfo& operator[](std::size_t index) const { return words_[index]; }
  std::size_t size() const { return words_.size(); }
  // Whether the recording has capitals as written English has them.
  bool cased() const { return cased_; }

 private:
  std::vector<WordInfo> words_;
  bool cased_ = false;
};

}  // namespace cxscribe::redaction
