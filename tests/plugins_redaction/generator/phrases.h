// What is said in the calls, as tables. Phrases are written with capitals and marks; a slot in
// braces is filled by talk.cc: {v} the value itself, {name} an agent's first name, {first} the
// customer's, {city}; others, as {order} or {price}, by distractors.cc.
#pragma once

#include <span>
#include <string_view>

namespace cxscribe::calls {

using Phrases = std::span<const std::string_view>;

// One kind of data that a caller is asked for.
struct Request {
  std::string_view type;   // of the documented entity types
  std::string_view value;  // for MakeValue; mostly the same
  int weight;              // how often, against the others
  bool digits;             // agents repeat it and confirm its end
  Phrases asks;            // the agent
  Phrases tells;           // the customer, unasked
  Phrases reads;           // the agent, off the screen; may be empty
};

std::span<const Request> Requests();

Phrases Greetings();
Phrases Replies();  // the customer's answer, around {v}
Phrases Asides();   // a reply to a request of digits, with a number that is none of it
Phrases Echoes();   // the agent repeats {v}
Phrases LastFourEchoes();
Phrases Acknowledgements();
Phrases Agreements();  // the customer agrees to an echo
Phrases Backchannels();
Phrases Hesitations();  // between the breaths of one speaker
Phrases Corrections();  // after a slip of the tongue

// What two people say to each other in turn; `second` may be empty.
struct Exchange {
  std::string_view first;  // the agent
  std::string_view second;
};

std::span<const Exchange> SmallTalk();
// What is nobody's data.
std::span<const Exchange> Distractors();
std::span<const Exchange> Farewells();

}  // namespace cxscribe::calls
