// Punctuation and capitals by rules: an end mark for every segment that lacks one, and English
// capitals.
//
// Words and their order never change: the result is the input with marks inserted after words and
// with ASCII letters made upper case.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {

// One segment. Views are borrowed for the length of a call.
struct Line {
  std::string_view speaker;
  std::string_view text;
};

struct Options {
  bool capitals = true;
};

// A segment with its marks. words[i] is what became of the i-th word of SplitWords(text).
struct Punctuated {
  std::string text;
  std::vector<std::string> words;
};

// The lines of one recording, in order; one result for each. Pure, may be called from several
// threads; linear. `pulse` may be empty; it is called for every line, twice, and may throw to end
// the work.
std::vector<Punctuated> Punctuate(const std::vector<Line>& lines, const Options& options,
                                  const std::function<void()>& pulse = {});

// The same for the single words that a source gives beside the text: each takes over marks and
// capitals of the word of the text that it is. `source` are the words of the text before, in order;
// those that are not found in it stay.
std::vector<std::string> FollowText(const std::vector<Word>& text_words, const Punctuated& result,
                                    const std::vector<std::string_view>& source);

}  // namespace cxscribe::punctuation
