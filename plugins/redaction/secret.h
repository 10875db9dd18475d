// What somebody proves who he is with: user names, passwords, and answers to security questions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

class WordView;

enum class SecretCue : std::uint8_t {
  kNone,
  kPassword,  // "password", "passcode"
  kUser,      // "username", "login"
  kUserPart,  // "user", before "name" or "id"; "pass", before "is" or "word"
  kQuestion,  // "maiden", "pet": a word of a security question
  kSecret,    // "security", "memorable": before "word" or "answer"
  kLogIn,     // "log", "signed": before "in as"
};

// `lower` is one word in ASCII lower case.
SecretCue SecretCueOf(std::string_view lower);

// Linear in the tokens: each cue looks at a bounded number of neighbours. An answer in ordinary words
// has to be another speaker's than the question, where speakers are known.
void FindSecrets(const std::vector<Utterance>& utterances, const Tokens& tokens,
                 const WordView& words, Pulse* pulse, std::vector<Hit>* out);

}  // namespace cxscribe::redaction
