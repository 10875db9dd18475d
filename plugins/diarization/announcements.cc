#include "plugins/diarization/announcements.h"

#include <algorithm>
#include <string_view>

#include "plugins/diarization/phrases.h"

namespace cxscribe::diarization {
namespace {

struct Said {
  Role machine;
  Sureness sureness;
  // The owner of a mailbox says it in his greeting; so does a secretary, and then without a tone.
  bool greeting = false;
};

constexpr Said kMaybeMenu{Role::kIvr, Sureness::kMaybe};
constexpr Said kMenu{Role::kIvr, Sureness::kMenu};
// After "for billing" or "to hear it again".
constexpr Said kPress{Role::kIvr, Sureness::kNone};
constexpr Said kQueue{Role::kIvr, Sureness::kSure};
constexpr Said kMaybeMail{Role::kVoicemail, Sureness::kMaybe};
constexpr Said kMail{Role::kVoicemail, Sureness::kSure};
constexpr Said kGreeting{Role::kVoicemail, Sureness::kMaybe, true};

constexpr Phrases<Said>::Row kPhrases[] = {
    {"call may be recorded", kMaybeMenu},
    {"call may be monitored", kMaybeMenu},
    {"calls may be recorded", kMaybeMenu},
    {"calls are recorded", kMaybeMenu},
    {"call is being recorded", kMaybeMenu},
    {"call will be recorded", kMaybeMenu},
    {"for quality", kMaybeMenu},
    {"training purposes", kMaybeMenu},
    {"please hold", kMaybeMenu},
    {"thank you for calling", kMaybeMenu},
    {"thanks for calling", kMaybeMenu},
    {"welcome to", kMaybeMenu},
    {"thank you for your patience", kMaybeMenu},
    {"visit our website", kMaybeMenu},

    {"press #", kPress},
    {"press # for", kMenu},
    {"press # to", kMenu},
    {"press # now", kMenu},
    {"please press #", kMenu},
    {"press star to", kMenu},
    {"press star for", kMenu},
    {"press pound to", kMenu},
    {"press pound for", kMenu},
    {"press hash to", kMenu},
    {"press hash for", kMenu},
    {"press the star key", kMenu},
    {"press the pound key", kMenu},
    {"press the hash key", kMenu},
    {"or press #", kMenu},
    {"or say #", kMenu},
    {"say or press", kMenu},
    {"press or say", kMenu},
    {"please press or", kMenu},
    {"the following options", kMenu},
    {"the following menu", kMenu},
    {"to return to the main menu", kMenu},
    {"to hear these options again", kMenu},
    {"to repeat this menu", kMenu},
    {"to repeat these options", kMenu},
    {"followed by the pound", kMaybeMenu},
    {"followed by the hash", kMaybeMenu},
    {"please enter your", kMenu},
    {"using your keypad", kMenu},
    {"on your keypad", kMenu},
    {"using your telephone keypad", kMenu},
    {"on your telephone keypad", kMenu},

    {"your call is important", kQueue},
    {"your call is very important", kQueue},
    {"our menu options", kQueue},
    {"our options have changed", kQueue},
    {"menu has changed", kQueue},
    {"listen carefully as our", kQueue},
    {"listen carefully to the following", kQueue},
    {"please stay on the line", kQueue},
    {"please remain on the line", kQueue},
    {"our agents are currently", kQueue},
    {"our agents are busy", kQueue},
    {"our representatives are currently", kQueue},
    {"our representatives are busy", kQueue},
    {"our operators are currently", kQueue},
    {"our operators are busy", kQueue},
    {"our advisors are currently", kQueue},
    {"our advisers are currently", kQueue},
    {"our lines are busy", kQueue},
    {"assisting other customers", kQueue},
    {"assisting other callers", kQueue},
    {"helping other customers", kQueue},
    {"answered in the order", kQueue},
    {"call will be answered", kQueue},
    {"for the next available", kQueue},
    {"by the next available", kQueue},
    {"your estimated wait", kQueue},
    {"the estimated wait", kQueue},
    {"you are number # in", kQueue},
    {"you are caller number", kQueue},
    {"please listen to the following", kQueue},
    {"in a few words please", kQueue},
    {"the number you have dialed", kQueue},
    {"the number you have dialled", kQueue},
    {"the number you dialed is not", kQueue},
    {"the number you dialed has", kQueue},
    {"the number you dialled is not", kQueue},
    {"the number you dialled has", kQueue},

    {"after the tone", kMaybeMail},
    {"after the beep", kMaybeMail},
    {"at the tone", kMaybeMail},
    {"you may hang up", kMaybeMail},
    {"please leave a message", kMaybeMail},
    {"please leave your message", kMaybeMail},
    {"please leave your name", kMaybeMail},

    {"reached the voicemail", kMail},
    {"reached the voice mail", kMail},
    {"reached the voice mailbox", kMail},
    {"reached the mailbox", kMail},
    {"leave a message after the", kMail},
    {"leave your message after the", kMail},
    {"leave a message at the", kMail},
    {"leave your message at the", kMail},
    {"record your message", kMail},
    {"finished recording", kMail},
    {"the mailbox is full", kMail},
    {"this mailbox is full", kMail},
    {"mailbox is full and", kMail},
    {"not available to take your", kGreeting},
    {"unavailable to take your", kGreeting},
    {"unable to take your call", kGreeting},
    {"can't take your call", kGreeting},
    {"cannot take your call", kGreeting},
    {"can't come to the phone", kGreeting},
    {"cannot come to the phone", kGreeting},
    {"forwarded to an automated voice", kMail},
    {"forwarded to an automatic voice", kMail},
    {"forwarded to voicemail", kMail},
};

// Of people who speak to each other, and of people who tell what a machine said.
bool IsHuman(std::string_view word) {
  static const auto* const kWords = new WordSet{
      "um",    "uh",    "er",   "erm",   "hmm",   "mm",     "yeah",   "yep",    "yes",   "okay",
      "ok",    "well",  "then", "just",  "said",  "says",   "saying", "told",   "tells", "heard",
      "keep",  "keeps", "got",  "gonna", "wanna", "think",  "would",  "he's",   "she's", "me",
      "he",    "she",   "they", "did",   "don't", "didn't", "it's",   "that's", "sir",   "ma'am",
      "madam", "what",  "who",  "why",   "how",   "where"};
  return kWords->Has(word);
}

// Those who serve and those who call; the owner of a mailbox says them, too.
bool IsFirstPerson(std::string_view word) {
  return word == "i" || word == "i'm" || word == "i'll" || word == "i've" || word == "i'd" ||
         word == "my";
}

// Whether what stands before "press one" offers something: "for sales please".
bool IsChoice(WordSpan before) {
  constexpr std::size_t kWithin = 8;
  const WordSpan near = before.last(std::min(before.size(), kWithin));
  return std::any_of(near.begin(), near.end(),
                     [](const std::string& word) { return word == "for" || word == "to"; });
}

}  // namespace

Announcement AnnouncementIn(WordSpan words, const Announcement& after) {
  static const auto* const table = new Phrases<Said>(kPhrases);
  Announcement found;
  int mail = 0;
  bool greeting = false;
  table->ForEach(words, [&](std::size_t begin, std::size_t, Said said) {
    if (said.sureness == Sureness::kNone && IsChoice(words.first(begin))) said = kMenu;
    if (said.machine == Role::kVoicemail) ++mail;
    greeting |= said.greeting;
    if (said.sureness > found.sureness) found = {said.machine, said.sureness, false};
  });
  if (found.sureness == Sureness::kNone && after.sureness == Sureness::kNone) return found;
  greeting &= mail > 1;
  if (greeting) found = {Role::kVoicemail, Sureness::kSure, false};
  // "When you call, you press one": somebody explains a menu.
  const bool menu = found.sureness == Sureness::kMenu;
  found.human = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return IsHuman(word) || (!greeting && IsFirstPerson(word)) ||
           (menu && (word == "when" || word == "you"));
  });
  return found;
}

}  // namespace cxscribe::diarization
