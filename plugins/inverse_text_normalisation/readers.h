// One reader for each class of what can be written in figures or symbols. A reader looks at the words
// from one word on and says what they would be written as, or nothing where it is not sure.
//
// Readers are pure, never cross a mark but the comma before a year, and look at a bounded number of
// words beyond the run of number words that they start in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/inverse_text_normalisation/words.h"

namespace cxscribe::itn {

enum class Class : std::uint8_t {
  kMoney,
  kDate,
  kTime,
  kMeasure,
  kTelephone,
  kElectronic,
  kDecimal,
  kOrdinal,
  kCardinal,
};
inline constexpr std::string_view kClassNames[] = {"money",   "date",      "time",
                                                   "measure", "telephone", "electronic",
                                                   "decimal", "ordinal",   "cardinal"};
inline constexpr std::size_t kClassCount = std::size(kClassNames);

// The words [begin, end), and what is written for them: never empty, and without white space, so
// that one written word stands for one or more spoken ones.
struct Rewrite {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string written;
};

struct Match {
  std::size_t end = 0;  // one past the last word that was understood, rewritten or not
  std::vector<Rewrite> rewrites;
};

// "twenty three dollars and fifty cents" -> "$23.50".
std::optional<Match> ReadMoney(const Words& words, std::size_t at);
// "the third of july twenty twelve" -> "3 july 2012"; years; "nineteen eighties"; quarters.
std::optional<Match> ReadDate(const Words& words, std::size_t at);
// "five thirty p m" -> "5:30 pm"; "half past five".
std::optional<Match> ReadTime(const Words& words, std::size_t at);
// "five percent" -> "5%"; "two point five miles" -> "2.5 miles".
std::optional<Match> ReadMeasure(const Words& words, std::size_t at);
// Digits that were said one after the other: telephone, card and other numbers; with letters
// among them.
std::optional<Match> ReadTelephone(const Words& words, std::size_t at);
// "two point five" -> "2.5".
std::optional<Match> ReadDecimals(const Words& words, std::size_t at);
// "twenty first" -> "21st". `small`: also those below ten.
std::optional<Match> ReadOrdinal(const Words& words, std::size_t at, bool small);
// "two hundred and four" -> "204"; "five million" -> "5 million". `small`: also those below ten.
std::optional<Match> ReadCardinal(const Words& words, std::size_t at, bool small);

// Mail and web addresses need to look back from their "at" or "dot", so they are found for the text
// as a whole. In order, without overlaps.
struct Address {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<Rewrite> rewrites;  // empty: there is one, but not certainly where; leave it alone
};
std::vector<Address> FindAddresses(const Words& words);

}  // namespace cxscribe::itn
