// The model that is built into the plugin.
#pragma once

#include <string_view>

namespace cxscribe::diarization {

// A file of speech_model.h; part of the program, so it is there as long as that is.
std::string_view EmbeddedModel();

}  // namespace cxscribe::diarization
