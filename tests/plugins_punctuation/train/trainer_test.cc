#include "plugins/punctuation/train/trainer.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/punctuation/train/evaluation.h"
#include "plugins/punctuation/train/lexicon.h"

namespace cxscribe::punctuation {
namespace {

using ::testing::ElementsAre;

// A language in which every third word is a stop, and "who" at its start makes a question.
std::vector<Dialog> SmallCorpus(int lines) {
  std::mt19937 random(1);
  const char* subjects[] = {"Who", "He", "She"};
  const char* verbs[] = {"calls", "pays", "asks"};
  const char* objects[] = {"us", "them", "Denver"};
  std::vector<Dialog> dialogs;
  for (int i = 0; i < lines; ++i) {
    Dialog dialog;
    for (int k = 0; k < 20; ++k) {
      const std::string subject = subjects[random() % 3];
      const std::string line = subject + " " + verbs[random() % 3] + " " + objects[random() % 3] +
                               (subject == "Who" ? "?" : ".");
      for (TrainingWord& word : ReadLine(line, {})) dialog.words.push_back(std::move(word));
    }
    dialog.words.back().speaker_end = true;
    dialogs.push_back(std::move(dialog));
  }
  return dialogs;
}

TEST(Trainer, LearnsASmallLanguage) {
  Lexicon lexicon;
  const std::vector<Dialog> dialogs = SmallCorpus(40);
  for (const Dialog& dialog : dialogs) lexicon.Add(dialog);
  const Vocabulary vocabulary(lexicon.Words(3));
  Shape shape;
  shape.words = static_cast<std::uint32_t>(vocabulary.words().size()) + kFirstKnownWord;
  shape.buckets = {64, 64};
  shape.e = 16;
  shape.d = 32;
  shape.layers = 2;
  Material material;
  for (const Dialog& dialog : dialogs) material.Add(dialog, vocabulary, shape.buckets);
  Parameters parameters(shape, 1);
  TrainingSettings settings;
  settings.steps = 150;
  settings.batch = 8;
  settings.sequence = 64;
  settings.rate = 5e-3F;
  settings.dropout = 0;  // a language so small leaves nothing out
  settings.inner_dropout = 0;
  settings.forget_pair = 0;
  double first = 0;
  double last = 0;
  Train(settings, material, &parameters, [&](int step, double loss) {
    if (step == 1) first = loss;
    last = loss;
  });
  EXPECT_LT(last, first / 5);
  const Quality quality = Evaluate(parameters, material, Cut::kBlind);
  EXPECT_GT(quality.all_marks.F1(), 95);
  EXPECT_GT(quality.capitals.F1(), 95);
}

TEST(CutSegments, KeepsSpeakersAndCutsAsAsked) {
  const Vocabulary vocabulary;
  Material material;
  for (const Dialog& dialog : SmallCorpus(3)) material.Add(dialog, vocabulary, {8, 8});
  const auto lines = CutSegments(material, Cut::kLines, 1);
  EXPECT_EQ(lines[2].ends, Ends::kSegment);
  EXPECT_EQ(lines[1].ends, Ends::kNothing);
  EXPECT_EQ(lines[59].ends, Ends::kSpeaker);
  const auto blind = CutSegments(material, Cut::kBlind, 1);
  int since = 0;
  for (std::size_t i = 0; i < blind.size(); ++i) {
    ++since;
    EXPECT_EQ(blind[i].ends == Ends::kSpeaker, i % 60 == 59);
    if (blind[i].ends == Ends::kNothing) continue;
    EXPECT_LE(since, 25);
    since = 0;
  }
}

TEST(Lexicon, KeepsFrequentWordsAndSpellingsOfTheirOwn) {
  Lexicon lexicon;
  Dialog dialog;
  for (int i = 0; i < 3; ++i) {
    for (TrainingWord& word : ReadLine("i saw McDonald at the mall with 2 MCDONALDS", {})) {
      dialog.words.push_back(std::move(word));
    }
  }
  for (TrainingWord& word : ReadLine("a Macdonald too", {})) dialog.words.push_back(word);
  lexicon.Add(dialog);
  EXPECT_THAT(lexicon.MixedForms(2), ElementsAre("McDonald"));
  EXPECT_EQ(lexicon.Words(3).size(), 9U);
  EXPECT_EQ(lexicon.Words(4).size(), 0U);
}

// Where a speaker draws breath: mostly at marks, but before "and" without one, too.
TEST(CutSegments, BreathsFallBeforeConjunctions) {
  Dialog dialog;
  for (int i = 0; i < 2000; ++i) {
    for (TrainingWord& word : ReadLine("we call and they pay", {})) {
      word.line_end = false;
      dialog.words.push_back(std::move(word));
    }
  }
  Material material;
  material.Add(dialog, Vocabulary({"we"}), {64, 64});
  const std::vector<Features> cut = CutSegments(material, Cut::kBreaths, 5);
  int before_and = 0;
  int elsewhere = 0;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    if (cut[i].ends == Ends::kSegment) ++(i % 5 == 1 ? before_and : elsewhere);
  }
  EXPECT_NEAR(before_and, 700, 100);  // 35 in 100
  EXPECT_NEAR(elsewhere, 160, 60);    // 2 in 100 of the other four words
}

}  // namespace
}  // namespace cxscribe::punctuation
