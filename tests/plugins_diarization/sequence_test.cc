#include "plugins/diarization/sequence.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr double kTelling = 12;  // a phrase that only one side says

Observation First(double text = 0) { return {.label = Side::kFirst, .text = text}; }
Observation Second(double text = 0) { return {.label = Side::kSecond, .text = text}; }
Observation Nobody(double text = 0) { return {.label = std::nullopt, .text = text}; }

TEST(Sequence, OfNothingIsNothing) { EXPECT_THAT(Decide({}), IsEmpty()); }

TEST(Sequence, LabelsStandWithoutASign) {
  EXPECT_THAT(Decide({First(), Second(), Second(), First()}),
              ElementsAre(Optional(Side::kFirst), Optional(Side::kSecond), Optional(Side::kSecond),
                          Optional(Side::kFirst)));
}

TEST(Sequence, WhatIsSaidAloneDoesNotMoveALabel) {
  EXPECT_THAT(Decide({First(), Second(kTelling), First()})[1], Optional(Side::kSecond));
  EXPECT_THAT(Decide({Second(1000)})[0], Optional(Side::kSecond));
}

TEST(Sequence, NeighboursAloneDoNotMoveALabel) {
  EXPECT_THAT(Decide({First(), First(), Second(), First(), First()})[2], Optional(Side::kSecond));
}

TEST(Sequence, EverythingTogetherDoes) {
  std::vector<Observation> observations = {First(kTelling), Second(kTelling), First(kTelling)};
  observations[1].goes_on = observations[2].goes_on = true;
  EXPECT_THAT(Decide(observations), Each(Optional(Side::kFirst)));
  for (Observation& observation : observations) {  // and the other way round
    observation.text = -observation.text;
    observation.label = observation.label == Side::kFirst ? Side::kSecond : Side::kFirst;
  }
  EXPECT_THAT(Decide(observations), Each(Optional(Side::kSecond)));
}

TEST(Sequence, AGapIsFilledByNeighboursOrByWhatIsSaid) {
  EXPECT_THAT(Decide({First(), Nobody(), First()})[1], Optional(Side::kFirst));
  EXPECT_THAT(Decide({First(), Nobody(-kTelling), First()})[1], Optional(Side::kSecond));
  EXPECT_THAT(Decide({First(), Nobody(kTelling), Second()})[1], Optional(Side::kFirst));
}

TEST(Sequence, AGapBetweenTheTwoIsAGuess) {
  EXPECT_EQ(Decide({First(), Nobody(), Second()})[1], std::nullopt);
  EXPECT_EQ(Decide({Nobody()})[0], std::nullopt);
}

TEST(Sequence, AfterAPauseNeighboursSayNothing) {
  std::vector<Observation> observations = {First(), Nobody(), First()};
  observations[1].apart = observations[2].apart = true;
  EXPECT_EQ(Decide(observations)[1], std::nullopt);
}

TEST(Sequence, OddsAreThoseOfTheChain) {
  // Two segments by hand: the sum over the other's two states.
  const std::vector<Observation> observations = {First(), Nobody()};
  const double label = std::exp(3.5);
  const double stay = std::exp(0.5);
  const double odds = std::log((label * stay + 1) / (label + stay));
  EXPECT_NEAR(LogOddsOfFirst(observations)[1], odds, 1e-9);
  EXPECT_NEAR(LogOddsOfFirst(observations)[0], 3.5, 1e-9);
}

TEST(Sequence, LongCallsLoseNoPrecision) {
  std::vector<Observation> observations(200'000, First(kTelling));
  observations[100'000] = Nobody();
  const std::vector<double> odds = LogOddsOfFirst(observations);
  for (const double value : odds) ASSERT_TRUE(std::isfinite(value));
  EXPECT_NEAR(odds[50'000], odds[150'000], 1e-9);
}

}  // namespace
}  // namespace cxscribe::diarization
