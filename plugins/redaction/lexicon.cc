#include "plugins/redaction/lexicon.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "plugins/redaction/cues.h"
#include "plugins/redaction/phrases.h"
#include "plugins/redaction/word_table.h"

namespace cxscribe::redaction {
namespace {

using Table = WordTable<Lexeme, 4096>;
using Words = std::initializer_list<std::string_view>;

void AddNumbers(Table* table) {
  const auto count = [table](LexemeKind kind, std::uint8_t first, std::uint8_t step, Words words) {
    std::uint8_t value = first;
    for (const std::string_view word : words) {
      (*table)[word].kind = kind;
      (*table)[word].value = value;
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
  count(LexemeKind::kDigit, 0, 0, {"nought", "naught", "aught", "ought", "nil"});
  count(LexemeKind::kDigit, 9, 0, {"niner"});
  count(LexemeKind::kDigit, 5, 0, {"fife"});
  count(LexemeKind::kTens, 40, 0, {"fourty"});
  count(LexemeKind::kTens, 90, 0, {"ninty"});
  count(LexemeKind::kOh, 0, 0, {"oh", "o"});
  count(LexemeKind::kHundred, 0, 0, {"hundred"});
  count(LexemeKind::kThousand, 0, 0, {"thousand"});
  count(LexemeKind::kMillion, 0, 0, {"million", "billion", "trillion"});
  count(LexemeKind::kRepeat, 2, 1, {"double", "triple", "quadruple"});
  count(LexemeKind::kRepeat, 3, 0, {"treble"});
}

void AddTalk(Table* table) {
  const auto add = [table](LexemeKind kind, Words words) {
    for (const std::string_view word : words) (*table)[word].kind = kind;
  };
  add(LexemeKind::kHesitation, {"uh", "um", "umm", "uhm", "er", "erm", "ah", "eh", "hm", "hmm",
                                "mm", "mmm", "mhm", "mmhmm", "huh", "uhhuh"});
  add(LexemeKind::kFiller,
      {"okay",     "ok",      "yeah",    "yes",       "yep",     "yup",       "right",
       "sure",     "alright", "and",     "then",      "so",      "it's",      "its",
       "is",       "that's",  "perfect", "great",     "correct", "next",      "please",
       "sir",      "ma'am",   "thanks",  "continue",  "good",    "wonderful", "cool",
       "exactly",  "dash",    "hyphen",  "space",     "well",    "like",      "basically",
       "sorry",    "madam",   "gotcha",  "excellent", "fine",    "awesome",   "understood",
       "actually", "it",      "lovely",  "brilliant", "mate",    "aha",       "hyphens",
       "dashes"});
  add(LexemeKind::kUnit,
      {"dollar", "dollars",    "bucks",      "cent",     "cents",    "percent",    "pound",
       "pounds", "pence",      "euro",       "euros",    "rupees",   "minute",     "minutes",
       "hour",   "hours",      "day",        "days",     "week",     "weeks",      "month",
       "months", "year",       "years",      "seconds",  "o'clock",  "am",         "pm",
       "point",  "percentage", "gigabytes",  "gigs",     "gigabyte", "megabytes",  "miles",
       "mile",   "kilometers", "points",     "degrees",  "times",    "people",     "feet",
       "inches", "milligram",  "milligrams", "business", "quid",     "kilometres", "rupee",
       "usd",    "gb",         "mb",         "kb",       "kg",       "lbs",        "ounces",
       "items",  "pieces",     "units",      "boxes",    "orders",   "customers",  "calls",
       "nights", "guests",     "bedrooms",   "calories", "steps",    "users",      "mbps"});
  add(LexemeKind::kCount, {"digit", "digits", "number", "numbers"});
}

void AddHints(Table* table) {
  const auto hint = [table](LexemeHint which, Words words) {
    for (const std::string_view word : words) {
      (*table)[word].hints = static_cast<std::uint8_t>((*table)[word].hints | which);
    }
  };
  const auto count = [table, &hint](LexemeHint which, std::uint8_t first, Words words) {
    hint(which, words);
    for (const std::string_view word : words) (*table)[word].value = first++;
  };
  // What recognisers write for a digit. Each counts only where digits stand around it.
  for (const auto& [word, digit] :
       std::initializer_list<std::pair<std::string_view, int>>{{"won", 1},
                                                               {"to", 2},
                                                               {"too", 2},
                                                               {"tu", 2},
                                                               {"tree", 3},
                                                               {"free", 3},
                                                               {"for", 4},
                                                               {"fore", 4},
                                                               {"fower", 4},
                                                               {"sex", 6},
                                                               {"sicks", 6},
                                                               {"ate", 8},
                                                               {"ait", 8}}) {
    count(kHomophone, static_cast<std::uint8_t>(digit), {word});
  }
  count(
      kPluralDigit, 0,
      {"zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines"});
  count(kPluralDigit, 0, {"zeroes"});
  count(kPluralDigit, 0, {"ohs"});
  hint(kNato, {"alpha",   "alfa",   "bravo",  "charlie", "delta",  "echo",  "foxtrot", "golf",
               "hotel",   "india",  "juliet", "juliett", "kilo",   "lima",  "mike",    "november",
               "oscar",   "papa",   "quebec", "romeo",   "sierra", "tango", "uniform", "victor",
               "whiskey", "whisky", "xray",   "x-ray",   "yankee", "zulu"});
  count(kMonth, 1,
        {"january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december"});
  count(kMonth, 1, {"jan", "feb", "mar", "apr"});
  count(kMonth, 6, {"jun", "jul", "aug", "sep", "oct", "nov", "dec"});
  count(kMonth, 9, {"sept"});
  count(kOrdinal, 1, {"first",     "second",      "third",      "fourth",     "fifth",
                      "sixth",     "seventh",     "eighth",     "ninth",      "tenth",
                      "eleventh",  "twelfth",     "thirteenth", "fourteenth", "fifteenth",
                      "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"});
  count(kOrdinal, 30, {"thirtieth"});
  hint(kHealth,
       {"insurance",  "health",       "healthcare", "medicare",  "medicaid", "medical",    "doctor",
        "doctors",    "clinic",       "hospital",   "dental",    "pharmacy", "patient",    "copay",
        "deductible", "prescription", "nurse",      "physician", "therapy",  "appointment"});
}

void AddSigns(Table* table) {
  for (const auto& [word, sign] :
       std::initializer_list<std::pair<std::string_view, char>>{{"at", '@'},
                                                                {"dot", '.'},
                                                                {"period", '.'},
                                                                {"underscore", '_'},
                                                                {"dash", '-'},
                                                                {"hyphen", '-'},
                                                                {"plus", '+'}}) {
    (*table)[word].sign = sign;
  }
}

Table MakeTable() {
  Table table;
  AddSigns(&table);
  AddNumbers(&table);
  AddTalk(&table);
  AddHints(&table);
  const auto& cues = Cues();
  for (std::size_t i = cues.size(); i-- > 0;) {
    table[cues[i].words[0]].cue = static_cast<std::uint16_t>(i + 1);
  }
  const auto& phrases = Phrases();
  for (std::size_t i = phrases.size(); i-- > 0;) {
    table[phrases[i].words[0]].phrase = static_cast<std::uint16_t>(i + 1);
  }
  return table;
}

}  // namespace

Lexeme LexemeOf(std::string_view word) {
  static const Table* const table = new Table(MakeTable());  // outlives every caller, never freed
  const Lexeme* const known = table->Find(word);
  return known != nullptr ? *known : Lexeme{};
}

}  // namespace cxscribe::redaction
