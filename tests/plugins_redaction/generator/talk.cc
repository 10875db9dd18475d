#include "tests/plugins_redaction/generator/talk.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace cxscribe::calls {
namespace {

constexpr std::string_view kAgent = "agent";
constexpr std::string_view kCustomer = "customer";
constexpr std::string_view kValue = "{v}";
constexpr std::string_view kMarks = ",.?!";

void AddBreath(std::vector<Word>* to, const Breath& breath, int entity = -1) {
  for (const std::string& word : breath) to->push_back({word, "", entity});
}

void Append(std::vector<Word>* to, const std::vector<Word>& words) {
  to->insert(to->end(), words.begin(), words.end());
}

bool IsFigures(const std::string& word) {
  return word.find_first_of("0123456789") != std::string::npos;
}

// The words of `said`, a comma between breaths; none after figures and before the "at" of an e-mail
// address.
std::vector<Word> Joined(const Said& said, int entity) {
  std::vector<Word> words;
  for (const Breath& breath : said) {
    const bool comma = !words.empty() && !IsFigures(words.back().text) && breath[0] != "at";
    if (comma) words.back().after = ",";
    AddBreath(&words, breath, entity);
  }
  return words;
}

Breath Flat(const Said& said) {
  Breath words;
  for (const Breath& breath : said) words.insert(words.end(), breath.begin(), breath.end());
  return words;
}

}  // namespace

int Talk::NewEntity(std::string_view type, Keep keep) {
  script_.entities.push_back({type, keep});
  return static_cast<int>(script_.entities.size()) - 1;
}

Talk::Words Talk::Price() {
  const int whole = dice_.Between(4, 890);
  const int cents = dice_.Between(1, 19) * 5;
  Words words;
  switch (dice_.Between(0, 3)) {
    case 0:
      AddBreath(&words,
                {"$" + std::to_string(whole) + (cents < 10 ? ".0" : ".") + std::to_string(cents)});
      break;
    case 1:
      AddBreath(&words, Count(whole));
      AddBreath(&words, {"dollars"});
      break;
    default:
      AddBreath(&words, Count(whole));
      AddBreath(&words, {"dollars", "and"});
      AddBreath(&words, Pair(cents, false));
      AddBreath(&words, {"cents"});
      break;
  }
  return words;
}

Talk::Words Talk::Time() {
  constexpr int kMinutes[] = {15, 20, 30, 45};
  const int hour = dice_.Between(1, 12);
  const int minutes = dice_.Pick(kMinutes);
  Words words;
  switch (dice_.Between(0, 3)) {
    case 0:
      AddBreath(&words, {std::to_string(hour) + ":" + std::to_string(minutes), "PM"});
      break;
    case 1:
      AddBreath(&words, Pair(hour, false));
      AddBreath(&words, {"o'clock"});
      break;
    case 2:
      AddBreath(&words, Pair(hour, false));
      AddBreath(&words, Pair(minutes, false));
      break;
    default:
      AddBreath(&words, Pair(hour, false));
      AddBreath(&words, {"AM"});
      break;
  }
  return words;
}

Talk::Words Talk::Slot(std::string_view name) {
  Words words;
  if (name == "{name}" || name == "{first}") {
    AddBreath(&words, {MakeName(dice_).first}, NewEntity("PERSON", Keep::kPart));
  } else if (name == "{city}") {
    AddBreath(&words, {MakeCity(dice_)}, NewEntity("ADDRESS", Keep::kPart));
  } else if (name == "{order}" || name == "{ticket}" || name == "{track}") {
    const int length = name == "{track}" ? 12 : dice_.Between(6, 9);
    const std::string figures = dice_.Figures(static_cast<std::size_t>(length));
    AddBreath(&words, Flat(calls::Say(Grouped(figures, name == "{track}" ? 4 : 3), dice_)));
  } else if (name == "{price}") {
    words = Price();
  } else if (name == "{time}") {
    words = Time();
  } else if (name == "{day}") {
    AddBreath(&words, {std::string(MonthName(dice_.Between(1, 12)))});
    AddBreath(&words, Ordinal(dice_.Between(1, 28)));
  } else if (name == "{year}") {
    const int year = dice_.Between(2011, 2025);
    AddBreath(&words, dice_.Chance(50) ? Breath{std::to_string(year)} : Pair(20, false));
    if (words.size() == 1 && words[0].text == "twenty") AddBreath(&words, Pair(year % 100, false));
  } else if (name == "{count}") {
    const int count = dice_.Chance(70) ? dice_.Between(2, 30) : dice_.Between(100, 4000);
    AddBreath(&words, dice_.Chance(30) ? Breath{std::to_string(count)} : Count(count));
  } else if (name == "{percent}") {
    const int percent = dice_.Between(1, 10) * 5;
    if (dice_.Chance(40)) {
      AddBreath(&words, {std::to_string(percent) + "%"});
    } else {
      AddBreath(&words, Pair(percent, false));
      AddBreath(&words, {"percent"});
    }
  } else if (name == "{flight}") {
    AddBreath(&words, {"United"});
    AddBreath(&words, Flat(calls::Say(Number{{dice_.Figures(3)}}, dice_)));
  } else if (name == "{code}" || name == "{model}") {
    std::string code;
    while (code.size() < 3) code += static_cast<char>('A' + dice_.Between(0, 25));
    code += dice_.Figures(name == "{code}" ? 3 : 4);
    AddBreath(&words, Flat(calls::Say(Code{{code}}, dice_)));
  } else {
    std::abort();  // a slot that no table fills: a mistake in phrases.cc
  }
  return words;
}

Talk::Words Talk::Fill(std::string_view phrase, const Words& value) {
  Words words;
  while (!phrase.empty()) {
    std::string_view token = phrase.substr(0, phrase.find(' '));
    phrase.remove_prefix(std::min(token.size() + 1, phrase.size()));
    std::string_view mark;
    if (kMarks.find(token.back()) != std::string_view::npos) {
      mark = token.substr(token.size() - 1);
      token.remove_suffix(1);
    }
    if (token == kValue) {
      Append(&words, value);
    } else if (token.front() == '{') {
      Append(&words, Slot(token));
    } else {
      words.push_back({std::string(token), "", -1});
    }
    if (!mark.empty() && !words.empty()) words.back().after = mark;
  }
  return words;
}

void Talk::Say(std::string_view speaker, std::string_view phrase) {
  script_.lines.push_back({speaker, Fill(phrase, {})});
}

void Talk::Say(std::string_view speaker, std::string_view phrase, const Said& said, int entity) {
  script_.lines.push_back({speaker, Fill(phrase, Joined(said, entity))});
}

void Talk::Greet() {
  Say(kAgent, dice_.Pick(Greetings()));
  if (dice_.Chance(50)) Say(kCustomer, "Hi, I have a question about my account.");
}

void Talk::Have(std::span<const Exchange> exchanges) {
  const Exchange& exchange = dice_.Pick(exchanges);
  Say(kAgent, exchange.first);
  Say(kCustomer, exchange.second);
}

// The breath with its last word wrong, and the speaker taking it back: "four one six no sorry".
void Talk::AddSlip(Breath* breath, Words* out, int entity) {
  constexpr std::string_view kWrong[] = {"two", "three", "five", "six", "nine"};
  Breath wrong = *breath;
  while (wrong.back() == breath->back()) wrong.back() = dice_.Pick(kWrong);
  AddBreath(out, wrong, entity);
  Append(out, Fill(dice_.Pick(Corrections()), {}));
}

void Talk::Deliver(const Request& request, std::string_view phrase, const Said& said) {
  const int entity = NewEntity(request.type, Keep::kWhole);
  const int way = dice_.Between(0, 99);
  if (said.size() == 1 || way < 50) {
    Words value = Joined(said, entity);
    if (request.digits && said.size() > 1 && !IsFigures(said[0][0]) && dice_.Chance(8)) {
      Words slipped;
      Breath first = said[0];
      AddSlip(&first, &slipped, entity);
      Append(&slipped, value);
      value = std::move(slipped);
    }
    script_.lines.push_back({kCustomer, Fill(phrase, value)});
    return;
  }
  if (way < 62) {
    Words value;
    for (const Breath& breath : said) {
      if (!value.empty()) Append(&value, Fill(dice_.Pick(Hesitations()), {}));
      AddBreath(&value, breath, entity);
    }
    script_.lines.push_back({kCustomer, Fill(phrase, value)});
    return;
  }
  // Over several segments: the phrase up to the value, its breaths, the rest of the phrase.
  const std::size_t slot = phrase.find(kValue);
  const bool backchannels = way >= 74;
  const bool repeats = way >= 88 && request.digits;
  const int echo = repeats ? NewEntity(request.type, Keep::kWhole) : -1;
  constexpr std::size_t kMostSegments = 4;
  Words line = Fill(phrase.substr(0, slot), {});
  std::size_t segments = 0;
  for (std::size_t i = 0; i < said.size();) {
    Said part = {said[i++]};
    while (i < said.size() && (segments + 1 == kMostSegments || dice_.Chance(25))) {
      part.push_back(said[i++]);
    }
    Append(&line, Joined(part, entity));
    const bool last = i == said.size();
    if (last) {
      const std::string_view rest = phrase.substr(slot + kValue.size());
      if (rest.size() > 1) Append(&line, Fill(rest.substr(rest.find_first_not_of(", ")), {}));
      line.back().after = ".";
    } else if (!IsFigures(line.back().text)) {
      line.back().after = ",";
    }
    script_.lines.push_back({kCustomer, std::move(line)});
    line.clear();
    ++segments;
    if (last) break;
    if (repeats) {
      Say(kAgent, dice_.Chance(50) ? kValue : "Okay, {v}.", part, echo);
    } else if (backchannels) {
      Say(kAgent, dice_.Pick(Backchannels()));
    }
  }
}

// "I have 4111 so far, and the rest?": both halves are parts of what is gold already.
void Talk::AskForTheRest(const Request& request, const Said& said) {
  const auto middle = said.begin() + static_cast<std::ptrdiff_t>(said.size() / 2);
  Say(kAgent, "Sorry, I have {v} so far, and the rest?", Said(said.begin(), middle),
      NewEntity(request.type, Keep::kPart));
  Say(kCustomer, kValue, Said(middle, said.end()), NewEntity(request.type, Keep::kPart));
}

void Talk::Confirm(const Request& request, const Value& value, const Said& said) {
  const int way = dice_.Between(0, 99);
  const Number* number = std::get_if<Number>(&value);
  if (way < 22) {
    const Said again = calls::Say(value, dice_);
    Say(kAgent, dice_.Pick(Echoes()), again, NewEntity(request.type, Keep::kWhole));
    if (dice_.Chance(60)) Say(kCustomer, dice_.Pick(Agreements()));
  } else if (way < 32 && request.digits && number != nullptr) {
    std::string digits;
    for (const std::string& group : number->groups) digits += group;
    const Said last_four = calls::Say(Number{{digits.substr(digits.size() - 4)}}, dice_);
    Say(kAgent, dice_.Pick(LastFourEchoes()), last_four, NewEntity(request.type, Keep::kPart));
    if (dice_.Chance(60)) Say(kCustomer, dice_.Pick(Agreements()));
  } else if (way < 36 && request.digits && said.size() > 1) {
    AskForTheRest(request, said);
  } else if (way < 85) {
    Say(kAgent, dice_.Pick(Acknowledgements()));
  }
}

void Talk::Give(const Request& request) {
  const Value value = MakeValue(request.value, dice_);
  const Said said = calls::Say(value, dice_);
  if (!request.reads.empty() && dice_.Chance(12)) {
    Say(kAgent, dice_.Pick(request.reads), said, NewEntity(request.type, Keep::kWhole));
    Say(kCustomer, dice_.Pick(Agreements()));
    return;
  }
  if (dice_.Chance(75)) {
    Say(kAgent, dice_.Pick(request.asks));
    const bool aside = request.digits && dice_.Chance(15);
    Deliver(request, dice_.Pick(aside ? Asides() : Replies()), said);
  } else {
    Deliver(request, dice_.Pick(request.tells), said);
  }
  Confirm(request, value, said);
}

}  // namespace cxscribe::calls
