#include "tests/plugins_redaction/generator/distractors.h"

#include <string>

#include "tests/plugins_redaction/generator/values.h"

namespace cxscribe::calls {
namespace {

void Append(Breath* to, const Breath& words) { to->insert(to->end(), words.begin(), words.end()); }

Breath Flat(const Said& said) {
  Breath words;
  for (const Breath& breath : said) Append(&words, breath);
  return words;
}

Breath Reference(Dice& dice) {
  const auto length = static_cast<std::size_t>(dice.Between(6, 9));
  const std::string figures = dice.Figures(length);
  return Flat(Say(Grouped(figures, 3), dice));
}

Breath TrackingNumber(Dice& dice) {
  const std::string figures = dice.Figures(12);
  return Flat(Say(Grouped(figures, 4), dice));
}

Breath Price(Dice& dice) {
  const int whole = dice.Between(4, 890);
  const int cents = dice.Between(1, 19) * 5;
  Breath words;
  switch (dice.Between(0, 3)) {
    case 0:
      return {"$" + std::to_string(whole) + (cents < 10 ? ".0" : ".") + std::to_string(cents)};
    case 1:
      words = Count(whole);
      Append(&words, {"dollars"});
      return words;
    default:
      words = Count(whole);
      Append(&words, {"dollars", "and"});
      Append(&words, Pair(cents, false));
      Append(&words, {"cents"});
      return words;
  }
}

Breath Time(Dice& dice) {
  constexpr int kMinutes[] = {15, 20, 30, 45};
  const int hour = dice.Between(1, 12);
  const int minutes = dice.Pick(kMinutes);
  Breath words = Pair(hour, false);
  switch (dice.Between(0, 3)) {
    case 0:
      return {std::to_string(hour) + ":" + std::to_string(minutes), "PM"};
    case 1:
      Append(&words, {"o'clock"});
      return words;
    case 2:
      Append(&words, Pair(minutes, false));
      return words;
    default:
      Append(&words, {"AM"});
      return words;
  }
}

Breath Day(Dice& dice) {
  Breath words = {std::string(MonthName(dice.Between(1, 12)))};
  Append(&words, Ordinal(dice.Between(1, 28)));
  return words;
}

Breath Year(Dice& dice) {
  const int year = dice.Between(2011, 2025);
  if (dice.Chance(50)) return {std::to_string(year)};
  Breath words = Pair(year / 100, false);
  Append(&words, Pair(year % 100, false));
  return words;
}

Breath Amount(Dice& dice) {
  const int count = dice.Chance(70) ? dice.Between(2, 30) : dice.Between(100, 4000);
  return dice.Chance(30) ? Breath{std::to_string(count)} : Count(count);
}

Breath Percent(Dice& dice) {
  const int percent = dice.Between(1, 10) * 5;
  if (dice.Chance(40)) return {std::to_string(percent) + "%"};
  Breath words = Pair(percent, false);
  Append(&words, {"percent"});
  return words;
}

Breath Flight(Dice& dice) {
  Breath words = {"United"};
  const std::string figures = dice.Figures(3);
  Append(&words, Flat(Say(Number{{figures}}, dice)));
  return words;
}

// Three letters, then figures.
Breath LettersAndFigures(std::size_t figures, Dice& dice) {
  std::string code;
  while (code.size() < 3) code += static_cast<char>('A' + dice.Between(0, 25));
  code += dice.Figures(figures);
  return Flat(Say(Code{{code}}, dice));
}

Breath Confirmation(Dice& dice) { return LettersAndFigures(3, dice); }
Breath Model(Dice& dice) { return LettersAndFigures(4, dice); }

Breath Mask(Dice& dice) {
  constexpr std::string_view kMasks[] = {"[PII]",     "[CREDIT_CARD]", "[REDACTED]",
                                         "<PERSON>",  "####",          "[NAME_1]",
                                         "{{phone}}", "*****",         "[EMAIL]"};
  return {std::string(dice.Pick(kMasks))};
}

struct Distractor {
  std::string_view slot;
  Breath (*say)(Dice&);
};

constexpr Distractor kDistractors[] = {
    {"{order}", Reference}, {"{ticket}", Reference},  {"{track}", TrackingNumber},
    {"{price}", Price},     {"{time}", Time},         {"{day}", Day},
    {"{year}", Year},       {"{count}", Amount},      {"{percent}", Percent},
    {"{flight}", Flight},   {"{code}", Confirmation}, {"{model}", Model},
    {"{mask}", Mask}};

}  // namespace

Breath SayDistractor(std::string_view slot, Dice& dice) {
  for (const Distractor& distractor : kDistractors) {
    if (distractor.slot == slot) return distractor.say(dice);
  }
  return {};
}

}  // namespace cxscribe::calls
