// Dictionary: terms of several words, found in text.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vocabulary {

// The bytes [begin, end) of a text, and the tag of the term that stands there.
struct Match {
  std::size_t begin;
  std::size_t end;
  std::string_view tag;  // lives as long as the dictionary
};

// Immutable once loaded, so any number of threads may search it.
class Dictionary {
 public:
  // A line "term<TAB>tag" for each term; empty lines and those that begin with '#' say nothing.
  // Throws std::invalid_argument with the number of a line that is wrong.
  static Dictionary Parse(std::string_view text, bool case_sensitive);

  // From left to right, without overlaps; of several terms that begin at a word, the longest. A
  // word is a run of letters, digits and of everything outside ASCII; what is between words is not
  // compared, so that "Gold-Plan" is the term "gold plan".
  std::vector<Match> Find(std::string_view text) const;

  std::size_t size() const { return size_; }

 private:
  struct Word {
    std::string text;  // as it is compared
    std::size_t begin;
    std::size_t end;
  };
  struct Term {
    std::vector<std::string> rest;  // the words after the first
    std::string tag;
  };

  std::vector<Word> Split(std::string_view text) const;

  bool case_sensitive_ = false;
  std::size_t size_ = 0;
  // By their first word, the longest first.
  std::unordered_map<std::string, std::vector<Term>> terms_;
};

}  // namespace vocabulary
