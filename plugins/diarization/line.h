// One segment of a recording, as far as the naming of speakers needs it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

struct TimedWord {
  std::size_t begin = 0;  // byte of the text at which it begins
  std::int32_t start_ms = 0;
  std::int32_t end_ms = 0;
};

// Views are borrowed for the length of a call.
struct Line {
  std::string_view label = {};  // the source's; may be empty
  std::string_view text = {};
  std::int32_t start_ms = 0;
  std::int32_t end_ms = 0;
  std::vector<TimedWord> words = {};  // in order; empty where the source knows no times
  bool may_be_cut = true;
};

}  // namespace cxscribe::diarization
