#include "plugins/diarization/cuts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int32_t kWordMs = 300;

// A line of words of 300 ms each; "|" is a pause of a second.
struct Heard {
  explicit Heard(std::string_view said, bool timed = true) {
    std::int32_t time = 1000;
    for (std::size_t begin = 0; begin < said.size();) {
      const std::size_t end = std::min(said.find(' ', begin), said.size());
      const std::string_view word = said.substr(begin, end - begin);
      begin = end + 1;
      if (word == "|") {
        time += 1000;
        continue;
      }
      if (!text.empty()) text += ' ';
      if (timed) line.words.push_back({text.size(), time, time + kWordMs});
      text += word;
      time += kWordMs;
    }
    line.text = text;
    line.start_ms = 1000;
    line.end_ms = time;
    speech.words = SpokenWords(text, &speech.begins);
    speech.cues = FindCues(speech.words);
  }
  Heard(const Heard&) = delete;

  std::vector<Cut> Cuts(bool listed = false, std::int32_t latest_ms = 1'000'000) const {
    return ProposeCuts(line, speech, listed, latest_ms);
  }
  // What stands after each cut, up to the end of the line.
  std::vector<std::string> Rests(bool listed = false) const {
    std::vector<std::string> rests;
    for (const Cut& cut : Cuts(listed)) rests.push_back(text.substr(cut.at));
    return rests;
  }

  std::string text;
  Line line;
  Speech speech;
};

TEST(Cuts, AQuestionThatIsAnswered) {
  EXPECT_THAT(Heard("can i have your name yeah it's leo marsh").Rests(),
              ElementsAre("yeah it's leo marsh"));
  EXPECT_THAT(Heard("Thank you for calling, how can I help? Hi, I'm calling about a fee.").Rests(),
              ElementsAre("Hi, I'm calling about a fee."));
  EXPECT_THAT(Heard("how may i help you today i want to move my appointment").Rests(),
              ElementsAre("i want to move my appointment"));
}

TEST(Cuts, ARequestThatIsTakenUp) {
  EXPECT_THAT(Heard("i'd like to pay my bill sure can i have your account number").Rests(),
              ElementsAre("sure can i have your account number"));
}

TEST(Cuts, BothOneAfterTheOther) {
  EXPECT_THAT(
      Heard("how can i help you hi i want to close my account okay may i have your name").Rests(),
      ElementsAre("hi i want to close my account okay may i have your name",
                  "okay may i have your name"));
}

TEST(Cuts, NotInWhatOnePersonSays) {
  for (const char* text : {"", "yes", "can i have your name and your date of birth please",
                           "can i have your account number it's on the top of your bill",
                           "can i have your name okay that's lovely can i have your postcode",
                           "what is your telephone number yeah yeah thank you",
                           "i'd like to pay my bill and i was wondering if i can do that here",
                           "i was told yes we can do that and then nobody called",
                           "thank you for calling how can i help"}) {
    EXPECT_THAT(Heard(text).Rests(), IsEmpty()) << text;
  }
}

TEST(Cuts, ALongPauseIsASignAndNoMore) {
  const std::vector<Cut> cuts = Heard("that is all we have | nobody said so").Cuts();
  ASSERT_THAT(cuts, SizeIs(1));
  EXPECT_LT(cuts[0].odds, Heard("can i have your name yeah it's leo").Cuts()[0].odds);
  EXPECT_GT(Heard("can i have your name | yeah it's leo").Cuts()[0].odds,
            Heard("can i have your name yeah it's leo").Cuts()[0].odds);
  EXPECT_GT(Heard("that is all we have | nobody said so").Cuts(true)[0].odds, cuts[0].odds);
}

TEST(Cuts, TakeTheirTimesFromWords) {
  const Cut cut = Heard("can i have your name | yeah it's leo").Cuts()[0];
  EXPECT_TRUE(cut.measured);
  EXPECT_EQ(cut.end_ms, 1000 + 5 * kWordMs);
  EXPECT_EQ(cut.start_ms, 2000 + 5 * kWordMs);
}

TEST(Cuts, WithoutWordsAreInProportionToTheText) {
  const Heard heard("can i have your name yeah it's leo", false);
  const Cut cut = heard.Cuts()[0];
  EXPECT_FALSE(cut.measured);
  EXPECT_EQ(cut.end_ms, cut.start_ms);
  EXPECT_GT(cut.start_ms, heard.line.start_ms);
  EXPECT_LT(cut.start_ms, heard.line.end_ms);
}

TEST(Cuts, KeepSegmentsInTheOrderOfTheirStarts) {
  const Heard heard("can i have your name | yeah it's leo");
  const std::int32_t start = heard.Cuts()[0].start_ms;
  EXPECT_THAT(heard.Cuts(false, start), SizeIs(1));
  EXPECT_THAT(heard.Cuts(false, start - 1), IsEmpty());
}

TEST(Cuts, WordsWhoseTimesGoBackAreNotCut) {
  Heard heard("can i have your name yeah it's leo");
  for (TimedWord& word : heard.line.words) word.start_ms = word.end_ms = 0;
  EXPECT_THAT(heard.Cuts(), IsEmpty());
}

TEST(Cuts, NotWhereTheyMayNotBe) {
  Heard heard("can i have your name yeah it's leo");
  heard.line.may_be_cut = false;
  EXPECT_THAT(heard.Cuts(), IsEmpty());
}

TEST(Cuts, NotInsideAMask) {
  EXPECT_THAT(Heard("so that is my [card | number] and nothing else").Cuts(), IsEmpty());
  EXPECT_THAT(Heard("so that is my [card number] | and nothing else").Cuts(), SizeIs(1));
}

TEST(Cuts, NotInsideAToken) {
  EXPECT_THAT(Heard("can i have your name/yeah it's leo", false).Rests(), IsEmpty());
}

}  // namespace
}  // namespace cxscribe::diarization
