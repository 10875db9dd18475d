#include "plugins/diarization/recording.h"

#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

// One line in as many parts, spoken in turn by the two whom it may be; the first has the label. In
// the second, somebody takes over.
Recording InParts(std::size_t parts) {
  Recording recording;
  recording.speakers.resize(2);
  for (std::size_t i = 0; i < parts; ++i) {
    Part part;
    part.begin = 10 * i;
    part.end = part.begin + 10;
    part.labelled = 0;
    part.who = i % 2;
    part.words = 2;
    if (i == 1) part.handover = Handover::kTakesOver;
    if (i > 0) part.cut = 5000;
    recording.parts.push_back(part);
  }
  return recording;
}

TEST(JoinParts, KeepsThoseOfTwoSpeakersApart) {
  Recording recording = InParts(5);
  JoinParts(recording);
  EXPECT_EQ(recording.parts.size(), 5U);
}

TEST(JoinParts, MakesOneOfOneSpeakers) {
  Recording recording = InParts(3);
  recording.parts[1].who = 0;
  JoinParts(recording);
  ASSERT_EQ(recording.parts.size(), 1U);
  EXPECT_EQ(recording.parts[0].end, 30U);
  EXPECT_EQ(recording.parts[0].words, 6U);
  EXPECT_EQ(recording.parts[0].handover, Handover::kTakesOver);
}

TEST(JoinParts, LeavesALineOfVeryManyWholeAndLosesNoHandover) {
  Recording recording = InParts(6);
  JoinParts(recording);
  ASSERT_EQ(recording.parts.size(), 1U);
  EXPECT_EQ(recording.parts[0].who, 0U);
  EXPECT_EQ(recording.parts[0].end, 60U);
  EXPECT_FALSE(recording.parts[0].cut.has_value());
  EXPECT_EQ(recording.parts[0].handover, Handover::kTakesOver);
}

TEST(StayingIn, CountsBordersBetweenTwoLabels) {
  Recording recording;
  recording.speakers.resize(2);
  for (const std::size_t who : {0, 0, 0, 1, 1}) {
    Part part;
    part.labelled = part.who = who;
    recording.parts.push_back(part);
  }
  EXPECT_EQ(StayingIn(recording, 0), 833);  // three to one
  recording.parts[4].labelled = kNobody;
  EXPECT_EQ(StayingIn(recording, 0), 500);  // two to one
  recording.parts[3].start_ms = 1;          // a pause before it
  EXPECT_EQ(StayingIn(recording, 0), 1500);
  recording.speakers[0].role = Role::kIvr;
  EXPECT_EQ(StayingIn(recording, 0), 0);
}

}  // namespace
}  // namespace cxscribe::diarization
