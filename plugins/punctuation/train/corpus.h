// Corpora of punctuated dialogues, read into words with the classes that may be right for each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/punctuation/features.h"
#include "plugins/punctuation/labels.h"

namespace cxscribe::punctuation {

// A set of classes: bit i stands for class i. Corpora differ in what they write down, and what one
// leaves out is no evidence against it.
using ClassSet = std::uint8_t;
inline constexpr ClassSet kAnyClass = 0b1111;

// How a file is to be read.
struct CorpusStyle {
  std::string name;     // of the file, without ".tsv.gz"
  bool spaced = false;  // marks and hyphens stand apart: "Mm - hmm ."
  bool smooth = false;  // no commas around hesitations and repetitions, which verbatim ones have
  double weight = 1;    // how often it is drawn from, for its number of words
  bool formal = false;  // it writes capitals that others would not: "the Bill"
  bool typed = false;   // people typed it: no mark at a line's end, or a lower-case start, is habit
};

// What the shared training data holds.
const std::vector<CorpusStyle>& TrainingCorpora();

struct TrainingWord {
  std::string form;     // LookupForm(core)
  std::string written;  // as the corpus writes it, without marks at its edges
  ClassSet marks = kAnyClass;
  ClassSet cases = kAnyClass;  // any where a sentence starts: that capital is not the word's own
  bool line_end = false;
  bool speaker_end = false;  // the next word is another speaker's
};

struct Dialog {
  std::string name;
  std::vector<TrainingWord> words;
};

// The words of one line.
std::vector<TrainingWord> ReadLine(std::string_view text, const CorpusStyle& style);

// Running speech without speakers, one `word<TAB>O|COMMA|PERIOD|QUESTION` a line, as one dialog.
// Throws as ReadCorpus does.
Dialog ReadLabelledWords(const std::string& path);

// Calls `take` for each dialog of `dialog<TAB>speaker<TAB>text` lines, gzipped or not. Throws
// std::runtime_error where the file cannot be read.
void ReadCorpus(const std::string& path, const CorpusStyle& style,
                const std::function<void(Dialog)>& take);

// How a word is written; a possessive's s does not count.
Case CaseOf(std::string_view written);

}  // namespace cxscribe::punctuation
