#include "server/pipeline/talk_statistics.h"

#include <limits>

#include <gtest/gtest.h>

#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

void Add(v1::Transcript& transcript, const std::string& recording, const std::string& speaker,
         int start, int end, const std::string& text = "one two") {
  v1::Segment segment = Segment(text, speaker, recording);
  segment.set_start_ms(start);
  segment.set_end_ms(end);
  *transcript.add_segments() = segment;
}

TEST(TalkStatistics, OfNothingAreNothing) {
  const v1::TalkStatistics statistics = ComputeTalkStatistics({});
  EXPECT_EQ(statistics.total_ms(), 0);
  EXPECT_EQ(statistics.speakers_size(), 0);
}

TEST(TalkStatistics, CountSilenceAtTheStartAndBetween) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 100, 200);
  Add(transcript, "a", "customer", 250, 300);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), 300);
  EXPECT_EQ(statistics.silence_ms(), 150);
  EXPECT_EQ(statistics.overlap_ms(), 0);
}

TEST(TalkStatistics, OverlapIsBetweenSpeakersNotWithinOne) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 100);
  Add(transcript, "a", "agent", 50, 150);
  Add(transcript, "a", "customer", 120, 200);
  Add(transcript, "a", "third", 130, 140);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.overlap_ms(), 30);  // three at once are not counted twice
  EXPECT_EQ(statistics.silence_ms(), 0);
  ASSERT_EQ(statistics.speakers_size(), 3);
  EXPECT_EQ(statistics.speakers(0).speaker(), "agent");
  EXPECT_EQ(statistics.speakers(0).talk_ms(), 150);
  EXPECT_EQ(statistics.speakers(0).segment_count(), 2);
  EXPECT_EQ(statistics.speakers(0).word_count(), 4);
  EXPECT_EQ(statistics.speakers(1).speaker(), "customer");
  EXPECT_EQ(statistics.speakers(2).speaker(), "third");
}

TEST(TalkStatistics, TouchingSegmentsAreNeitherSilenceNorOverlap) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 100);
  Add(transcript, "a", "customer", 100, 200);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.overlap_ms(), 0);
  EXPECT_EQ(statistics.silence_ms(), 0);
}

TEST(TalkStatistics, RecordingsAreTimeLinesOfTheirOwn) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 100);
  Add(transcript, "b", "customer", 0, 50);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), 150);
  EXPECT_EQ(statistics.overlap_ms(), 0);
}

TEST(TalkStatistics, StrangeTimesCountAsEmpty) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 100, 50);
  Add(transcript, "a", "agent", -20, 10);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), 100);
  EXPECT_EQ(statistics.speakers(0).talk_ms(), 10);
  EXPECT_EQ(statistics.silence_ms(), 90);
}

TEST(TalkStatistics, LongSumsAreCapped) {
  v1::Transcript transcript;
  for (const char* recording : {"a", "b"}) {
    Add(transcript, recording, "agent", 0, std::numeric_limits<int32_t>::max());
  }
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), std::numeric_limits<int32_t>::max());
  EXPECT_EQ(statistics.speakers(0).talk_ms(), std::numeric_limits<int32_t>::max());
}

TEST(TalkStatistics, TheSourcesWordsAreCountedWhereItGaveAny) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 1, "  spaced   out  ");
  Add(transcript, "a", "customer", 1, 2, "ohneleerzeichen");
  AddWords(*transcript.mutable_segments(1), {"ohne", "leer", "zeichen"});
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.speakers(0).word_count(), 2);
  EXPECT_EQ(statistics.speakers(1).word_count(), 3);
}

}  // namespace
}  // namespace cxscribe
