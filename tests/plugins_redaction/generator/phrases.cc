#include "tests/plugins_redaction/generator/phrases.h"

namespace cxscribe::calls {
namespace {

using S = std::string_view;

constexpr S kGreetings[] = {
    "Thank you for calling Northfield Services, this is {name}, how can I help?",
    "Good morning, you're through to {name}, what can I do for you?",
    "Thanks for holding. My name is {name}. How may I help you today?",
    "Customer care, how can I help?", "Hello and welcome to Harbor Mutual, how are you today?"};
constexpr S kReplies[] = {"It's {v}.",
                          "Sure, it's {v}.",
                          "Yeah, {v}.",
                          "{v}.",
                          "Okay, let me see. {v}.",
                          "Um, {v}.",
                          "That would be {v}.",
                          "Yes, that's {v}, if I read it right.",
                          "One second, let me get it. Okay, {v}.",
                          "{v}, please."};
constexpr S kAsides[] = {
    "It's {v}, I've had it since {year}.", "{v}, and can you take off the {price}?",
    "I'm on hold since {time} for this, {v}.", "{v}, and that's for all {count} of them, right?"};
constexpr S kEchoes[] = {"Okay, so that's {v}.", "I have {v}, is that right?",
                         "Let me read that back, {v}.", "{v}, got it.", "Great, {v}, thank you."};
constexpr S kLastFour[] = {"So that's the one ending in {v}.", "Okay, ending {v}, thank you.",
                           "And the last four are {v}, right?"};
constexpr S kAcknowledgements[] = {"Thank you.",
                                   "Perfect, thank you.",
                                   "Great, thanks for that.",
                                   "Okay, one moment while I pull that up.",
                                   "Got it.",
                                   "All right, let me check that for you.",
                                   "Wonderful, I have that now."};
constexpr S kAgreements[] = {"Yes.", "That's right.", "Yep, correct.", "Uh huh.",
                             "Yes, that's it."};
constexpr S kBackchannels[] = {"Mm hmm.",   "Okay.",  "Uh huh.", "Yes.",
                               "Go ahead.", "Right.", "Got it."};
constexpr S kHesitations[] = {"uh", "um", "and then", "let me see", "okay", "and"};
constexpr S kCorrections[] = {"no sorry", "wait no", "sorry I mean", "no wait"};

constexpr Exchange kSmallTalk[] = {
    {"How is your day going so far?", "Not too bad, it finally stopped raining."},
    {"Thank you for your patience.", "No problem at all."},
    {"I'm just waiting for the page to load here.", "Take your time, I'm in no hurry."},
    {"Is there anything else you noticed about the service?", "No, it was fine until yesterday."},
    {"I do apologize for the trouble.", "It's not your fault, I just want it fixed."},
    {"Let me put you on a brief hold.", "Sure."},
    {"So what seems to be the problem?", "The light on the box keeps blinking and nothing works."},
    {"Did you try to turn it off and on again?", "Yes, I did that first."},
    {"Have you been with us for long?", "Oh, since we moved here, quite a while."},
    {"I completely understand.", "I was told somebody would look into it."},
    {"That's a good question, let me ask my supervisor.", "Okay, I'll wait."},
    {"You're all set now.", "Great, I really appreciate it."},
    {"I see what happened, the system didn't save it.", "Well, that explains it."},
    {"Would you like me to go over the options?", "Yes, please, which one is cheaper?"},
    {"Are you near the device right now?", "I can be, give me a moment."},
};

constexpr Exchange kDistractors[] = {
    {"Do you have the order number?", "Yes, it's {order}."},
    {"The order number is {order}, you'll need that.", "Let me write that down."},
    {"What's the ticket number from your last call?", "I think it was {ticket}."},
    {"Your ticket number for today is {ticket}.", "Thank you."},
    {"The tracking number is {track}.", "Okay, I'll check it online."},
    {"Your total comes to {price}.", "That's more than last month."},
    {"So it was {price} before and now it's {price}?", "Yes, and nobody told me."},
    {"We can offer you {price} a month.", "For how long?"},
    {"When did you place the order?", "On {day}, around {time}."},
    {"The technician will be there on {day} between {time} and {time}.", "That works."},
    {"How many devices are connected?", "About {count}, I think."},
    {"You have used {count} of {count} gigabytes.", "Already?"},
    {"There's a discount of {percent} if you pay now.", "That sounds good."},
    {"What year did you buy it?", "It must have been {year}."},
    {"Which flight were you on?", "It was {flight}."},
    {"Your confirmation code is {code}.", "Let me repeat that, {code}."},
    {"And the model number on the back of the machine?", "It says {model}."},
    {"It should take {count} to {count} business days.", "Okay."},
    {"The warranty ran out in {year}.", "I see."},
    {"Your points balance is {count}.", "And when can I use them?"},
    {"We're open from {time} to {time}.", "Even on weekends?"},
    {"The reference number is {ticket}.", "Got it."},
    {"What does the meter read today?", "It reads {order}."},
    {"Can you tell me the invoice number?", "The invoice is {order}."},
    {"The store in {city} has {count} left.", "I'll go there then."},
    // Data that the vendor took out.
    {"Can I get the card number, please?", "Sure, it's {mask}."},
    {"And the security code on the back?", "{mask}, and how much is it? Was it {price}?"},
    {"What's your social security number?", "My social is {mask}."},
    {"Can you give me your date of birth?", "{mask}."},
    {"And your phone number?", "It's {mask}, call after {time}."},
    {"Is {mask} still your email address?", "Yes, that's the one."},
    {"May I have your name?", "My name is {mask}."},
};

constexpr Exchange kFarewells[] = {
    {"Is there anything else I can help you with?", "No, that's all, thanks."},
    {"Have a great day.", "You too, bye."},
    {"Thank you for calling, {first}.", "Thanks, bye."},
    {"You will get a message within {count} hours.", "Perfect, goodbye."},
};

}  // namespace

Phrases Greetings() { return kGreetings; }
Phrases Replies() { return kReplies; }
Phrases Asides() { return kAsides; }
Phrases Echoes() { return kEchoes; }
Phrases LastFourEchoes() { return kLastFour; }
Phrases Acknowledgements() { return kAcknowledgements; }
Phrases Agreements() { return kAgreements; }
Phrases Backchannels() { return kBackchannels; }
Phrases Hesitations() { return kHesitations; }
Phrases Corrections() { return kCorrections; }
std::span<const Exchange> SmallTalk() { return kSmallTalk; }
std::span<const Exchange> Distractors() { return kDistractors; }
std::span<const Exchange> Farewells() { return kFarewells; }

}  // namespace cxscribe::calls
