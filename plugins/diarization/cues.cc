#include "plugins/diarization/cues.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace cxscribe::diarization {
namespace {

struct Phrase {
  std::string_view words;  // separated by single spaces
  int agent;
  int customer;
};

// Weight 4: hardly ever said by the other side. 2: mostly not. 1: leans that way.
constexpr Phrase kPhrases[] = {
    {"thank you for calling", 4, 0},
    {"thanks for calling", 4, 0},
    {"thank you for holding", 4, 0},
    {"thanks for holding", 4, 0},
    {"how can i help", 4, 0},
    {"how may i help", 4, 0},
    {"how can i assist", 4, 0},
    {"how may i assist", 4, 0},
    {"can i help you", 4, 0},
    {"may i help you", 4, 0},
    {"i can help you", 4, 0},
    {"you're through to", 4, 0},
    {"you're speaking with", 4, 0},
    {"you're speaking to", 4, 0},
    {"this call is recorded", 4, 0},
    {"this call may be", 4, 0},
    {"is there anything else", 4, 0},
    {"anything else i can", 4, 0},
    {"may i have your", 4, 0},
    {"can i have your", 3, 0},
    {"could i have your", 3, 0},
    {"can i get your", 3, 0},
    {"can i take your", 3, 0},
    {"could i take your", 3, 0},
    {"could i get your", 3, 0},
    {"am i speaking with", 3, 0},
    {"who am i speaking", 3, 0},
    {"can you confirm", 2, 0},
    {"could you confirm", 2, 0},
    {"can you verify", 3, 0},
    {"could you verify", 3, 0},
    {"please confirm", 2, 0},
    {"i need to verify", 3, 0},
    {"what's your", 2, 0},
    {"what is your", 2, 0},
    {"your account number", 2, 0},
    {"your customer number", 2, 0},
    {"your telephone number", 2, 0},
    {"your phone number", 2, 0},
    {"your postcode", 2, 0},
    {"your date of birth", 3, 0},
    {"spell your", 2, 0},
    {"what number are you", 3, 0},
    {"which number are you", 3, 0},
    {"the number you're calling", 3, 0},
    {"bear with me", 2, 0},
    {"bear with us", 2, 0},
    {"let me pull", 2, 0},
    {"let me check", 2, 0},
    {"let me bring", 2, 0},
    {"let me look", 1, 0},
    {"let me have a look", 2, 0},
    {"i'll just check", 2, 0},
    {"i'll transfer you", 4, 0},
    {"i'll put you through", 4, 0},
    {"put you through", 3, 0},
    {"transfer you", 3, 0},
    {"for your patience", 3, 0},
    {"i apologize", 2, 0},
    {"i do apologise", 3, 0},
    {"i do apologize", 3, 0},
    {"have a great day", 2, 0},
    {"calling from", 1, 0},
    {"on our system", 2, 0},
    {"our records", 2, 0},
    {"for security", 2, 0},
    {"on your account", 2, 0},
    {"your account", 1, 0},
    {"your bill", 1, 0},
    {"your order", 1, 0},
    {"for you", 1, 0},
    {"would you like me to", 3, 0},
    {"do you have the", 1, 0},
    {"have you got the", 1, 0},
    {"thank you for that", 1, 0},
    {"are you calling about", 3, 0},
    {"are you calling from", 3, 0},
    {"you're verified", 4, 0},
    {"i'll verify", 3, 0},
    {"get the policy number", 3, 0},
    {"give me the number", 2, 0},
    {"give me your", 3, 0},
    {"what's the address", 2, 0},
    {"what's the name", 2, 0},
    {"have you got a bill", 2, 0},
    {"certainly", 1, 0},
    {"what i'll do", 2, 0},
    {"what i can do", 2, 0},
    {"i can see here", 2, 0},
    {"no problem at all", 1, 0},

    {"i'm calling about", 0, 3},
    {"i'm calling because", 0, 3},
    {"i'm phoning", 0, 2},
    {"i'm ringing", 0, 2},
    {"i'm just ringing", 0, 3},
    {"i was wondering", 0, 3},
    {"i wonder if", 0, 3},
    {"wondered if", 0, 2},
    {"wonder if you", 0, 3},
    {"i'd like to", 0, 2},
    {"i would like to", 0, 2},
    {"i wanted to", 0, 1},
    {"i want to", 0, 2},
    {"i wanna", 0, 2},
    {"i need to", 0, 1},
    {"i got a letter", 0, 3},
    {"i got a bill", 0, 3},
    {"i've had a letter", 0, 3},
    {"i've had a bill", 0, 3},
    {"i received", 0, 1},
    {"i've received", 0, 2},
    {"i've been trying", 0, 3},
    {"i've been on hold", 0, 3},
    {"i have a question", 0, 2},
    {"i have a problem", 0, 2},
    {"i've got a problem", 0, 2},
    {"could you tell me", 0, 2},
    {"can you tell me", 0, 2},
    {"can you help me", 0, 3},
    {"could you help me", 0, 3},
    {"could you put me", 0, 4},
    {"can you put me", 0, 4},
    {"can i speak to", 0, 3},
    {"could i speak to", 0, 3},
    {"thanks for your help", 0, 3},
    {"thank you for your help", 0, 3},
    {"you've been very helpful", 0, 3},
    {"you've been super helpful", 0, 3},
    {"my account", 0, 1},
    {"my bill", 0, 2},
    {"my card", 0, 2},
    {"my phone", 0, 2},
    {"my telephone", 0, 2},
    {"my line", 0, 2},
    {"my order", 0, 2},
    {"my flight", 0, 2},
    {"my number", 0, 1},
    {"my husband", 0, 2},
    {"my wife", 0, 2},
    {"my mother", 0, 1},
    {"my insurance", 0, 2},
    {"my password", 0, 2},
    {"i ordered", 0, 2},
    {"do i have to", 0, 2},
    {"i rang", 0, 2},
    {"i'd like a", 0, 2},
    {"i'd like another", 0, 2},
    {"i'm trying to", 0, 2},
    {"i want the", 0, 2},
    {"just wondering", 0, 2},
    {"was just phoning", 0, 3},
    {"was just calling", 0, 3},
    {"could you send", 0, 2},
    {"can i ask you", 0, 1},
    {"my son", 0, 1},
    {"my daughter", 0, 1},
    {"my house", 0, 1},
    {"my van", 0, 1},
    {"my car", 0, 1},
    {"i phoned", 0, 2},
};

struct Entry {
  std::vector<std::string_view> rest;  // the words after the first
  int agent;
  int customer;
};

using Table = std::unordered_map<std::string_view, std::vector<Entry>>;

Table MakeTable() {
  Table table;
  for (const Phrase& phrase : kPhrases) {
    Entry entry{{}, phrase.agent, phrase.customer};
    std::string_view first;
    std::string_view left = phrase.words;
    while (!left.empty()) {
      const std::size_t space = std::min(left.find(' '), left.size());
      if (first.empty()) {
        first = left.substr(0, space);
      } else {
        entry.rest.push_back(left.substr(0, space));
      }
      left.remove_prefix(std::min(space + 1, left.size()));
    }
    table[first].push_back(std::move(entry));
  }
  return table;
}

}  // namespace

CueCount CountCues(const std::vector<std::string>& words) {
  static const Table* const table = new Table(MakeTable());
  CueCount count;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto found = table->find(words[i]);
    if (found == table->end()) continue;
    for (const Entry& entry : found->second) {
      std::size_t n = 0;
      while (n < entry.rest.size() && i + 1 + n < words.size() &&
             words[i + 1 + n] == entry.rest[n]) {
        ++n;
      }
      if (n == entry.rest.size()) {
        count.agent += entry.agent;
        count.customer += entry.customer;
      }
    }
  }
  return count;
}

}  // namespace cxscribe::diarization
