#include "plugins/diarization/speech_model.h"

#include <limits>

#include <gtest/gtest.h>

#include "plugins/diarization/embedded_model.h"
#include "plugins/diarization/evidence.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {
namespace {

std::vector<std::uint32_t> Runs(std::string_view text) {
  std::vector<std::uint32_t> runs;
  ForEachRun(SpokenWords(text), 1U << 18, [&](std::uint32_t run) { runs.push_back(run); });
  return runs;
}

std::vector<std::uint32_t> Seams(std::string_view before, std::string_view text) {
  std::vector<std::uint32_t> seams;
  ForEachSeam(SpokenWords(before), SpokenWords(text), 1U << 16,
              [&](std::uint32_t seam) { seams.push_back(seam); });
  return seams;
}

SpeechModel Small() { return {LogLinear(250, 500, {1, -2, 3, 127}), LogLinear(-7, 1, {5, -5})}; }

Evidence Of(std::string_view text) {
  const std::vector<std::string> words = SpokenWords(text);
  return EvidenceOf(words, FindCues(words));
}

TEST(Runs, AreOneTwoAndThreeWordsLong) {
  EXPECT_EQ(Runs("").size(), 0U);
  EXPECT_EQ(Runs("yes").size(), 3U);     // yes; ^ yes; yes $
  EXPECT_EQ(Runs("oh yes").size(), 7U);  // 2 words; ^ oh, oh yes, yes $; ^ oh yes, oh yes $
  EXPECT_EQ(Runs("oh yes i").size(), 10U);
}

TEST(Runs, KnowTheOrderOfWords) { EXPECT_NE(Runs("oh yes"), Runs("yes oh")); }

TEST(Seams, NeedTwoSides) {
  EXPECT_TRUE(Seams("", "yes").empty());
  EXPECT_TRUE(Seams("yes", "").empty());
  EXPECT_FALSE(Seams("is it", "yes").empty());
}

TEST(Seams, KnowWhichSideIsWhich) { EXPECT_NE(Seams("is it", "yes"), Seams("yes", "is it")); }

TEST(SpeechModel, AddsUpItsWeights) {
  std::vector<std::int8_t> weights(1U << 18);
  weights[Runs("refund")[0]] = -100;
  const SpeechModel model(LogLinear(500, 10'000, weights), LogLinear(0, 0, {0}));
  EXPECT_EQ(model.Agent(SpokenWords("Refund!")), -500);
  EXPECT_EQ(model.Agent(SpokenWords("hello")), 500);
  EXPECT_EQ(model.Agent({}), 0);
}

TEST(SpeechModel, StaysWithinBoundsWhateverItsFileSays) {
  const auto most = std::numeric_limits<std::int32_t>::max();
  const SpeechModel model(LogLinear(most, most, {127}), LogLinear(-most, most, {-128}));
  const std::vector<std::string> words = SpokenWords("a b c d e f g");
  EXPECT_EQ(model.Agent(words), 1'000'000);
  EXPECT_EQ(model.GoesOn(words, words), -1'000'000);
}

TEST(SpeechModel, ComesBackAsItWasWritten) {
  const std::string bytes = Small().Write();
  const auto read = SpeechModel::Read(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->Write(), bytes);
}

TEST(SpeechModel, RefusesEverythingElse) {
  const std::string bytes = Small().Write();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(SpeechModel::Read(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(SpeechModel::Read(bytes + "x").has_value());
  const SpeechModel three(LogLinear(0, 1, {1, 2, 3}), LogLinear(0, 1, {1}));
  EXPECT_FALSE(SpeechModel::Read(three.Write()).has_value());
}

TEST(SpeechModel, TheBuiltInOneKnowsItsSides) {
  ASSERT_TRUE(SpeechModel::Read(EmbeddedModel()).has_value());
  const auto odds = [](std::string_view text) {
    return SpeechModel::English().Agent(SpokenWords(text));
  };
  EXPECT_GT(odds("your reservation is confirmed is there anything else i can help you with"), 1000);
  EXPECT_LT(odds("i'd like to book a table for two please"), -1000);
}

TEST(SpeechModel, TheBuiltInOneKnowsAnAnswer) {
  const auto goes_on = [](std::string_view before, std::string_view text) {
    return SpeechModel::English().GoesOn(SpokenWords(before), SpokenWords(text));
  };
  EXPECT_LT(goes_on("so is that the one with the blue cover", "yeah"), -1000);
  EXPECT_LT(goes_on("what day would you like it", "friday please"), -1000);
  EXPECT_GT(goes_on("so we went to the", "shop and then to the bank"), 0);
}

TEST(Evidence, CuesOutweighTheModel) {
  const Evidence agent = Of("thank you for calling how can i help you");
  EXPECT_GE(agent.agent_cues, 8);
  EXPECT_GT(agent.lean, 20'000);
  EXPECT_LT(Of("i'm calling because i got a bill").lean, -10'000);
  EXPECT_EQ(Of("").lean, 0);
  EXPECT_LE(std::abs(Of("yeah").lean), 1000);
}

TEST(Evidence, ConfidenceRisesWithTheDifference) {
  EXPECT_EQ(RoleConfidence(0), 50);
  EXPECT_LT(RoleConfidence(2000), RoleConfidence(8000));
  EXPECT_EQ(RoleConfidence(-8000), RoleConfidence(8000));
  EXPECT_EQ(RoleConfidence(1'000'000'000), 99);
}

TEST(OpenWords, AreThoseAfterWhichNoSentenceEnds) {
  for (const char* word : {"the", "um", "because", "that's"}) EXPECT_TRUE(IsOpen(word)) << word;
  for (const char* word : {"", "yes", "store", "pii"}) EXPECT_FALSE(IsOpen(word)) << word;
}

TEST(SpokenWords, KnowWhereTheyBegin) {
  std::vector<std::size_t> begins = {7};
  EXPECT_EQ(SpokenWords(" Oh, I\xE2\x80\x99m \"in\"", &begins),
            (std::vector<std::string>{"oh", "i'm", "in"}));
  EXPECT_EQ(begins, (std::vector<std::size_t>{1, 5, 12}));
  EXPECT_TRUE(SpokenWords("?!", &begins).empty());
  EXPECT_TRUE(begins.empty());
}

}  // namespace
}  // namespace cxscribe::diarization
