// The corpora that the built-in stages' models are trained on: dialogues, a turn a line.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cxscribe::training {

struct DialogueTurn {
  std::string_view dialogue;
  std::string_view speaker;
  std::string_view text;
};

// Calls `take` for each line of a file, gzipped or not, without its newline. Views are valid during
// the call. Throws std::runtime_error where the file cannot be read.
void ReadLines(const std::string& path, const std::function<void(std::string_view line)>& take);

// The same for lines of `dialogue<TAB>speaker<TAB>text`, with or without columns before the text.
// Throws where a line is none.
void ReadDialogues(const std::string& path, const std::function<void(const DialogueTurn&)>& take);

}  // namespace cxscribe::training
