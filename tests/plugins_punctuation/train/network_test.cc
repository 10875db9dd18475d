// The gradients against differences of the loss.
#include "plugins/punctuation/train/network.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/plugins_punctuation/small_model.h"

namespace cxscribe::punctuation {
namespace {

constexpr int kWords = 24;
constexpr float kCaseWeight = 0.5F;

std::vector<Target> SomeTargets() {
  std::vector<Target> targets(kWords);
  for (int i = 0; i < kWords; ++i) {
    targets[static_cast<std::size_t>(i)].marks = static_cast<ClassSet>(1U << (i % 4));
    targets[static_cast<std::size_t>(i)].cases =
        static_cast<ClassSet>(i % 5 == 0 ? 0b0101 : 0b0010);
  }
  targets[3].marks = kAnyClass;
  return targets;
}

double LossOf(const Parameters& parameters, const Dropout& dropout = {}) {
  Pass pass(parameters, kWords);
  std::vector<float> gradient(parameters.dense.size());
  pass.Forward(SomeFeatures(kWords).data(), kWords, dropout);
  return pass.Backward(SomeTargets().data(), kCaseWeight, &gradient);
}

double Slope(Parameters* parameters, float* parameter, const Dropout& dropout = {}) {
  constexpr float kStep = 4e-3F;
  const float at = *parameter;
  *parameter = at + kStep;
  const double above = LossOf(*parameters, dropout);
  *parameter = at - kStep;
  const double below = LossOf(*parameters, dropout);
  *parameter = at;
  return (above - below) / (2 * kStep);
}

void ExpectNear(double gradient, double slope, const std::string& where) {
  EXPECT_NEAR(gradient, slope, 0.02 + 0.03 * std::fabs(slope)) << where;
}

TEST(Network, GradientsOfDenseParametersAreSlopes) {
  Parameters parameters(SmallShape(), 3);
  Pass pass(parameters, kWords);
  std::vector<float> gradient(parameters.dense.size());
  pass.Forward(SomeFeatures(kWords).data(), kWords);
  pass.Backward(SomeTargets().data(), kCaseWeight, &gradient);
  for (std::size_t i = 0; i < gradient.size(); i += 37) {
    ExpectNear(gradient[i], Slope(&parameters, &parameters.dense[i]), std::to_string(i));
  }
}

TEST(Network, WhatIsLeftOutHasNoPartInTheGradients) {
  Parameters parameters(SmallShape(), 3);
  Pass pass(parameters, kWords);
  std::vector<float> gradient(parameters.dense.size());
  const Dropout dropout = {0.2F, 0.3F, 11};
  pass.Forward(SomeFeatures(kWords).data(), kWords, dropout);
  pass.Backward(SomeTargets().data(), kCaseWeight, &gradient);
  for (std::size_t i = 0; i < gradient.size(); i += 53) {
    ExpectNear(gradient[i], Slope(&parameters, &parameters.dense[i], dropout), std::to_string(i));
  }
}

TEST(Network, GradientsOfEmbeddingsAreSlopes) {
  Parameters parameters(SmallShape(), 3);
  Pass pass(parameters, kWords);
  std::vector<float> gradient(parameters.dense.size());
  const std::vector<Features> features = SomeFeatures(kWords);
  pass.Forward(features.data(), kWords);
  pass.Backward(SomeTargets().data(), kCaseWeight, &gradient);
  const std::size_t e = parameters.shape.e;
  const std::size_t row = features[7].pair;
  for (std::size_t k = 0; k < e; k += 3) {
    double sum = 0;  // of all words with this pair
    for (std::size_t t = 0; t < kWords; ++t) {
      if (features[t].pair == row) sum += pass.embedding_gradient()[t * e + k];
    }
    ExpectNear(sum, Slope(&parameters, &parameters.tables.pairs[row * e + k]), std::to_string(k));
  }
}

TEST(Network, AWordOfAnyClassTeachesNothing) {
  const Parameters parameters(SmallShape(), 3);
  Pass pass(parameters, kWords);
  std::vector<float> gradient(parameters.dense.size());
  pass.Forward(SomeFeatures(kWords).data(), kWords);
  const std::vector<Target> targets(kWords);
  EXPECT_NEAR(pass.Backward(targets.data(), kCaseWeight, &gradient), 0, 1e-6);
  for (const float value : gradient) EXPECT_NEAR(value, 0, 1e-5);
}

TEST(Network, DroppedNumbersAreTheSameForTheSameSeed) {
  const Parameters parameters(SmallShape(), 3);
  Pass first(parameters, kWords);
  Pass second(parameters, kWords);
  const auto features = SomeFeatures(kWords);
  const float* a = first.Forward(features.data(), kWords, {0.3F, 0.2F, 9});
  const float* b = second.Forward(features.data(), kWords, {0.3F, 0.2F, 9});
  EXPECT_TRUE(std::equal(a, a + kWords * kScores, b));
  const std::vector<float> kept(a, a + kWords * kScores);
  const float* c = first.Forward(features.data(), kWords, {0.3F, 0.2F, 10});
  EXPECT_FALSE(std::equal(kept.begin(), kept.end(), c));
}

}  // namespace
}  // namespace cxscribe::punctuation
