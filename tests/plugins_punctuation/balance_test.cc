#include "plugins/punctuation/balance.h"

#include <cmath>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::punctuation {
namespace {

using ::testing::Each;
using ::testing::FloatNear;

// At each word a comma of probability `chance`, or none.
MarkChances Comma(float chance) { return {1 - chance, chance, 0, 0}; }

TEST(ChancesOf, AddUpToOneAndKeepTheOrder) {
  const float scores[kMarks] = {1.5F, -2, 0.25F, -60};
  const MarkChances chances = ChancesOf(scores);
  EXPECT_FLOAT_EQ(chances[0] + chances[1] + chances[2] + chances[3], 1);
  EXPECT_GT(chances[0], chances[2]);
  EXPECT_GT(chances[2], chances[1]);
  EXPECT_GT(chances[1], chances[3]);
}

TEST(ChancesOf, IsTheExponentialOfTheScores) {
  for (float apart = 0; apart < 70; apart += 0.37F) {
    const float scores[kMarks] = {apart, 0, 0, 0};
    const MarkChances chances = ChancesOf(scores);
    EXPECT_NEAR(std::log(chances[0] / chances[1]), 0.75F * apart, 1e-4F * apart + 1e-6F) << apart;
  }
}

TEST(ChancesOf, ScoresFarApartAreCertain) {
  const float scores[kMarks] = {-1e30F, 0, 1e30F, 3};
  EXPECT_THAT(ChancesOf(scores)[2], FloatNear(1, 1e-6F));
  const float equal[kMarks] = {-7, -7, -7, -7};
  EXPECT_THAT(ChancesOf(equal), Each(FloatNear(0.25F, 1e-6F)));
}

TEST(Balance, StartsFromTheUsual) { EXPECT_FLOAT_EQ(Balance().Limit(), 0.375F); }

TEST(Balance, AModelThatIsSureOfAllItSaysWritesWhatIsLikelierThanNot) {
  Balance balance;
  for (int i = 0; i < 10000; ++i) balance.Add(Comma(i % 10 == 0 ? 1.0F : 0.0F));
  EXPECT_NEAR(balance.Limit(), 0.5, 0.01);
}

TEST(Balance, AReluctantModelNeedsToBeLessSure) {
  Balance balance;
  for (int i = 0; i < 10000; ++i) balance.Add(Comma(i % 10 == 0 ? 0.4F : 0.01F));
  EXPECT_LT(balance.Limit(), 0.3);
  EXPECT_GT(balance.Limit(), 0.1);
}

// The limit against all limits there are, on words whose marks come with the chances that are given.
TEST(Balance, NoOtherLimitGivesABetterF1) {
  for (const double power : {0.5, 1.0, 3.0}) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> uniform;
    std::vector<float> chances(50000);
    std::vector<bool> due(chances.size());
    Balance balance;
    for (std::size_t i = 0; i < chances.size(); ++i) {
      chances[i] = static_cast<float>(std::pow(uniform(random), power));
      due[i] = uniform(random) < chances[i];
      balance.Add(Comma(chances[i]));
    }
    const auto f1 = [&](float limit) {
      double right = 0;
      double all = 0;
      for (std::size_t i = 0; i < chances.size(); ++i) {
        const bool written = chances[i] > limit;
        right += written && due[i] ? 2 : 0;
        all += (written ? 1 : 0) + (due[i] ? 1 : 0);
      }
      return right / all;
    };
    const double ours = f1(balance.Limit());
    for (float limit = 0.02F; limit < 1; limit += 0.02F)
      EXPECT_GT(ours, f1(limit) - 0.003) << limit;
  }
}

}  // namespace
}  // namespace cxscribe::punctuation
