#include "plugins/diarization/embedded_model.h"

// Part of the library, and with that of what its pin and its evidence name: a call can be held
// against the very model that named its speakers.
__asm__(
    ".section .rodata\n"
    ".balign 16\n"
    ".hidden cxscribe_role_model\n"
    ".hidden cxscribe_role_model_end\n"
    ".global cxscribe_role_model\n"
    ".global cxscribe_role_model_end\n"
    "cxscribe_role_model:\n"
    ".incbin \"" CXSCRIBE_ROLE_MODEL
    "\"\n"
    "cxscribe_role_model_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char cxscribe_role_model[];
extern const char cxscribe_role_model_end[];
}

namespace cxscribe::diarization {

std::string_view EmbeddedModel() {
  return {cxscribe_role_model,
          static_cast<std::size_t>(cxscribe_role_model_end - cxscribe_role_model)};
}

}  // namespace cxscribe::diarization
