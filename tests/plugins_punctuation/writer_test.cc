#include "plugins/punctuation/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::punctuation {
namespace {

using ::testing::ElementsAre;

std::string WriteOne(std::string_view text, const Decision& decision) {
  const std::vector<Word> words = SplitWords(text);
  return Write(text, words, std::vector<Decision>(words.size(), decision)).text;
}

TEST(Writer, MarksStandAfterWords) {
  const std::string_view text = " so  tell me ";
  const auto result = Write(text, SplitWords(text),
                            {{Mark::kComma, Case::kFirst, {}},
                             {Mark::kNone, Case::kLower, {}},
                             {Mark::kQuestion, Case::kLower, {}}});
  EXPECT_EQ(result.text, " So,  tell me? ");
  EXPECT_THAT(result.words, ElementsAre("So,", "tell", "me?"));
}

struct CaseExample {
  Case letters;
  std::string_view in;
  std::string_view out;
  std::string_view form;
};

class WritesCase : public ::testing::TestWithParam<CaseExample> {};

TEST_P(WritesCase, AsDecided) {
  const CaseExample& example = GetParam();
  EXPECT_EQ(WriteOne(example.in, {Mark::kNone, example.letters, example.form}), example.out);
}

INSTANTIATE_TEST_SUITE_P(
    All, WritesCase,
    ::testing::Values(CaseExample{Case::kLower, "As it is", "As it is", ""},
                      CaseExample{Case::kFirst, "denver", "Denver", ""},
                      CaseExample{Case::kFirst, "\"denver\"", "\"Denver\"", ""},
                      CaseExample{Case::kFirst, "4th", "4th", ""},
                      CaseExample{Case::kFirst, "smith-jones", "Smith-jones", ""},
                      CaseExample{Case::kFirst, "\u00e9t\u00e9", "\u00c9t\u00e9", ""},
                      CaseExample{Case::kFirst, "\u00a1\u00f3scar", "\u00a1\u00d3scar", ""},
                      CaseExample{Case::kFirst, "\u0436\u0430\u043d", "\u0416\u0430\u043d", ""},
                      CaseExample{Case::kFirst, "\u0131l", "\u0131l", ""},
                      CaseExample{Case::kFirst, "\xc3(x", "\xc3(x", ""},
                      CaseExample{Case::kUpper, "\u00e9df's", "\u00c9DF's", ""},
                      CaseExample{Case::kUpper, "nfl", "NFL", ""},
                      CaseExample{Case::kUpper, "nfl's", "NFL's", ""},
                      CaseExample{Case::kUpper, "u.s.", "U.S.", ""},
                      CaseExample{Case::kMixed, "mcdonald's", "McDonald's", "McDonald"},
                      CaseExample{Case::kMixed, "iphone", "iPhone", "iPhone"},
                      CaseExample{Case::kMixed, "smith-jones", "Smith-Jones", ""},
                      CaseExample{Case::kMixed, "other", "Other", "iPhone"}));

TEST(Writer, ACapitalIsNeverTakenAway) {
  EXPECT_EQ(WriteOne("IPHONE", {Mark::kNone, Case::kMixed, "iPhone"}), "IPHONE");
}

TEST(Writer, ProseIsNoMaskAndNoAddress) {
  const std::string_view text = "call [PII] at jane.doe@example.com or www.example.com ... ok";
  std::vector<bool> prose;
  for (const Word& word : SplitWords(text)) prose.push_back(IsProse(text, word));
  EXPECT_THAT(prose, ElementsAre(true, false, true, false, true, false, false, true));
}

TEST(Writer, KnowsWhetherTheSourceWritesCapitals) {
  const auto writes = [](std::string_view text) { return WritesCapitals(text, SplitWords(text)); };
  EXPECT_FALSE(writes("so I said I'm here [PII]"));
  EXPECT_TRUE(writes("so he said Hello"));
}

// ---- Single words beside the text.

std::vector<std::string> Follow(std::string_view text, const std::vector<Decision>& decisions,
                                const std::vector<std::string_view>& source) {
  const std::vector<Word> words = SplitWords(text);
  return FollowText(words, Write(text, words, decisions), source);
}

TEST(FollowText, EachWordTakesOverWhatBecameOfIt) {
  EXPECT_THAT(Follow("can i pay",
                     {{Mark::kNone, Case::kFirst, {}},
                      {Mark::kNone, Case::kFirst, {}},
                      {Mark::kQuestion, Case::kLower, {}}},
                     {"can", "i", "pay"}),
              ElementsAre("Can", "I", "pay?"));
}

TEST(FollowText, AMaskOfSeveralWords) {
  const std::vector<Decision> decisions = {
      {Mark::kNone, Case::kFirst, {}}, {}, {Mark::kPeriod, Case::kLower, {}}, {}};
  EXPECT_THAT(Follow("it's [card number] ok", decisions, {"it's", "[card", "number]", "ok"}),
              ElementsAre("It's", "[card", "number].", "ok"));
  EXPECT_THAT(Follow("it's [card number] ok", decisions, {"it's", "card", "ok"}),
              ElementsAre("It's", "card", "ok"));
}

TEST(FollowText, WordsThatAreNotInTheTextStay) {
  const std::vector<Decision> period = {{}, {}, {Mark::kPeriod, Case::kFirst, {}}};
  EXPECT_THAT(Follow("i pay monday", period, {"we", "pay", "t mobile", "", "monday"}),
              ElementsAre("we", "pay", "t mobile", "", "Monday."));
  EXPECT_THAT(Follow("", {}, {"i"}), ElementsAre("i"));
  EXPECT_THAT(Follow("i pay monday", period, {}), ElementsAre());
}

}  // namespace
}  // namespace cxscribe::punctuation
