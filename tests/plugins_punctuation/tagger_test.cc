#include "plugins/punctuation/tagger.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "plugins/punctuation/embedded_model.h"
#include "tests/plugins_punctuation/small_model.h"

namespace cxscribe::punctuation {
namespace {

std::vector<float> TagAll(const Tagger& tagger, const std::vector<Features>& features,
                          std::size_t piece) {
  Tagger::Workspace workspace;
  std::vector<float> scores(features.size() * kScores);
  for (std::size_t at = 0; at < features.size(); at += piece) {
    tagger.Tag(features.data(), features.size(), at, std::min(features.size(), at + piece),
               &workspace, &scores[at * kScores]);
  }
  return scores;
}

TEST(Tagger, PiecesGiveWhatTheWholeGives) {
  const Model model = SmallModel();
  const Tagger tagger(model);
  const std::vector<Features> features = SomeFeatures(200);
  const std::vector<float> whole = TagAll(tagger, features, features.size());
  EXPECT_EQ(TagAll(tagger, features, 1), whole);
  EXPECT_EQ(TagAll(tagger, features, 7), whole);
  EXPECT_EQ(TagAll(tagger, features, 64), whole);
}

TEST(Tagger, WhatIsOutOfReachHasNoSay) {
  const Model model = SmallModel();
  const Tagger tagger(model);
  std::vector<Features> features = SomeFeatures(60);
  const std::size_t reach = Reach(model.shape);
  ASSERT_EQ(reach, 8U);
  const std::vector<float> before = TagAll(tagger, features, 60);
  features[30].word = (features[30].word + 1) % 5;
  const std::vector<float> after = TagAll(tagger, features, 60);
  const auto changed = [&](std::size_t t) {
    return !std::equal(&before[t * kScores], &before[t * kScores] + kScores, &after[t * kScores]);
  };
  EXPECT_TRUE(changed(30));
  EXPECT_FALSE(changed(30 - reach - 1));
  EXPECT_FALSE(changed(30 + reach + 1));
}

// What is trained is what runs, but for the rounding.
TEST(Tagger, ComputesWhatWasTrained) {
  const Parameters parameters(SmallShape(), 5);
  const Model model = SmallModel();
  const std::vector<Features> features = SomeFeatures(100);
  const std::vector<float> scores = TagAll(Tagger(model), features, 100);
  Pass pass(parameters, 100);
  const float* trained = pass.Forward(features.data(), 100);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_NEAR(scores[i], trained[i], 0.05) << i;
  }
}

// A transcript can be held against its evidence on another machine.
TEST(Tagger, EveryProcessorComputesTheSame) {
  std::string error;
  const auto model = ReadModel(EmbeddedModel(), &error);
  ASSERT_NE(model, nullptr) << error;
  const Tagger tagger(*model);
  std::vector<Features> features(300);
  for (std::size_t i = 0; i < features.size(); ++i) {
    features[i].word = static_cast<std::uint32_t>(i * 61 % model->shape.words);
    features[i].begin = static_cast<std::uint32_t>(i * 17 % model->shape.buckets.affixes);
    features[i].end = static_cast<std::uint32_t>(i * 29 % model->shape.buckets.affixes);
    features[i].pair = static_cast<std::uint32_t>(i * 97 % model->shape.buckets.pairs);
  }
  Tagger::Workspace workspace;
  std::vector<float> portable(features.size() * kScores);
  tagger.TagPortably(features.data(), features.size(), 0, features.size(), &workspace,
                     portable.data());
  EXPECT_EQ(TagAll(tagger, features, features.size()), portable);
}

TEST(Tagger, NothingIsTaggedOfNothing) {
  const Model model = SmallModel();
  Tagger::Workspace workspace;
  Tagger(model).Tag(nullptr, 0, 0, 0, &workspace, nullptr);
}

}  // namespace
}  // namespace cxscribe::punctuation
