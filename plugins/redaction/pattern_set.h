// Regular expressions of the operator's (RE2: linear time, no backtracking), looked for together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace cxscribe::redaction {

// Bytes [begin, end), on the boundaries of characters.
struct TextPiece {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct PatternMatch {
  std::size_t pattern = 0;  // in the order of Add
  std::size_t begin = 0;    // bytes
  std::size_t end = 0;
};

// Immutable once ready, then thread-safe.
class PatternSet {
 public:
  // A match is at most this long; what could match more is cut there or not found.
  static constexpr std::size_t kLongestMatch = 512;

  PatternSet();
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  // What is wrong with a pattern; empty when it was added. Refused is what RE2 does not take, what
  // is too large, and what can match without taking a character.
  std::string Add(const std::string& pattern, bool case_sensitive);

  // Call once, after the last Add.
  void Prepare();

  bool Empty() const { return patterns_.empty(); }

  // Appends the matches that lie inside one of the pieces of `text`, which is UTF-8 and is what "^",
  // "$" and "\b" look at. For each piece and pattern: those that do not overlap, from left to right;
  // stops when `out` has `limit`. Linear in the text: a match is looked for in a window of bounded
  // size.
  void Find(std::string_view text, const std::vector<TextPiece>& pieces, std::size_t limit,
            std::vector<PatternMatch>* out) const;

 private:
  struct Together;

  std::vector<std::size_t> MatchingAnywhere(std::string_view text) const;
  void FindIn(std::string_view text, const TextPiece& piece, std::size_t pattern, std::size_t limit,
              std::vector<PatternMatch>* out) const;

  std::vector<std::unique_ptr<const re2::RE2>> patterns_;
  std::vector<bool> case_sensitive_;
  std::unique_ptr<Together> together_;  // which patterns match at all, in one pass
};

}  // namespace cxscribe::redaction
