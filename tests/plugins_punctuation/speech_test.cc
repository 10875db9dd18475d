// The model at work on running speech: lines before and after.
#include "plugins/punctuation/speech.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/punctuation/embedded_model.h"
#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {
namespace {

using ::testing::ElementsAre;

const Tagger& EnglishTagger() {
  static const Tagger* const tagger = [] {
    std::string error;
    const Model* model = ReadModel(EmbeddedModel(), &error).release();
    return new Tagger(*model);
  }();
  return *tagger;
}

std::vector<std::string> All(const std::vector<Line>& lines, const Options& options = {}) {
  std::vector<std::string> texts;
  Speech(EnglishTagger(), options).Punctuate(lines, {}, [&](std::size_t line, const Punctuated& p) {
    EXPECT_EQ(line, texts.size());
    texts.push_back(p.text);
  });
  return texts;
}

std::string One(std::string_view text) { return All({{"agent", text}}).at(0); }

struct Example {
  std::string_view in;
  std::string_view out;
};
class Reads : public ::testing::TestWithParam<Example> {};
TEST_P(Reads, AsWritten) { EXPECT_EQ(One(GetParam().in), GetParam().out); }

INSTANTIATE_TEST_SUITE_P(
    Sentences, Reads,
    ::testing::Values(Example{"thank you for calling my name is daniel how can i help you",
                              "Thank you for calling. My name is Daniel. How can I help you?"},
                      Example{"sure can i have your account number please",
                              "Sure. Can I have your account number please?"},
                      Example{"okay thank you is there anything else i can help you with today",
                              "Okay, thank you. Is there anything else I can help you with today?"},
                      Example{"mm hmm", "Mm hmm."},
                      Example{"no that's all thank you so much",
                              "No, that's all. Thank you so much."}));

INSTANTIATE_TEST_SUITE_P(
    Capitals, Reads,
    ::testing::Values(Example{"i think i'm in new york on monday",
                              "I think I'm in New York on Monday."},
                      Example{"we saw the u s a on tv", "We saw the U S A on TV."},
                      Example{"it is spelled b r o w n", "It is spelled B R O W N."},
                      Example{"i have it on the six forty to denver this morning",
                              "I have it on the six forty to Denver this morning."},
                      Example{"so if you did it by may thirty first you'd be good",
                              "So if you did it by May thirty first, you'd be good."},
                      Example{"plan three may be cheaper", "Plan three may be cheaper."},
                      Example{"i can do seventeen c", "I can do seventeen C."},
                      Example{"it ships in the u.s. at nine a.m. on friday",
                              "It ships in the U.S. at nine a.m. on Friday."}));

TEST(Speech, ASoundIsNoName) {
  EXPECT_EQ(One("and then hm i don't know"), "And then hm, I don't know.");
}

TEST(Speech, AnAddressIsDictatedInSmallLetters) {
  EXPECT_THAT(One("send it to jane dot doe at example dot com"),
              ::testing::HasSubstr("dot doe at example dot com"));
}

TEST(Speech, AnUnknownNameIsWrittenAlikeThroughout) {
  EXPECT_THAT(
      All({{"agent", "can i start with your first name"},
           {"customer", "it's priya"},
           {"agent", "hi priya and the number on the account"},
           {"agent", "are you still there priya"}}),
      ElementsAre("Can I start with your first name?", "It's Priya.",
                  "Hi, Priya and the number on the account.", "Are you still there Priya?"));
}

TEST(Speech, AnAbbreviationEndsNoSentence) {
  EXPECT_EQ(One("we open at nine a.m. and close at five"),
            "We open at nine a.m. and close at five.");
}

TEST(Speech, ANumberIsNoName) {
  EXPECT_EQ(One("it will end on april thirtieth when the cycle closes"),
            "It will end on April thirtieth, when the cycle closes.");
  EXPECT_EQ(One("it's k q seven four m x"), "It's K Q seven four M X.");
}

TEST(Speech, AnUnknownWordIsNoName) {
  EXPECT_EQ(One("it fell behind the wainscoting and then the wainscoting broke"),
            "It fell behind the wainscoting, and then the wainscoting broke.");
}

// A number is one thing, however it is broken up; detectors look for it after this stage.
TEST(Speech, NoMarkStandsInsideANumber) {
  for (const char* said : {"your confirmation is four four one seven two oh five okay",
                           "hang on four four one seven two oh five", "so it is 44 172 05 okay"}) {
    const std::string text = One(said);
    const std::size_t begin = text.find("four") == text.npos ? text.find("44") : text.find("four");
    const std::size_t end = text.find("five") == text.npos ? text.find("05") : text.find("five");
    EXPECT_EQ(text.substr(begin, end - begin).find_first_of(",.?"), text.npos) << text;
  }
}

TEST(Speech, NoMarkStandsInsideADictatedAddress) {
  EXPECT_THAT(One("well my email is pooja underscore desai at hotmail dot com and that is it"),
              ::testing::HasSubstr("ooja underscore "));
  for (const char* said : {"my email is akumar at outlook dot com my phone is a secret",
                           "my email is priya dot sharma at hotmail dot com"}) {
    const std::string text = One(said);
    const std::size_t begin = text.find(" at ");
    ASSERT_NE(begin, text.npos) << text;
    const std::size_t end = text.find("dot ", begin);
    EXPECT_EQ(text.substr(begin, end - begin).find_first_of(",.?"), text.npos) << text;
  }
}

// ---- What is there stays.

class LeftAlone : public ::testing::TestWithParam<std::string_view> {};
TEST_P(LeftAlone, Stays) { EXPECT_EQ(One(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Nothing, LeftAlone, ::testing::Values("", " ", "\n\t ", "...", "- -"));
INSTANTIATE_TEST_SUITE_P(Finished, LeftAlone,
                         ::testing::Values("Thank you.", "Is that so?", "Great!", "He said \"no.\"",
                                           "So it went on\xE2\x80\xA6",
                                           "The iPhone is here. We have it.",
                                           "Yes and no, you know how it is, whatever."));

TEST(Speech, MasksStayAsTheyAre) {
  for (const char* mask :
       {"[CREDIT_CARD]", "[PII]", "####", "****", "<phone>", "xxxx", "xxx-xx-0123"}) {
    const std::string in = std::string("my number is ") + mask + " and that is all";
    const std::string out = One(in);
    EXPECT_NE(out.find(mask), out.npos) << out;
  }
}

TEST(Speech, AMaskOfSeveralWordsStaysAsItIs) {
  EXPECT_EQ(One("yes my card is [CREDIT CARD NUMBER] thank you"),
            "Yes, my card is [CREDIT CARD NUMBER]. Thank you.");
  EXPECT_THAT(One("i said [removed by the vendor] and that is all"),
              ::testing::HasSubstr("[removed by the vendor]"));
}

// A direction mark, a space that is no white space here.
TEST(Speech, WhatDoesNotShowGetsNoMark) {
  EXPECT_THAT(All({{"a", "\u00A0"}, {"b", "thank you \u200F"}, {"a", "\u2003 \u200B"}}),
              ElementsAre("\u00A0", "Thank you. \u200F", "\u2003 \u200B"));
}

TEST(Speech, AnAddressKeepsItsLetters) {
  EXPECT_THAT(One("it is jane.doe@example.com thank you"),
              ::testing::HasSubstr("jane.doe@example.com"));
}

TEST(Speech, CapitalsCanBeLeft) {
  Options options;
  options.capitals = false;
  EXPECT_THAT(All({{"a", "i am in new york"}}, options), ElementsAre("i am in new york."));
}

// ---- Across segments.

TEST(Speech, ASegmentsEndIsNotASentencesEnd) {
  EXPECT_THAT(All({{"agent", "i will send you a letter with the"},
                   {"agent", "new account number on monday"}}),
              ElementsAre("I will send you a letter with the", "new account number on Monday."));
}

TEST(Speech, ASentenceGoesOnAfterSomebodyElsesWord) {
  const auto texts = All({{"customer", "i went to the store to buy a"},
                          {"agent", "mm-hmm"},
                          {"customer", "new phone for my daughter"}});
  EXPECT_EQ(texts[0].back(), 'a');
  EXPECT_EQ(texts[2].substr(0, 3), "new");
}

TEST(Speech, TheLastWordOfARecordingEndsItsSentence) {
  EXPECT_EQ(One("and so i was going to the"), "And so I was going to the.");
}

// ---- Any input.

// Batches and pieces must not show: where everything within reach is the same, so is the result.
TEST(Speech, ALongRecordingIsReadAlikeFromEndToEnd) {
  const std::string sentence = "thank you for calling my name is daniel how can i help you ";
  constexpr std::size_t kTimes = 400;
  constexpr std::size_t kWords = 13;
  std::string text;
  for (std::size_t i = 0; i < kTimes; ++i) text += sentence;
  const std::string result = One(text);
  std::vector<std::string> words;
  for (const Word& word : SplitWords(result)) {
    words.push_back(result.substr(word.begin, word.end - word.begin));
  }
  ASSERT_EQ(words.size(), kTimes * kWords);
  const std::size_t reach = Reach(EnglishTagger().model().shape);
  for (std::size_t i = reach + kWords; i < words.size() - reach - kWords; ++i) {
    ASSERT_EQ(words[i], words[i - kWords + (i < reach + 2 * kWords ? kWords : 0)]) << i;
  }
}

// Made to make every look at a neighbour a long one: a long segment of letters, among many
// without a word. Quadratic work would not end here.
TEST(Speech, WorkGrowsWithTheTextOnly) {
  std::string letters;
  while (letters.size() + 2 <= std::size_t{1} << 17) letters += "x ";
  std::vector<Line> lines(100'000);
  lines[50'000] = {"a", letters};
  const std::vector<std::string> texts = All(lines);
  ASSERT_EQ(texts.size(), lines.size());
  EXPECT_EQ(texts[50'000].substr(0, 4), "X X ");
  EXPECT_EQ(texts[99'999], "");
}

TEST(Speech, WordsAreNeverChanged) {
  const std::string odd =
      "\xF0\x9F\x98\x80 \xE2\x80\x8B x\xCC\x81 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xEF\xB7\xBA 'tis "
      "-- a-b";
  for (const std::string& text : All({{"a", odd}, {"", odd}, {"b", odd}})) {
    std::string bare = text;
    std::erase_if(bare, [](char c) { return c == ',' || c == '.' || c == '?'; });
    EXPECT_EQ(bare.size(), odd.size());
  }
}

TEST(Speech, CanBeEndedAtEveryPulse) {
  const std::vector<Line> lines(50, Line{"a", "so i said that it was fine"});
  int pulses = 0;
  Speech(EnglishTagger(), {})
      .Punctuate(
          lines, [&] { ++pulses; }, [](std::size_t, const Punctuated&) {});
  EXPECT_GE(pulses, 100);
  for (const int at : {1, pulses / 2, pulses}) {
    int left = at;
    EXPECT_THROW(Speech(EnglishTagger(), {})
                     .Punctuate(
                         lines,
                         [&] {
                           if (--left == 0) throw std::runtime_error("ended");
                         },
                         [](std::size_t, const Punctuated&) {}),
                 std::runtime_error);
  }
}

TEST(MixedForms, AreFoundWithAndWithoutPossessive) {
  const MixedForms forms({"McDonald", "iPhone"});
  EXPECT_EQ(forms.Find("mcdonald"), "McDonald");
  EXPECT_EQ(forms.Find("mcdonald's"), "McDonald");
  EXPECT_EQ(forms.Find("phone"), "");
}

}  // namespace
}  // namespace cxscribe::punctuation
