#include "plugins/punctuation/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::punctuation {
namespace {

using ::testing::ElementsAre;

std::string One(std::string_view text) { return Punctuate({{"agent", text}}, {}).at(0).text; }

std::vector<std::string> All(const std::vector<Line>& lines) {
  std::vector<std::string> texts;
  for (Punctuated& result : Punctuate(lines, {})) texts.push_back(std::move(result.text));
  return texts;
}

// ---- What must stay as it is.

class Untouched : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Untouched, Stays) { EXPECT_EQ(One(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Nothing, Untouched, ::testing::Values("", " ", "\n\t ", "...", "- -"));
INSTANTIATE_TEST_SUITE_P(Masks, Untouched,
                         ::testing::Values("[CREDIT_CARD]", "***", "****.", "<phone>",
                                           "[CARD_CVV].", "[card number]", "xxxx xxxx"));
INSTANTIATE_TEST_SUITE_P(Finished, Untouched,
                         ::testing::Values("Thank you.", "Is that so?", "Great!", "Well,",
                                           "I was go-", "He said \"no.\"",
                                           "So it went on\xE2\x80\xA6", "The iPhone is here."));

// ---- End marks.

struct Example {
  std::string_view in;
  std::string_view out;
};

class Becomes : public ::testing::TestWithParam<Example> {};

TEST_P(Becomes, AsWritten) { EXPECT_EQ(One(GetParam().in), GetParam().out); }

// Words that only look or begin like a question's.
INSTANTIATE_TEST_SUITE_P(
    NoQuestion, Becomes,
    ::testing::Values(Example{"however i did not ask for that", "However I did not ask for that."},
                      Example{"whatever works", "Whatever works."},
                      Example{"whenever you're ready", "Whenever you're ready."},
                      Example{"island hopping", "Island hopping."}, Example{"candles", "Candles."},
                      Example{"what a day", "What a day."},
                      Example{"what i want is a refund", "What I want is a refund."},
                      Example{"when i called you said friday", "When I called you said Friday."},
                      Example{"where i live there is no store", "Where I live there is no store."},
                      Example{"how nice of you", "How nice of you."},
                      Example{"have a great day", "Have a great day."},
                      Example{"do it again please", "Do it again please."},
                      Example{"which is fine", "Which is fine."},
                      Example{"that's right", "That's right."}, Example{"all right", "All right."},
                      Example{"i do", "I do."}, Example{"no you can", "No you can."}));

INSTANTIATE_TEST_SUITE_P(
    Question, Becomes,
    ::testing::Values(
        Example{"what is your name", "What is your name?"},
        Example{"what's the balance", "What's the balance?"},
        Example{"who is calling", "Who is calling?"},
        Example{"why did it stop", "Why did it stop?"}, Example{"when is that", "When is that?"},
        Example{"where are you", "Where are you?"}, Example{"how much", "How much?"},
        Example{"how are you", "How are you?"}, Example{"whose card is it", "Whose card is it?"},
        Example{"which email did you send that to", "Which email did you send that to?"},
        Example{"can i start with your first name", "Can I start with your first name?"},
        Example{"do you have it", "Do you have it?"}, Example{"is john there", "Is john there?"},
        Example{"isn't that the same", "Isn't that the same?"},
        Example{"okay and what is the address", "Okay and what is the address?"},
        Example{"thank you and what's going on", "Thank you and what's going on?"},
        Example{"it's due friday isn't it", "It's due Friday isn't it?"},
        Example{"the third is a saturday right", "The third is a Saturday right?"},
        Example{"thank you for calling how can i help you",
                "Thank you for calling how can I help you?"},
        Example{"anything else", "Anything else?"},
        Example{"is it [PHONE_NUMBER]", "Is it [PHONE_NUMBER]?"}));

// ---- Capitals.

INSTANTIATE_TEST_SUITE_P(
    Capitals, Becomes,
    ::testing::Values(
        Example{"so i'm sure i'll and i've and i", "So I'm sure I'll and I've and I."},
        Example{"i\xE2\x80\x99m here", "I\xE2\x80\x99m here."},
        Example{"member i d is in it", "Member i d is in it."},
        Example{"on monday in january", "On Monday in January."},
        Example{"you may pay in may", "You may pay in May."},
        Example{"we march on march third", "We march on March third."},
        Example{"the third of may or may first", "The third of May or May first."},
        Example{"i live in new york not new here", "I live in New York not new here."},
        Example{"jane.doe@example.com is mine", "jane.doe@example.com is mine."},
        Example{"4 of them", "4 of them."}, Example{"it's [ssn] okay", "It's [ssn] okay."},
        // The source's own capitals are right, or at least its own.
        Example{"my name is Ann and i live here", "my name is Ann and i live here."},
        Example{"hello. thank you", "Hello. Thank you."},
        Example{"  spaced   out  ", "  Spaced   out.  "}));

TEST(Capitals, CanBeSwitchedOff) {
  EXPECT_EQ(Punctuate({{"a", "i am on monday"}}, {.capitals = false}).at(0).text,
            "i am on monday.");
}

// ---- Sentences that go over a segment's end.

TEST(Continuation, NeedsTheSameSpeakerAndAnUnfinishedEnd) {
  EXPECT_THAT(All({{"agent", "i called because"}, {"agent", "the line is down"}}),
              ElementsAre("I called because", "the line is down."));
  EXPECT_THAT(All({{"agent", "i called because"}, {"customer", "the line is down"}}),
              ElementsAre("I called because.", "The line is down."));
  EXPECT_THAT(All({{"", "i called because"}, {"", "the line is down"}}),
              ElementsAre("I called because.", "The line is down."));
  EXPECT_THAT(All({{"agent", "i called today"}, {"agent", "the line is down"}}),
              ElementsAre("I called today.", "The line is down."));
  EXPECT_THAT(All({{"agent", "i called because"}, {"agent", "[redacted]"}}),
              ElementsAre("I called because.", "[redacted]"));
}

}  // namespace
}  // namespace cxscribe::punctuation
