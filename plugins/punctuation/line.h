// What goes into the stage and what comes out, segment by segment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::punctuation {

// One segment. Views are borrowed for the length of a call.
struct Line {
  std::string_view speaker;
  std::string_view text;
  bool pause = false;  // nobody speaks for a while after it
};

struct Options {
  bool capitals = true;
  bool english = true;  // else only what holds for any language with full stops
};

// A segment with its marks. words[i] is what became of the i-th word of SplitWords(text).
struct Punctuated {
  std::string text;
  std::vector<std::string> words;
};

}  // namespace cxscribe::punctuation
