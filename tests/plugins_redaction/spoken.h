// Numbers as they are said in Spanish, French, German and Portuguese, written here by the grammars'
// rules and not by the reader's.
#pragma once

#include <string>
#include <string_view>

namespace cxscribe::redaction {

// 0 to 9999 with its accents: Say("fr", 97) is "quatre-vingt-dix-sept".
std::string Say(std::string_view tag, int number);

// Each digit by itself.
std::string SayDigits(std::string_view tag, std::string_view digits);

// Without accents, as many recognisers write ("zero", "veintidos", "funf").
std::string WithoutAccents(std::string_view text);

// With each accent as a combining mark of its own (NFD).
std::string Decomposed(std::string_view text);

}  // namespace cxscribe::redaction
