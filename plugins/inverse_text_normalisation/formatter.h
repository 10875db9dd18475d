// Writes a text's spoken numbers and addresses in figures and symbols.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/inverse_text_normalisation/readers.h"

namespace cxscribe::itn {

struct Options {
  std::bitset<kClassCount> classes = std::bitset<kClassCount>().set();
  bool small_numbers = false;  // "three" and "third", too, where nothing is measured
};

// The bytes [begin, end) of a text, and what is written instead: without white space, never empty.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string written;
};

struct Formatted {
  std::string text;
  std::vector<Edit> edits;                        // in order, without overlaps
  std::array<std::size_t, kClassCount> counts{};  // of what was written, by class
};

// One segment. Any bytes; linear in them. Formatting the result again changes nothing. Pure.
// `pulse` may be empty; it is called at least every 512 words, and may throw to end the work.
Formatted Format(std::string_view text, const Options& options,
                 const std::function<void()>& pulse = {});

}  // namespace cxscribe::itn
