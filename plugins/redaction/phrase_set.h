// Many phrases, found in one pass over tokens: an operator's terms, and the keywords of detectors
// that need no code.
//
//   PhraseSet set({"Project Falcon", "Zoë O'Brien"}, &problems);
//   for (const PhraseMatch& m : set.Find(tokens, PhraseSet::Across::kSegments, &pulse)) ...
//
// Phrases match whole words: whatever their case and accents, with any punctuation or hesitation
// between them, with or without a possessive 's. An Aho-Corasick automaton over words: linear in
// the text, however many phrases there are. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

// The words of one phrase, as tokens of the text.
struct PhraseMatch {
  TokenRange range;
  std::uint32_t phrase = 0;  // index into what the set was made of
};

class PhraseSet {
 public:
  static constexpr std::size_t kMostWords = 16;

  enum class Across { kSegments, kNothing };

  PhraseSet() : nodes_(1) {}

  // The phrases that have no word, or more than kMostWords, are left out and told: index and what
  // is wrong. Of phrases that are equal the first counts.
  PhraseSet(const std::vector<std::string_view>& phrases,
            std::vector<std::pair<std::size_t, std::string>>* problems);

  // The longest match at each place, in the order of their ends; none lies inside another one that
  // begins no later. Masks end a phrase.
  std::vector<PhraseMatch> Find(const Tokens& tokens, Across across, Pulse* pulse) const;

  bool Empty() const { return nodes_.size() == 1; }

  // The phrase that matches are told as: itself, or the first that is equal to it.
  std::uint32_t Told(std::size_t phrase) const { return told_[phrase]; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Node {
    std::uint32_t fail = 0;
    std::uint32_t depth = 0;
    std::uint32_t phrase = kNone;   // that ends here
    std::uint32_t longest = kNone;  // the node of the longest phrase that ends here; may be itself
  };

  std::uint32_t Child(std::uint32_t node, std::uint32_t word) const;
  std::uint32_t Step(std::uint32_t node, std::uint32_t word) const;
  std::uint32_t Insert(const std::vector<std::string>& words, std::uint32_t phrase);
  void Link();

  std::deque<std::string> spellings_;  // what the keys of words_ point to
  std::unordered_map<std::string_view, std::uint32_t> words_;
  std::unordered_map<std::uint64_t, std::uint32_t> edges_;  // (node << 32 | word) -> node
  std::vector<Node> nodes_;                                 // 0 is the root
  std::vector<std::uint32_t> told_;
};

}  // namespace cxscribe::redaction
