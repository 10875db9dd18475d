#include "plugins/training/logistic.h"

#include <cmath>

#include <gtest/gtest.h>

namespace cxscribe::training {
namespace {

LogisticSettings Settings() {
  LogisticSettings settings;
  settings.buckets = 8;
  settings.epochs = 50;
  return settings;
}

// Feature 1 says yes, feature 2 no, feature 3 nothing.
std::vector<Example> Examples() {
  std::vector<Example> examples;
  for (int i = 0; i < 20; ++i) {
    examples.push_back({{1, 3}, 1, 0});
    examples.push_back({{2, 3}, 0, 1});
  }
  return examples;
}

void Ignore(int /*epoch*/, double /*loss*/, double /*right*/) {}

TEST(Logistic, LearnsWhichFeatureSaysWhat) {
  int epochs = 0;
  double first = 0;
  double last = 0;
  double share = 0;
  const Logistic model =
      TrainLogistic(Settings(), Examples(), [&](int epoch, double loss, double right) {
        EXPECT_EQ(epoch, ++epochs);
        if (epoch == 1) first = loss;
        last = loss;
        share = right;
      });
  EXPECT_EQ(epochs, 50);
  EXPECT_LT(last, first / 2);
  EXPECT_EQ(share, 1);
  ASSERT_EQ(model.weights.size(), 8U);
  EXPECT_GT(model.weights[1], 60);
  EXPECT_LT(model.weights[2], -60);
  EXPECT_LT(std::abs(model.weights[3]), 10);
  EXPECT_EQ(model.weights[0], 0);
  EXPECT_GT(model.scale, 0);
}

TEST(Logistic, OneSeedGivesOneModel) {
  const Logistic once = TrainLogistic(Settings(), Examples(), Ignore);
  const Logistic again = TrainLogistic(Settings(), Examples(), Ignore);
  EXPECT_EQ(once.weights, again.weights);
  EXPECT_EQ(once.bias, again.bias);
  LogisticSettings other = Settings();
  other.seed = 2;
  EXPECT_NE(TrainLogistic(other, Examples(), Ignore).bias, once.bias);
}

TEST(Logistic, WhatIsBothIsUncertain) {
  const Logistic model = TrainLogistic(Settings(), {{{1}, 3, 1}, {{2}, 1, 1}}, Ignore);
  const float sure = model.bias + model.scale * static_cast<float>(model.weights[1]);
  EXPECT_NEAR(sure, std::log(3), 0.5);
  EXPECT_NEAR(model.bias + model.scale * static_cast<float>(model.weights[2]), 0, 0.5);
}

TEST(Logistic, OfNothingKnowsNothing) {
  const Logistic model = TrainLogistic(Settings(), {}, Ignore);
  EXPECT_EQ(model.bias, 0);
  EXPECT_EQ(model.weights, std::vector<std::int8_t>(8, 0));
}

}  // namespace
}  // namespace cxscribe::training
