#include "plugins/punctuation/embedded_model.h"

// Part of the library, and with that of what its pin and its evidence name: a transcript can be held
// against the very model that punctuated it.
__asm__(
    ".section .rodata\n"
    ".balign 16\n"
    ".hidden cxscribe_punctuation_model\n"
    ".hidden cxscribe_punctuation_model_end\n"
    ".global cxscribe_punctuation_model\n"
    ".global cxscribe_punctuation_model_end\n"
    "cxscribe_punctuation_model:\n"
    ".incbin \"" CXSCRIBE_PUNCTUATION_MODEL
    "\"\n"
    "cxscribe_punctuation_model_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char cxscribe_punctuation_model[];
extern const char cxscribe_punctuation_model_end[];
}

namespace cxscribe::punctuation {

std::string_view EmbeddedModel() {
  return {cxscribe_punctuation_model,
          static_cast<std::size_t>(cxscribe_punctuation_model_end - cxscribe_punctuation_model)};
}

}  // namespace cxscribe::punctuation
