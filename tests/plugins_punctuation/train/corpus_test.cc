#include "plugins/punctuation/train/corpus.h"

#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace cxscribe::punctuation {
namespace {

using ::testing::ElementsAre;

constexpr ClassSet kNone = 0b0001;
constexpr ClassSet kComma = 0b0010;
constexpr ClassSet kPeriod = 0b0100;
constexpr ClassSet kQuestion = 0b1000;
constexpr ClassSet kLower = 0b0001;
constexpr ClassSet kFirst = 0b0010;
constexpr ClassSet kUpper = 0b0100;

std::vector<std::string> Forms(const std::vector<TrainingWord>& words) {
  std::vector<std::string> forms;
  forms.reserve(words.size());
  for (const TrainingWord& word : words) forms.push_back(word.form);
  return forms;
}

std::vector<ClassSet> Marks(const std::vector<TrainingWord>& words) {
  std::vector<ClassSet> marks;
  marks.reserve(words.size());
  for (const TrainingWord& word : words) marks.push_back(word.marks);
  return marks;
}

std::vector<ClassSet> Cases(const std::vector<TrainingWord>& words) {
  std::vector<ClassSet> cases;
  cases.reserve(words.size());
  for (const TrainingWord& word : words) cases.push_back(word.cases);
  return cases;
}

TEST(CaseOf, ReadsHowAWordIsWritten) {
  EXPECT_EQ(CaseOf("call"), Case::kLower);
  EXPECT_EQ(CaseOf("Denver"), Case::kFirst);
  EXPECT_EQ(CaseOf("I"), Case::kFirst);
  EXPECT_EQ(CaseOf("I'm"), Case::kFirst);
  EXPECT_EQ(CaseOf("NFL"), Case::kUpper);
  EXPECT_EQ(CaseOf("NFL's"), Case::kUpper);
  EXPECT_EQ(CaseOf("Q4"), Case::kFirst);
  EXPECT_EQ(CaseOf("4K"), Case::kUpper);
  EXPECT_EQ(CaseOf("McDonald's"), Case::kMixed);
  EXPECT_EQ(CaseOf("iPhone"), Case::kMixed);
  EXPECT_EQ(CaseOf("2019"), Case::kLower);
  EXPECT_EQ(CaseOf("'Cause"), Case::kFirst);
  EXPECT_EQ(CaseOf(""), Case::kLower);
}

TEST(ReadLine, TakesMarksOffWords) {
  const auto words = ReadLine("Well, is it 2 PM in Denver? I think so.", {});
  EXPECT_THAT(Forms(words),
              ElementsAre("well", "is", "it", "0", "pm", "in", "denver", "i", "think", "so"));
  EXPECT_THAT(Marks(words), ElementsAre(kComma, kNone, kNone, kNone, kNone, kNone, kQuestion, kNone,
                                        kNone, kPeriod));
  EXPECT_THAT(Cases(words), ElementsAre(kAnyClass, kLower, kLower, kLower, kUpper, kLower, kFirst,
                                        kAnyClass, kLower, kLower));
  EXPECT_TRUE(words.back().line_end);
  EXPECT_FALSE(words.front().line_end);
}

TEST(ReadLine, NotesOfTranscribersAreNotSaid) {
  EXPECT_THAT(Forms(ReadLine("{vocalsound} Okay <laugh> so [noise]", {})),
              ElementsAre("okay", "so"));
}

TEST(ReadLine, SpacedMarksBelongToTheWordBefore) {
  CorpusStyle style;
  style.spaced = true;
  const auto words = ReadLine("Mm - hmm , the T_V_s . ", style);
  EXPECT_THAT(Forms(words), ElementsAre("mm-hmm", "the", "tvs"));
  EXPECT_THAT(Marks(words), ElementsAre(kComma, kNone, kPeriod));
}

TEST(ReadLine, GluedSentencesAreTakenApart) {
  EXPECT_THAT(Forms(ReadLine("Thank you.We will.", {})), ElementsAre("thank", "you", "we", "will"));
}

TEST(ReadLine, ASmoothCorpusSaysNothingOfHesitations) {
  CorpusStyle style;
  style.smooth = true;
  EXPECT_THAT(Marks(ReadLine("so uh the the end", style)),
              ElementsAre(kNone | kComma, kNone | kComma, kNone | kComma, kNone, kNone));
  EXPECT_THAT(Marks(ReadLine("i was i was there", style)),
              ElementsAre(kNone, kNone | kComma, kNone, kNone, kNone));
}

TEST(ReadLine, WhoTypesLeavesMarksOut) {
  CorpusStyle style;
  style.typed = true;
  EXPECT_THAT(Marks(ReadLine("Two tickets please", style)), ElementsAre(kNone, kNone, kAnyClass));
  EXPECT_THAT(Marks(ReadLine("two tickets. please", style)),
              ElementsAre(kAnyClass, kAnyClass, kAnyClass));
}

TEST(ReadLine, ACommitteeWritesCapitalsThatOthersWouldNot) {
  CorpusStyle style;
  style.formal = true;
  EXPECT_THAT(Cases(ReadLine("On the Bill in Wales the TV said", style)),
              ElementsAre(kAnyClass, kLower, kLower | kFirst, kLower, kLower | kFirst, kLower,
                          kUpper, kLower));
}

class CorpusFile : public ::testing::Test {
 protected:
  std::vector<Dialog> Read(const std::string& text) {
    std::ofstream(directory_.File("corpus.tsv")) << text;
    std::vector<Dialog> dialogs;
    ReadCorpus(directory_.File("corpus.tsv"), {},
               [&](Dialog dialog) { dialogs.push_back(std::move(dialog)); });
    return dialogs;
  }
  TempDir directory_;
};

TEST_F(CorpusFile, SpeakersEndWhereAnotherBegins) {
  const auto dialogs = Read("d1\ta\tHello there.\nd1\ta\tYes?\nd1\tb\tHi.\nd2\tb\tBye.\n");
  ASSERT_EQ(dialogs.size(), 2U);
  EXPECT_EQ(dialogs[0].name, "d1");
  ASSERT_EQ(dialogs[0].words.size(), 4U);
  EXPECT_FALSE(dialogs[0].words[1].speaker_end);
  EXPECT_TRUE(dialogs[0].words[1].line_end);
  EXPECT_TRUE(dialogs[0].words[2].speaker_end);
  EXPECT_TRUE(dialogs[0].words[3].speaker_end);
}

TEST_F(CorpusFile, IsRefusedWithItsName) {
  EXPECT_THROW(Read("no tabs\n"), std::runtime_error);
  EXPECT_THROW(ReadCorpus(directory_.File("none"), {}, [](const Dialog&) {}), std::runtime_error);
}

TEST_F(CorpusFile, LabelledWordsAreOneDialog) {
  std::ofstream(directory_.File("words.tsv")) << "but\tCOMMA\nyou\tO\nknow\tQUESTION\nok\tPERIOD\n";
  const Dialog dialog = ReadLabelledWords(directory_.File("words.tsv"));
  EXPECT_THAT(Forms(dialog.words), ElementsAre("but", "you", "know", "ok"));
  EXPECT_THAT(Marks(dialog.words), ElementsAre(kComma, kNone, kQuestion, kPeriod));
}

}  // namespace
}  // namespace cxscribe::punctuation
