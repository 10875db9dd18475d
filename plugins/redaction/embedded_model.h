// The model that is built into the plugin.
#pragma once

#include <string_view>

namespace cxscribe::redaction {

// A name model's file, see name_model.h; part of the program, so it is there as long as that is.
std::string_view EmbeddedModel();

}  // namespace cxscribe::redaction
