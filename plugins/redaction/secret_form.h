// What a password, a user name or the answer to a security question looks like: "Xy_12!kk", "marble
// seven seven two", "r o s a underscore m", "capital b blue horse exclamation mark".
#pragma once

#include <cstddef>
#include <cstdint>

#include "plugins/redaction/token.h"
#include "plugins/redaction/word_view.h"

namespace cxscribe::redaction {

enum class SecretKind : std::uint8_t {
  kNone,
  kWords,    // ordinary to look at: "sunflower"
  kFigures,  // figures alone
  kSpoken,   // spelt, or words with figures or signs: "marble seven", "rosa underscore m"
  kWritten,  // one code in one piece: "marble7!"
};

struct SecretForm {
  SecretKind kind = SecretKind::kNone;
  std::size_t end = 0;  // one past its last token
};

// How many ordinary words will do for a secret.
enum class SecretWords : std::uint8_t { kNone, kOne, kSeveral };

// The secret that begins at token `i`. Looks at a bounded number of tokens, of one segment but for
// what is spelt.
SecretForm SecretAt(const Tokens& tokens, const WordView& words, std::size_t i,
                    SecretWords allowed);

}  // namespace cxscribe::redaction
