#include "plugins/diarization/sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr std::int64_t kTelling = 12'000;  // a phrase that only one side says

// No habit: as many segments of the same speaker follow each other as of others.
std::vector<std::optional<Side>> Decide(const std::vector<Observation>& observations) {
  return diarization::Decide(observations, 0);
}

Observation First(std::int64_t lean = 0) { return {.label = Side::kFirst, .lean = lean}; }
Observation Second(std::int64_t lean = 0) { return {.label = Side::kSecond, .lean = lean}; }
Observation Nobody(std::int64_t lean = 0) { return {.label = std::nullopt, .lean = lean}; }

TEST(Sequence, OfNothingIsNothing) { EXPECT_THAT(Decide({}), IsEmpty()); }

TEST(Sequence, LabelsStandWithoutASign) {
  EXPECT_THAT(Decide({First(), Second(), Second(), First()}),
              ElementsAre(Optional(Side::kFirst), Optional(Side::kSecond), Optional(Side::kSecond),
                          Optional(Side::kFirst)));
}

TEST(Sequence, WhatIsSaidAloneDoesNotMoveALabel) {
  EXPECT_THAT(Decide({First(), Second(kTelling), First()})[1], Optional(Side::kSecond));
  EXPECT_THAT(Decide({Second(1000 * kTelling)})[0], Optional(Side::kSecond));
}

TEST(Sequence, NeighboursAloneDoNotMoveALabel) {
  EXPECT_THAT(Decide({First(), First(), Second(), First(), First()})[2], Optional(Side::kSecond));
}

TEST(Sequence, EverythingTogetherDoes) {
  std::vector<Observation> observations = {First(kTelling), Second(kTelling), First(kTelling)};
  for (Observation& observation : observations) {
    observation.goes_on = 3000;
  }
  EXPECT_THAT(Decide(observations), Each(Optional(Side::kFirst)));
  for (Observation& observation : observations) {  // and the other way round
    observation.lean = -observation.lean;
    observation.label = observation.label == Side::kFirst ? Side::kSecond : Side::kFirst;
  }
  EXPECT_THAT(Decide(observations), Each(Optional(Side::kSecond)));
}

TEST(Sequence, RepeatsMoveALabelTogether) {
  std::vector<Observation> observations = {Second(), First(), Second()};
  observations[1].repeats = -1;
  EXPECT_THAT(Decide(observations)[1], Optional(Side::kFirst));
  observations[1].repeats = -4;
  EXPECT_THAT(Decide(observations)[1], Optional(Side::kSecond));
  observations[1].repeats = -1'000'000;
  EXPECT_THAT(Decide(observations)[1], Optional(Side::kSecond));
}

TEST(Sequence, AnAnswerIsSomebodyElses) {
  std::vector<Observation> observations = {First(), Nobody()};
  observations[1].goes_on = -3000;
  EXPECT_THAT(Decide(observations)[1], Optional(Side::kSecond));
  observations[1].goes_on = 3000;
  EXPECT_THAT(Decide(observations)[1], Optional(Side::kFirst));
}

TEST(Sequence, ACutNeedsWordsOnBothSides) {
  // A question of the first's, under his label, and then an answer.
  std::vector<Observation> observations = {First(kTelling), First(-1000), First()};
  observations[0].trust = observations[1].trust = Trust::kPart;
  observations[1].cut = 6000;
  EXPECT_THAT(Decide(observations),
              ElementsAre(Optional(Side::kFirst), Optional(Side::kSecond), Optional(Side::kFirst)));
  observations[1].cut = 1000;  // no more than a pause
  EXPECT_THAT(Decide(observations), Each(Optional(Side::kFirst)));
}

TEST(Sequence, OfSeveralLabelsWhatIsSaidChooses) {
  std::vector<Observation> observations = {First(-kTelling), First(kTelling)};
  observations[0].trust = observations[1].trust = Trust::kListed;
  observations[1].cut = 4000;
  EXPECT_THAT(Decide(observations), ElementsAre(Optional(Side::kSecond), Optional(Side::kFirst)));
}

TEST(Sequence, AGapIsFilledByWhatIsSaid) {
  EXPECT_THAT(Decide({First(), Nobody(-kTelling), First()})[1], Optional(Side::kSecond));
  EXPECT_THAT(Decide({First(), Nobody(kTelling), Second()})[1], Optional(Side::kFirst));
}

TEST(Sequence, AGapIsFilledByTheHabitsOfTheRecording) {
  const std::vector<Observation> gap = {First(), Nobody(), First()};
  EXPECT_THAT(diarization::Decide(gap, 1000)[1], Optional(Side::kFirst));
  EXPECT_THAT(diarization::Decide(gap, -1000)[1], Optional(Side::kSecond));
  EXPECT_EQ(diarization::Decide(gap, 0)[1], std::nullopt);
  // Two segments in a row that alternate with their neighbours.
  EXPECT_THAT(diarization::Decide({First(), Nobody(), Nobody(), Second()}, -1000),
              ElementsAre(Optional(Side::kFirst), Optional(Side::kSecond), Optional(Side::kFirst),
                          Optional(Side::kSecond)));
}

TEST(Sequence, HabitsAloneDoNotMoveALabel) {
  const MilliOdds never = OddsOfStaying(0, 1000);
  EXPECT_THAT(diarization::Decide({First(), First(), First()}, never),
              Each(Optional(Side::kFirst)));
  EXPECT_THAT(diarization::Decide({First(), First(-1000), First()}, never)[1],
              Optional(Side::kFirst));
}

TEST(Sequence, HabitsAreTheMeanOfTheOddsThatFit) {
  EXPECT_EQ(OddsOfStaying(0, 0), 0);
  EXPECT_EQ(OddsOfStaying(7, 7), 0);
  EXPECT_EQ(OddsOfStaying(1, 0), 1000);
  EXPECT_EQ(OddsOfStaying(3, 0), 1833);  // 1 + 1/2 + 1/3
  EXPECT_EQ(OddsOfStaying(0, 3), -1833);
  EXPECT_EQ(OddsOfStaying(3, 1), 833);
  EXPECT_EQ(OddsOfStaying(0, 1'000'000), -3000);  // and no surer
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

TEST(Sequence, OddsAreThoseOfTheBestAccounts) {
  // Two segments by hand: a label is worth 3500, and to the neighbour no more than their tie.
  const std::vector<Observation> observations = {First(), Nobody()};
  EXPECT_THAT(OddsOfFirst(observations, 500), ElementsAre(3500, 500));
}

TEST(Sequence, TheBestAccountFitsTheRightRoles) {
  std::vector<Observation> observations = {First(kTelling), Second(-kTelling), First(kTelling)};
  const std::int64_t right = BestAccount(observations, 0);
  for (Observation& observation : observations) observation.lean = -observation.lean;
  EXPECT_GT(right, BestAccount(observations, 0));
  EXPECT_EQ(BestAccount({}, 0), 0);
}

TEST(Sequence, LongCallsLoseNothing) {
  std::vector<Observation> observations(200'000, First(kTelling));
  observations[100'000] = Nobody();
  const std::vector<std::int64_t> odds = OddsOfFirst(observations, 500);
  EXPECT_EQ(odds[50'000], odds[150'000]);
}

}  // namespace
}  // namespace cxscribe::diarization
