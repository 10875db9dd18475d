#include "tests/plugins_redaction/generator/speech.h"

#include <algorithm>

namespace cxscribe::calls {
namespace {

constexpr std::string_view kDigitWords[] = {"zero", "one", "two",   "three", "four",
                                            "five", "six", "seven", "eight", "nine"};
constexpr std::string_view kTeens[] = {"ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                       "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::string_view kTens[] = {"",      "",      "twenty",  "thirty", "forty",
                                      "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::string_view kOrdinals[] = {
    "",           "first",     "second",    "third",       "fourth",     "fifth",     "sixth",
    "seventh",    "eighth",    "ninth",     "tenth",       "eleventh",   "twelfth",   "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"};
constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
constexpr std::string_view kNatoWords[] = {
    "alpha",  "bravo", "charlie", "delta",  "echo",     "foxtrot", "golf",   "hotel",  "india",
    "juliet", "kilo",  "lima",    "mike",   "november", "oscar",   "papa",   "quebec", "romeo",
    "sierra", "tango", "uniform", "victor", "whiskey",  "x-ray",   "yankee", "zulu"};
constexpr std::string_view kAsInWords[] = {
    "apple", "boy",  "cat",   "dog",    "edward",  "frank", "george", "henry", "ice",
    "john",  "king", "larry", "mary",   "nancy",   "ocean", "peter",  "queen", "robert",
    "sam",   "tom",  "uncle", "victor", "william", "x-ray", "yellow", "zebra"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void Append(Breath* to, const Breath& words) { to->insert(to->end(), words.begin(), words.end()); }

std::string TwoFigures(int value) {
  std::string text = std::to_string(value);
  return text.size() < 2 ? "0" + text : text;
}

std::string Joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

Breath Doubles(std::string_view figures, std::string_view zero) {
  Breath words;
  for (std::size_t i = 0; i < figures.size();) {
    std::size_t end = figures.find_first_not_of(figures[i], i);
    if (end == std::string_view::npos) end = figures.size();
    const std::size_t run = std::min<std::size_t>(end - i, 3);
    if (run == 2) words.emplace_back("double");
    if (run == 3) words.emplace_back("triple");
    Append(&words, Digits(figures.substr(i, 1), zero));
    i += run;
  }
  return words;
}

// "forty one eleven", "two twelve". A last pair like "20" would swallow the digit after it, so that
// group is spelt.
Breath Pairs(std::string_view figures, std::string_view zero) {
  const bool open =
      figures.size() > 1 && figures.back() == '0' && figures[figures.size() - 2] > '1';
  if (open) return Digits(figures, zero);
  Breath words;
  std::size_t i = figures.size() % 2;
  Append(&words, Digits(figures.substr(0, i), zero));
  for (; i < figures.size(); i += 2) {
    const int value = (figures[i] - '0') * 10 + (figures[i + 1] - '0');
    if (value == 0) {
      words.emplace_back("double");
      words.emplace_back(zero);
    } else {
      Append(&words, Pair(value, true));
    }
  }
  return words;
}

// "eight hundred", "nineteen hundred", "four thousand"; other groups in pairs.
Breath Hundreds(std::string_view figures, std::string_view zero) {
  const bool round = figures.size() >= 3 && figures.size() <= 4 && figures[0] != '0' &&
                     figures.substr(figures.size() - 2) == "00";
  if (!round) return Pairs(figures, zero);
  if (figures.substr(1) == "000") return {std::string(kDigitWords[figures[0] - '0']), "thousand"};
  Breath words = Pair(std::stoi(std::string(figures)) / 100, false);
  words.emplace_back("hundred");
  return words;
}

Said Written(const Number& number, Dice& dice) {
  const std::string plus = number.plus ? "+" : "";
  if (number.phone && dice.Chance(30)) {
    return {{"(" + number.groups[0] + ")", number.groups[1] + "-" + number.groups[2]}};
  }
  switch (dice.Between(0, 2)) {
    case 0:
      return {{plus + Joined(number.groups, "")}};
    case 1:
      return {{plus + Joined(number.groups, "-")}};
    default:
      break;
  }
  Said said;
  for (const std::string& group : number.groups) said.push_back({group});
  said[0][0].insert(0, plus);
  return said;
}

Said SayIt(const Number& number, Dice& dice) {
  const int form = dice.Between(0, 99);
  if (form < 26) return Written(number, dice);
  const std::string_view zero = dice.Chance(55) ? "oh" : "zero";
  Said said;
  for (const std::string& group : number.groups) {
    said.push_back(form < 66   ? Digits(group, zero)
                   : form < 78 ? Doubles(group, zero)
                   : form < 90 ? Pairs(group, zero)
                               : Hundreds(group, zero));
  }
  if (number.plus) said[0].insert(said[0].begin(), "plus");
  return said;
}

enum class Letters { kSpelt, kNato, kAsIn };

Breath SpellCode(std::string_view code, Letters letters, std::string_view zero) {
  Breath words;
  for (const char c : code) {
    if (IsDigit(c)) {
      Append(&words, Digits(std::string_view(&c, 1), zero));
      continue;
    }
    const char upper = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto index = static_cast<std::size_t>(upper - 'A');
    if (letters == Letters::kNato) {
      words.emplace_back(kNatoWords[index]);
      continue;
    }
    words.emplace_back(1, upper);
    if (letters == Letters::kAsIn) {
      words.emplace_back("as");
      words.emplace_back("in");
      words.emplace_back(kAsInWords[index]);
    }
  }
  return words;
}

Said SayIt(const Code& code, Dice& dice) {
  const int form = dice.Between(0, 99);
  if (form < 15) return {{Joined(code.groups, "")}};
  Said said;
  if (form < 35) {
    for (const std::string& group : code.groups) said.push_back({group});
    return said;
  }
  const Letters letters = form < 75 ? Letters::kSpelt : form < 90 ? Letters::kNato : Letters::kAsIn;
  const std::string_view zero = dice.Chance(40) ? "oh" : "zero";
  for (const std::string& group : code.groups) said.push_back(SpellCode(group, letters, zero));
  return said;
}

Said SayIt(const Name& name, Dice& dice) {
  Said said = {{name.first, name.last}};
  bool plain = true;
  for (const char c : name.last) plain = plain && ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  if (plain && dice.Chance(8)) said.push_back(SpellCode(name.last, Letters::kSpelt, "zero"));
  return said;
}

Breath YearWords(int year, Dice& dice) {
  if (dice.Chance(20)) return {std::to_string(year)};
  if (year >= 2000 && year < 2010) {
    Breath words = {"two", "thousand"};
    if (dice.Chance(50)) words.emplace_back("and");
    if (year > 2000) Append(&words, Pair(year % 100, false));
    return year > 2000 ? words : Breath{"two", "thousand"};
  }
  Breath words = Pair(year / 100, false);
  Append(&words, Pair(year % 100, true));
  return words;
}

Said SayIt(const Date& date, Dice& dice) {
  const std::string month(MonthName(date.month));
  Breath words;
  switch (dice.Between(0, 6)) {
    case 0:  // "March third nineteen eighty five"
    case 1:
      words = {month};
      Append(&words, Ordinal(date.day));
      Append(&words, YearWords(date.year, dice));
      return {words};
    case 2:  // "the third of March nineteen eighty five"
      words = {"the"};
      Append(&words, Ordinal(date.day));
      Append(&words, {"of", month});
      Append(&words, YearWords(date.year, dice));
      return {words};
    case 3:  // "March three nineteen eighty five"
      words = {month};
      Append(&words, Pair(date.day, false));
      Append(&words, YearWords(date.year, dice));
      return {words};
    case 4:  // "oh three fourteen eighty five", "three fourteen nineteen eighty five"
      words = Pair(date.month, dice.Chance(50));
      Append(&words, Pair(date.day, true));
      if (dice.Chance(50)) {
        Append(&words, Pair(date.year % 100, true));
      } else {
        Append(&words, Pair(date.year / 100, false));
        Append(&words, Pair(date.year % 100, true));
      }
      return {words};
    case 5:
      return {
          {TwoFigures(date.month) + "/" + TwoFigures(date.day) + "/" + std::to_string(date.year)}};
    default:
      return {{month, std::to_string(date.day), std::to_string(date.year)}};
  }
}

Said SayIt(const Expiry& expiry, Dice& dice) {
  const std::string year = std::to_string(expiry.year);
  Breath words;
  switch (dice.Between(0, 3)) {
    case 0:
      return {{TwoFigures(expiry.month) + "/" + year.substr(2)}};
    case 1:  // "oh four twenty seven"
      words = Pair(expiry.month, true);
      Append(&words, Pair(expiry.year % 100, true));
      return {words};
    case 2:  // "four twenty twenty seven"
      words = Pair(expiry.month, false);
      Append(&words, Pair(20, false));
      Append(&words, Pair(expiry.year % 100, false));
      return {words};
    default:  // "April twenty twenty seven"
      words = {std::string(MonthName(expiry.month))};
      Append(&words, Pair(20, false));
      Append(&words, Pair(expiry.year % 100, false));
      return {words};
  }
}

std::string_view SymbolWord(char symbol) {
  switch (symbol) {
    case '.':
      return "dot";
    case '_':
      return "underscore";
    case '-':
      return "dash";
    case '#':
      return "hashtag";
    case '$':
      return "dollar";
    default:
      return "exclamation";
  }
}

void SayWord(const std::string& word, bool spelt, Breath* out) {
  if (spelt) {
    Append(out, SpellCode(word, Letters::kSpelt, "zero"));
  } else {
    out->push_back(word);
  }
}

Said SayIt(const Email& email, Dice& dice) {
  if (dice.Chance(28)) {
    return {{email.first + email.joiner + email.last + email.figures + "@" + email.domain}};
  }
  const bool spelt = dice.Chance(15);
  Breath local;
  SayWord(email.first, spelt, &local);
  if (!email.joiner.empty()) local.emplace_back(SymbolWord(email.joiner[0]));
  if (!email.last.empty()) SayWord(email.last, spelt, &local);
  const bool pairs = dice.Chance(50);
  if (!email.figures.empty()) {
    Append(&local, pairs ? Pairs(email.figures, "oh") : Digits(email.figures, "zero"));
  }
  Breath domain = {"at"};
  std::string label;
  for (const char c : email.domain + ".") {
    if (c != '.') {
      label += c;
      continue;
    }
    if (domain.size() > 1) domain.emplace_back("dot");
    // "co dot u k", as it is heard.
    if (label == "uk" || label == "edu") {
      Append(&domain, SpellCode(label, Letters::kSpelt, "zero"));
    } else {
      domain.push_back(label);
    }
    label.clear();
  }
  return {local, domain};
}

Said SayIt(const Street& street, Dice& dice) {
  Breath words;
  const bool figures = dice.Chance(40);
  if (figures) {
    words = {std::to_string(street.house)};
  } else if (street.house < 100) {
    words = Pair(street.house, false);
  } else {
    words = Pairs(std::to_string(street.house), "oh");
  }
  std::string word;
  for (const char c : street.name + " ") {
    if (c != ' ') {
      word += c;
      continue;
    }
    words.push_back(word);
    word.clear();
  }
  if (street.apartment > 0) {
    words.emplace_back("apartment");
    Append(&words,
           figures ? Breath{std::to_string(street.apartment)} : Pair(street.apartment, false));
  }
  return {words};
}

Said SayIt(const NetworkAddress& address, Dice& dice) {
  if (dice.Chance(50)) {
    std::vector<std::string> parts;
    for (const int octet : address.octets) parts.push_back(std::to_string(octet));
    return {{Joined(parts, ".")}};
  }
  const bool digits = dice.Chance(50);
  Breath words;
  for (const int octet : address.octets) {
    if (!words.empty()) words.emplace_back("dot");
    const std::string figures = std::to_string(octet);
    Append(&words, digits ? Digits(figures, "zero") : Pairs(figures, "oh"));
  }
  return {words};
}

Said SayIt(const UserName& user, Dice& dice) {
  if (dice.Chance(40)) return {{user.word + user.figures}};
  Breath words;
  SayWord(user.word, dice.Chance(50), &words);
  Append(&words, Pairs(user.figures, "oh"));
  return {words};
}

Said SayIt(const Password& password, Dice& dice) {
  if (dice.Chance(40)) return {{password.word + password.figures + password.symbol}};
  Breath words = {password.word};
  Append(&words, Pairs(password.figures, "oh"));
  words.emplace_back(SymbolWord(password.symbol));
  words.emplace_back(password.symbol == '!' ? "point" : "sign");
  return {words};
}

}  // namespace

Said Say(const Value& value, Dice& dice) {
  return std::visit([&dice](const auto& v) { return SayIt(v, dice); }, value);
}

Breath Count(int value) {
  Breath words;
  if (value >= 1000) {
    Append(&words, Pair(value / 1000, false));
    words.emplace_back("thousand");
    value %= 1000;
  }
  if (value >= 100) {
    words.emplace_back(kDigitWords[value / 100]);
    words.emplace_back("hundred");
    value %= 100;
  }
  if (value > 0 || words.empty()) Append(&words, Pair(value, false));
  return words;
}

Breath Pair(int value, bool padded) {
  if (value < 10) {
    Breath words;
    if (padded) words.emplace_back("oh");
    words.emplace_back(kDigitWords[value]);
    return words;
  }
  if (value < 20) return {std::string(kTeens[value - 10])};
  Breath words = {std::string(kTens[value / 10])};
  if (value % 10 > 0) words.emplace_back(kDigitWords[value % 10]);
  return words;
}

Breath Digits(std::string_view figures, std::string_view zero) {
  Breath words;
  for (const char c : figures) words.emplace_back(c == '0' ? zero : kDigitWords[c - '0']);
  return words;
}

std::string_view MonthName(int month) { return kMonths[month - 1]; }

Breath Ordinal(int day) {
  if (day < 20) return {std::string(kOrdinals[day])};
  if (day % 10 == 0) return {day == 20 ? "twentieth" : "thirtieth"};
  return {std::string(kTens[day / 10]), std::string(kOrdinals[day % 10])};
}

}  // namespace cxscribe::calls
