// Phrases: finds the phrases of a table in what is said.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plugins/diarization/words.h"

namespace cxscribe::diarization {

template <typename Value>
class Phrases {
 public:
  // Words separated by single spaces; "#" stands for any part of something dictated. Strings are
  // borrowed, and the first word of a phrase is not "#".
  struct Row {
    std::string_view words;
    Value value;
  };

  template <typename Rows>
  explicit Phrases(const Rows& rows) {
    for (const Row& row : rows) {
      Entry entry{{}, row.value};
      std::string_view left = row.words;
      const std::string_view first = TakeWord(left);
      while (!left.empty()) entry.rest.push_back(TakeWord(left));
      table_[first].push_back(std::move(entry));
      filter_.Add(first);
    }
  }

  // Calls take(first word, word after the last, value) for each that is found, by its first word.
  template <typename Take>
  void ForEach(WordSpan words, Take take) const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!filter_.MayHave(words[i])) continue;
      const auto found = table_.find(words[i]);
      if (found == table_.end()) continue;
      for (const Entry& entry : found->second) {
        const std::size_t end = i + 1 + entry.rest.size();
        if (end <= words.size() && Matches(entry, &words[i] + 1)) take(i, end, entry.value);
      }
    }
  }

 private:
  struct Entry {
    std::vector<std::string_view> rest;  // the words after the first
    Value value;
  };

  static std::string_view TakeWord(std::string_view& left) {
    const std::string_view word = left.substr(0, left.find(' '));
    left.remove_prefix(std::min(word.size() + 1, left.size()));
    return word;
  }

  static bool Matches(const Entry& entry, const std::string* words) {
    for (const std::string_view wanted : entry.rest) {
      const std::string& word = *words++;
      if (wanted == "#" ? !IsDictated(word) : word != wanted) return false;
    }
    return true;
  }

  std::unordered_map<std::string_view, std::vector<Entry>> table_;  // by their first words
  WordFilter filter_;
};

}  // namespace cxscribe::diarization
