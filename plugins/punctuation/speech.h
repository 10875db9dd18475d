// Punctuation and capitals by the model, over the running speech of a recording.
//
//   Speech speech(tagger, options);
//   speech.Punctuate(lines, pulse, [&](std::size_t line, Punctuated result) { ... });
//
// Segments are read one after the other, whoever speaks: an answer says much about the question
// before it, and a sentence may go on after somebody else's "mm-hmm". Where a segment ends, and
// whether another speaker follows, is a hint to the model and not the end of a sentence.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/punctuation/line.h"
#include "plugins/punctuation/tagger.h"

namespace cxscribe::punctuation {

// The words that are written in a way of their own: "mcdonald" -> "McDonald".
class MixedForms {
 public:
  explicit MixedForms(const std::vector<std::string>& forms);
  // Of a core in lower case, or of one without its possessive; empty: none.
  std::string_view Find(std::string_view core) const;

 private:
  std::unordered_map<std::string, std::string> forms_;
};

// What is immutable and may be shared by threads.
class Speech {
 public:
  // `tagger` must outlive it.
  Speech(const Tagger& tagger, const Options& options);

  // The lines of one recording, in order. Calls `take` once for each, in order. Linear; holds a
  // bounded number of words at a time, the longest line, and up to 65,536 unknown words. `pulse` may
  // be empty; it is called at least once for every line and every 512 words, and may throw to end
  // the work. Thread-safe.
  void Punctuate(const std::vector<Line>& lines, const std::function<void()>& pulse,
                 const std::function<void(std::size_t line, Punctuated result)>& take) const;

 private:
  const Tagger& tagger_;
  Options options_;
  MixedForms forms_;
};

}  // namespace cxscribe::punctuation
