#include "plugins/punctuation/cohesion.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::punctuation {
namespace {

using ::testing::ElementsAre;

bool FirstGoesOn(std::string_view text) { return GoesOn(SplitWords(text), 0); }

TEST(GoesOn, InsideNumbersAndDates) {
  for (const char* text :
       {"four one", "oh five", "double seven", "44 172", "415-555 0100", "december twentieth",
        "march 3", "b w c", "third march", "hundred two"}) {
    EXPECT_TRUE(FirstGoesOn(text)) << text;
  }
}

TEST(GoesOn, InsideWhatIsDictated) {
  for (const char* text : {"jane dot", "dot com", "slash 2020", "a underscore",
                           "jane at example dot com", "at example dot com"}) {
    EXPECT_TRUE(FirstGoesOn(text)) << text;
  }
}

TEST(GoesOn, InsideOneSound) {
  EXPECT_TRUE(FirstGoesOn("mm hmm"));
  EXPECT_TRUE(FirstGoesOn("uh huh"));
}

TEST(GoesOn, InsideAMask) {
  EXPECT_TRUE(FirstGoesOn("[card number] please"));
  EXPECT_FALSE(FirstGoesOn("[card number"));
}

TEST(GoesOn, NowhereElse) {
  for (const char* text : {"", "four", "four people", "call one", "look at that", "at the store",
                           "[PII] four", "may i", "uh hmm"}) {
    EXPECT_FALSE(FirstGoesOn(text)) << text;
  }
}

std::vector<bool> Spelt(std::string_view text) {
  const std::vector<Word> words = SplitWords(text);
  std::vector<bool> spelt;
  for (std::size_t i = 0; i < words.size(); ++i) spelt.push_back(IsSpelt(words, i));
  return spelt;
}

TEST(IsSpelt, LettersInARow) {
  EXPECT_THAT(Spelt("the u s a is"), ElementsAre(false, true, true, true, false));
  EXPECT_THAT(Spelt("n f l"), ElementsAre(true, true, true));
  EXPECT_THAT(Spelt("a t m"), ElementsAre(true, true, true));
  EXPECT_THAT(Spelt("member i d"), ElementsAre(false, true, true));
}

TEST(IsSpelt, ALetterBesideANumber) {
  EXPECT_THAT(Spelt("gate b fourteen"), ElementsAre(false, true, false));
  EXPECT_THAT(Spelt("seat 17 c"), ElementsAre(false, false, true));
  EXPECT_THAT(Spelt("four o two"), ElementsAre(false, false, false));
  EXPECT_THAT(Spelt("one a day"), ElementsAre(false, false, false));
  EXPECT_THAT(Spelt("three e mails"), ElementsAre(false, false, false));
  EXPECT_THAT(Spelt("in twenty, c is"), ElementsAre(false, false, false, false));
}

TEST(IsSpelt, WordsOfOneLetterAreNone) {
  EXPECT_THAT(Spelt("i am a man"), ElementsAre(false, false, false, false));
  EXPECT_THAT(Spelt("i i am"), ElementsAre(false, false, false));
  EXPECT_THAT(Spelt("a b"), ElementsAre(false, false));
  EXPECT_THAT(Spelt("x [PII] y"), ElementsAre(false, false, false));
}

}  // namespace
}  // namespace cxscribe::punctuation
