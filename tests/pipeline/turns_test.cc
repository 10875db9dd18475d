#include "server/pipeline/turns.h"

#include <gtest/gtest.h>

#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

v1::Segment At(const std::string& recording, const std::string& speaker, int start, int end) {
  v1::Segment segment = Segment("x", speaker, recording);
  segment.set_start_ms(start);
  segment.set_end_ms(end);
  return segment;
}

TEST(Turns, AnEmptyTranscriptHasNone) {
  v1::Transcript transcript;
  transcript.add_turns();
  ComputeTurns(transcript);
  EXPECT_EQ(transcript.turns_size(), 0);
}

TEST(Turns, MergesNeighboursOfOneSpeakerInOneRecording) {
  v1::Transcript transcript;
  *transcript.add_segments() = At("a", "agent", 0, 10);
  *transcript.add_segments() = At("a", "agent", 12, 20);
  *transcript.add_segments() = At("a", "customer", 18, 30);
  *transcript.add_segments() = At("a", "agent", 30, 31);
  *transcript.add_segments() = At("b", "agent", 0, 5);
  ComputeTurns(transcript);
  ASSERT_EQ(transcript.turns_size(), 4);
  EXPECT_EQ(transcript.turns(0).segment_begin(), 0);
  EXPECT_EQ(transcript.turns(0).segment_end(), 2);
  EXPECT_EQ(transcript.turns(0).start_ms(), 0);
  EXPECT_EQ(transcript.turns(0).end_ms(), 20);
  EXPECT_EQ(transcript.turns(1).speaker(), "customer");
  EXPECT_EQ(transcript.turns(3).recording_id(), "b");
  EXPECT_EQ(transcript.turns(3).segment_begin(), 4);
  EXPECT_EQ(transcript.turns(3).segment_end(), 5);
}

TEST(Turns, TimesCoverSegmentsInAnyOrder) {
  v1::Transcript transcript;
  *transcript.add_segments() = At("a", "agent", 50, 90);
  *transcript.add_segments() = At("a", "agent", 10, 60);
  ComputeTurns(transcript);
  ASSERT_EQ(transcript.turns_size(), 1);
  EXPECT_EQ(transcript.turns(0).start_ms(), 10);
  EXPECT_EQ(transcript.turns(0).end_ms(), 90);
}

}  // namespace
}  // namespace cxscribe
