// The classes that the model tells apart, with how they are written.
#pragma once

#include <cstdint>

namespace cxscribe::punctuation {

// What stands after a word.
enum class Mark : std::uint8_t { kNone = 0, kComma = 1, kPeriod = 2, kQuestion = 3 };
// How a word is written: "call", "Denver", "NFL", "McDonald's".
enum class Case : std::uint8_t { kLower = 0, kFirst = 1, kUpper = 2, kMixed = 3 };

inline constexpr bool EndsSentence(Mark mark) {
  return mark == Mark::kPeriod || mark == Mark::kQuestion;
}

inline constexpr int kMarks = 4;
inline constexpr int kCases = 4;

}  // namespace cxscribe::punctuation
