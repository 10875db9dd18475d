#include "plugins/diarization/role_model.h"

#include <cstring>
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

TEST(Runs, AreOneTwoAndThreeWordsLong) {
  EXPECT_EQ(Runs("").size(), 0U);
  EXPECT_EQ(Runs("yes").size(), 3U);     // yes; ^ yes; yes $
  EXPECT_EQ(Runs("oh yes").size(), 7U);  // 2 words; ^ oh, oh yes, yes $; ^ oh yes, oh yes $
  EXPECT_EQ(Runs("oh yes i").size(), 10U);
}

TEST(Runs, KnowTheOrderOfWords) { EXPECT_NE(Runs("oh yes"), Runs("yes oh")); }

TEST(RoleModel, AddsUpItsWeights) {
  std::vector<std::int8_t> weights(1U << 18);
  weights[Runs("refund")[0]] = -100;
  const RoleModel model(0.5F, 0.01F, weights);
  EXPECT_FLOAT_EQ(model.LogOdds(SpokenWords("Refund!")), -0.5F);
  EXPECT_FLOAT_EQ(model.LogOdds(SpokenWords("hello")), 0.5F);
  EXPECT_FLOAT_EQ(model.LogOdds({}), 0);
}

TEST(RoleModel, ComesBackAsItWasWritten) {
  const RoleModel model(0.25F, 0.5F, {1, -2, 3, 127});
  const std::string bytes = model.Write();
  const auto read = RoleModel::Read(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->Write(), bytes);
}

TEST(RoleModel, RefusesEverythingElse) {
  const std::string bytes = RoleModel(0, 1, {1, 2, 3, 4}).Write();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(RoleModel::Read(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(RoleModel::Read(bytes + "x").has_value());
  EXPECT_FALSE(RoleModel::Read(RoleModel(0, 1, {1, 2, 3}).Write()).has_value());
  std::string nan = bytes;
  const float none = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(&nan[8], &none, sizeof(none));
  EXPECT_FALSE(RoleModel::Read(nan).has_value());
}

TEST(RoleModel, TheBuiltInOneKnowsItsSides) {
  ASSERT_TRUE(RoleModel::Read(EmbeddedModel()).has_value());
  const auto odds = [](std::string_view text) {
    return RoleModel::English().LogOdds(SpokenWords(text));
  };
  EXPECT_GT(odds("your reservation is confirmed is there anything else i can help you with"), 1);
  EXPECT_LT(odds("i'd like to book a table for two please"), -1);
}

TEST(Evidence, CuesOutweighTheModel) {
  const Evidence agent = EvidenceOf("thank you for calling how can i help you");
  EXPECT_GE(agent.agent_cues, 8);
  EXPECT_GT(agent.lean, 20);
  EXPECT_LT(EvidenceOf("i'm calling because i got a bill").lean, -10);
  EXPECT_EQ(EvidenceOf("").lean, 0);
  EXPECT_LT(std::abs(EvidenceOf("yeah").lean), 1.01);
}

TEST(Evidence, ConfidenceRisesWithTheDifference) {
  EXPECT_DOUBLE_EQ(RoleConfidence(0), 0.5);
  EXPECT_LT(RoleConfidence(2), RoleConfidence(8));
  EXPECT_DOUBLE_EQ(RoleConfidence(-8), RoleConfidence(8));
  EXPECT_DOUBLE_EQ(RoleConfidence(1e9), 0.99);
}

TEST(BreaksOff, WhereNoSentenceEnds) {
  for (const char* text : {"i went to the", "and um ", "because", "So that's"}) {
    EXPECT_TRUE(BreaksOff(text)) << text;
  }
  for (const char* text : {"", "  ", "yes", "i went to the.", "[PII]", "the store"}) {
    EXPECT_FALSE(BreaksOff(text)) << text;
  }
}

}  // namespace
}  // namespace cxscribe::diarization
