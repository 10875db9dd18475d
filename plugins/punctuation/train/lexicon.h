// The words that a model keeps: its vocabulary, and those that are written in a way of their own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugins/punctuation/train/corpus.h"

namespace cxscribe::punctuation {

// Counts words; order of dialogues does not matter.
class Lexicon {
 public:
  void Add(const Dialog& dialog);

  // The lookup forms seen at least so often, the most frequent first.
  std::vector<std::string> Words(int at_least) const;
  // Spellings such as "McDonald" that were seen at least so often and more often than any other of
  // the same letters; those of letters, hyphens and apostrophes only. In alphabetical order.
  std::vector<std::string> MixedForms(int at_least) const;

 private:
  // Lower case -> spelling -> how often.
  std::map<std::string, std::map<std::string, int>> spellings_;
  std::map<std::string, int> forms_;
};

}  // namespace cxscribe::punctuation
