// Numbers in words, in the languages whose tens and ones go together in other ways than in English.
#pragma once

#include <cstddef>
#include <optional>

#include "plugins/redaction/number_reader.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// "treinta y cinco", "quatre-vingt-dix-sept", "siebenundachtzig", "mil novecentos e oitenta": the
// number that starts at token `at`, a word; nullopt where none does. Looks at a bounded number of
// tokens.
std::optional<SpokenNumber> ReadNumberWords(const Tokens& tokens, std::size_t at);

}  // namespace cxscribe::redaction
