#include "plugins/redaction/lexicon.h"

#include <string>
#include <unordered_map>

namespace cxscribe::redaction {
namespace {

using Table = std::unordered_map<std::string_view, Lexeme>;

Table MakeTable() {
  Table table;
  const auto add = [&table](LexemeKind kind, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) table[word] = {kind, 0};
  };
  const auto count = [&table](LexemeKind kind, std::uint8_t first, std::uint8_t step,
                              std::initializer_list<std::string_view> words) {
    std::uint8_t value = first;
    for (const std::string_view word : words) {
      table[word] = {kind, value};
      value = static_cast<std::uint8_t>(value + step);
    }
  };
  count(LexemeKind::kDigit, 0, 1,
        {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"});
  count(LexemeKind::kTeen, 10, 1,
        {"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
         "eighteen", "nineteen"});
  count(LexemeKind::kTens, 20, 10,
        {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"});
  table["nought"] = table["naught"] = {LexemeKind::kDigit, 0};
  table["niner"] = {LexemeKind::kDigit, 9};
  table["fourty"] = {LexemeKind::kTens, 40};
  add(LexemeKind::kOh, {"oh", "o"});
  add(LexemeKind::kHundred, {"hundred"});
  add(LexemeKind::kThousand, {"thousand"});
  add(LexemeKind::kMillion, {"million", "billion", "trillion"});
  table["double"] = {LexemeKind::kRepeat, 2};
  table["triple"] = table["treble"] = {LexemeKind::kRepeat, 3};
  table["quadruple"] = {LexemeKind::kRepeat, 4};

  add(LexemeKind::kHesitation, {"uh", "um", "umm", "uhm", "er", "erm", "ah", "eh", "hm", "hmm",
                                "mm", "mmm", "mhm", "mmhmm", "huh", "uhhuh"});
  add(LexemeKind::kFiller,
      {"okay",     "ok",      "yeah",    "yes",        "yep",       "yup",     "right",
       "sure",     "alright", "and",     "then",       "so",        "it's",    "its",
       "is",       "that's",  "perfect", "great",      "correct",   "next",    "please",
       "sir",      "ma'am",   "thanks",  "continue",   "wonderful", "good",    "cool",
       "exactly",  "dash",    "hyphen",  "space",      "well",      "like",    "basically",
       "sorry",    "madam",   "gotcha",  "understood", "excellent", "awesome", "fine",
       "actually", "it"});
  add(LexemeKind::kUnit,
      {"dollar", "dollars",    "bucks",      "cent",    "cents",    "percent",   "pound",
       "pounds", "pence",      "euro",       "euros",   "rupees",   "minute",    "minutes",
       "hour",   "hours",      "day",        "days",    "week",     "weeks",     "month",
       "months", "year",       "years",      "seconds", "o'clock",  "am",        "pm",
       "point",  "percentage", "gigabytes",  "gigs",    "gigabyte", "megabytes", "miles",
       "mile",   "kilometers", "points",     "degrees", "times",    "people",    "feet",
       "inches", "milligram",  "milligrams", "business"});
  add(LexemeKind::kCount, {"digit", "digits", "number", "numbers"});
  return table;
}

}  // namespace

Lexeme LexemeOf(std::string_view lower) {
  static const Table* const table = new Table(MakeTable());  // outlives every caller, never freed
  constexpr std::size_t kLongestKnown = 16;
  if (lower.size() > kLongestKnown) return {};
  auto found = table->find(lower);
  if (found == table->end()) {
    constexpr std::string_view kApostrophe = "\xE2\x80\x99";
    const std::size_t at = lower.find(kApostrophe);
    if (at == std::string_view::npos) return {};
    const std::string plain = std::string(lower.substr(0, at)) + '\'' +
                              std::string(lower.substr(at + kApostrophe.size()));
    found = table->find(plain);
    if (found == table->end()) return {};
  }
  return found->second;
}

}  // namespace cxscribe::redaction
