#include "plugins/punctuation/capitals.h"

#include <unordered_map>
#include <unordered_set>

namespace cxscribe::punctuation {
namespace {

using WordSet = std::unordered_set<std::string_view>;

bool In(const WordSet& set, std::string_view word) { return set.count(word) != 0; }

const WordSet& Names() {
  static const WordSet* const set = new WordSet{
      "monday",        "tuesday",      "wednesday", "thursday",   "friday",       "saturday",
      "sunday",        "mondays",      "tuesdays",  "wednesdays", "thursdays",    "fridays",
      "saturdays",     "sundays",      "january",   "february",   "april",        "june",
      "july",          "august",       "september", "october",    "november",     "december",
      "christmas",     "thanksgiving", "halloween", "english",    "spanish",      "french",
      "german",        "italian",      "chinese",   "japanese",   "mexican",      "american",
      "americans",     "america",      "canada",    "canadian",   "mexico",       "england",
      "britain",       "british",      "ireland",   "irish",      "scotland",     "europe",
      "european",      "india",        "indian",    "china",      "japan",        "germany",
      "france",        "spain",        "italy",     "australia",  "london",       "paris",
      "california",    "texas",        "florida",   "chicago",    "boston",       "seattle",
      "denver",        "houston",      "dallas",    "atlanta",    "philadelphia", "miami",
      "portland",      "washington",   "ohio",      "michigan",   "virginia",     "pennsylvania",
      "massachusetts", "arizona",      "colorado",  "oregon",     "minnesota",    "wisconsin",
      "illinois",      "indiana",      "tennessee", "kentucky",   "louisiana",    "maryland",
      "oklahoma",      "kansas",       "nebraska",  "iowa",       "utah",         "nevada",
      "hawaii",        "alaska",       "google",    "gmail",      "yahoo",        "hotmail",
      "microsoft",     "facebook",     "netflix",   "paypal",     "mastercard",   "walmart",
      "verizon",       "mr",           "mrs"};
  return *set;
}

// Names of two words, neither of which is one alone.
const std::unordered_map<std::string_view, WordSet>& Pairs() {
  static const auto* const pairs = new std::unordered_map<std::string_view, WordSet>{
      {"new", {"york", "jersey", "mexico", "orleans", "hampshire", "zealand"}},
      {"los", {"angeles"}},
      {"las", {"vegas"}},
      {"san", {"francisco", "diego", "jose", "antonio"}},
      {"united", {"states", "kingdom"}},
      {"north", {"carolina", "dakota", "america"}},
      {"south", {"carolina", "dakota", "america", "africa"}},
      {"puerto", {"rico"}},
      {"american", {"express"}},
      {"costa", {"rica"}},
  };
  return *pairs;
}

bool IsOrdinalOrNumber(std::string_view word) {
  static const WordSet* const set =
      new WordSet{"first",      "second",     "third",     "fourth",    "fifth",       "sixth",
                  "seventh",    "eighth",     "ninth",     "tenth",     "eleventh",    "twelfth",
                  "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
                  "nineteenth", "twentieth",  "thirtieth", "thirty",    "twenty",      "one",
                  "two",        "three",      "four",      "five",      "six",         "seven",
                  "eight",      "nine",       "ten",       "eleven",    "twelve",      "thirteen",
                  "fourteen",   "fifteen",    "sixteen",   "seventeen", "eighteen",    "nineteen"};
  return In(*set, word) || (!word.empty() && word[0] >= '0' && word[0] <= '9');
}

std::string_view CoreAt(const std::vector<Word>& words, std::size_t i) {
  return i < words.size() ? std::string_view(words[i].core) : std::string_view();
}

// "march the third", "in march", "the third of may": the month, not the verb.
bool IsMonthHere(const std::vector<Word>& words, std::size_t i) {
  const std::string_view before = i > 0 ? CoreAt(words, i - 1) : std::string_view();
  const std::string_view next = CoreAt(words, i + 1);
  static const WordSet* const kSubjects = new WordSet{"i",    "you",  "he",  "she",  "it",    "we",
                                                      "they", "that", "who", "this", "there", "to"};
  if (In(*kSubjects, before)) return false;
  if (IsOrdinalOrNumber(next)) return true;
  if (next == "the" && IsOrdinalOrNumber(CoreAt(words, i + 2))) return true;
  if (IsOrdinalOrNumber(before) && before != "one" && before != "first") return true;
  static const WordSet* const kBefore = new WordSet{"in",   "of",   "since", "until", "till", "by",
                                                    "last", "next", "early", "late",  "mid"};
  return In(*kBefore, before);
}

// Beside a letter that is being spelt, as in "b o o k s" or "member i d".
bool IsBesideALetter(const std::vector<Word>& words, std::size_t i) {
  const auto letter = [&](std::size_t k) {
    const std::string_view core = CoreAt(words, k);
    return core.size() == 1 && core != "a" && core != "i" && core[0] >= 'a' && core[0] <= 'z';
  };
  return (i > 0 && letter(i - 1)) || letter(i + 1);
}

}  // namespace

bool IsI(std::string_view core) {
  return core == "i" || core == "i'm" || core == "i'll" || core == "i've" || core == "i'd" ||
         core == "i'd've";
}

Capital CapitalOf(const std::vector<Word>& words, std::size_t i) {
  const std::string_view core = words[i].core;
  if (core == "i" && IsBesideALetter(words, i)) return Capital::kNone;
  if (IsI(core)) return Capital::kFirst;
  if (core == "may" || core == "march") {
    return IsMonthHere(words, i) ? Capital::kFirst : Capital::kNone;
  }
  if (core == "usa" || core == "ssn" || core == "atm" || core == "tv" || core == "uk") {
    return Capital::kAll;
  }
  std::string_view name = core;
  if (name.size() > 2 && name.substr(name.size() - 2) == "'s") name.remove_suffix(2);
  if (In(Names(), name)) return Capital::kFirst;
  const auto pair = Pairs().find(core);
  if (pair != Pairs().end() && words[i].marks.empty() && In(pair->second, CoreAt(words, i + 1))) {
    return Capital::kFirst;
  }
  if (i > 0 && words[i - 1].marks.empty()) {
    const auto first = Pairs().find(CoreAt(words, i - 1));
    if (first != Pairs().end() && In(first->second, name)) return Capital::kFirst;
  }
  return Capital::kNone;
}

}  // namespace cxscribe::punctuation
