// What is nobody's data: orders, prices, times, years, counts, flights, and marks of what was taken
// out already.
#pragma once

#include <string_view>

#include "tests/plugins_redaction/generator/dice.h"
#include "tests/plugins_redaction/generator/speech.h"

namespace cxscribe::calls {

// The words for a slot of phrases.h, for example "{price}"; none where the slot is not one of these.
Breath SayDistractor(std::string_view slot, Dice& dice);

}  // namespace cxscribe::calls
