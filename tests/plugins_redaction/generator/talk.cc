#include "tests/plugins_redaction/generator/talk.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <variant>

#include "tests/plugins_redaction/generator/distractors.h"
#include "tests/plugins_redaction/generator/values.h"

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

}  // namespace

int Talk::NewEntity(std::string_view type, Keep keep) {
  script_.entities.push_back({type, keep});
  return static_cast<int>(script_.entities.size()) - 1;
}

Talk::Words Talk::Slot(std::string_view name) {
  Words words;
  if (name == "{name}" || name == "{first}") {
    AddBreath(&words, {MakeName(dice_).first}, NewEntity("PERSON", Keep::kPart));
  } else if (name == "{city}") {
    AddBreath(&words, {MakeCity(dice_)}, NewEntity("ADDRESS", Keep::kPart));
  } else {
    AddBreath(&words, SayDistractor(name, dice_));
  }
  if (words.empty()) std::abort();  // a slot that nothing fills: a mistake in a table
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
void Talk::AddSlip(const Breath& breath, int entity, Words* out) {
  constexpr std::string_view kWrong[] = {"two", "three", "five", "six", "nine"};
  Breath wrong = breath;
  while (wrong.back() == breath.back()) wrong.back() = dice_.Pick(kWrong);
  AddBreath(out, wrong, entity);
  Append(out, Fill(dice_.Pick(Corrections()), {}));
}

void Talk::SayInOneBreath(const Request& request, std::string_view phrase, const Said& said,
                          int entity) {
  Words value;
  const bool spoken = said.size() > 1 && !IsFigures(said[0][0]);
  if (request.digits && spoken && dice_.Chance(8)) AddSlip(said[0], entity, &value);
  Append(&value, Joined(said, entity));
  script_.lines.push_back({kCustomer, Fill(phrase, value)});
}

void Talk::SayWithPauses(std::string_view phrase, const Said& said, int entity) {
  Words value;
  for (const Breath& breath : said) {
    if (!value.empty()) Append(&value, Fill(dice_.Pick(Hesitations()), {}));
    AddBreath(&value, breath, entity);
  }
  script_.lines.push_back({kCustomer, Fill(phrase, value)});
}

// The phrase up to the value, the parts of the value each in a segment of its own, and the rest of
// the phrase. `interrupt` is what the agent does after each part but the last.
void Talk::SayOverSegments(std::string_view phrase, const Said& said, int entity,
                           const std::function<void(const Said&)>& interrupt) {
  constexpr std::size_t kMostSegments = 4;
  const std::size_t slot = phrase.find(kValue);
  Words line = Fill(phrase.substr(0, slot), {});
  std::size_t next = 0;
  for (std::size_t segment = 1; next < said.size(); ++segment) {
    Said part = {said[next++]};
    while (next < said.size() && (segment == kMostSegments || dice_.Chance(25))) {
      part.push_back(said[next++]);
    }
    Append(&line, Joined(part, entity));
    if (next < said.size()) {
      if (!IsFigures(line.back().text)) line.back().after = ",";
      script_.lines.push_back({kCustomer, std::exchange(line, {})});
      interrupt(part);
    }
  }
  const std::string_view rest = phrase.substr(slot + kValue.size());
  if (rest.size() > 1) Append(&line, Fill(rest.substr(rest.find_first_not_of(", ")), {}));
  line.back().after = ".";
  script_.lines.push_back({kCustomer, std::move(line)});
}

void Talk::Deliver(const Request& request, std::string_view phrase, const Said& said) {
  const int entity = NewEntity(request.type, Keep::kWhole);
  const int way = dice_.Between(0, 99);
  if (said.size() == 1 || way < 50) {
    SayInOneBreath(request, phrase, said, entity);
  } else if (way < 62) {
    SayWithPauses(phrase, said, entity);
  } else if (way < 74) {
    SayOverSegments(phrase, said, entity, [](const Said&) {});
  } else if (way < 88 || !request.digits) {
    SayOverSegments(phrase, said, entity,
                    [this](const Said&) { Say(kAgent, dice_.Pick(Backchannels())); });
  } else {
    const int echo = NewEntity(request.type, Keep::kWhole);
    SayOverSegments(phrase, said, entity, [this, echo](const Said& part) {
      Say(kAgent, dice_.Chance(50) ? kValue : "Okay, {v}.", part, echo);
    });
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
