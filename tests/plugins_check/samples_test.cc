#include "plugins/check/samples.h"

#include <gtest/gtest.h>

#include "plugins/host/limits.h"
#include "plugins/host/transcript_codec.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

// A transcript that the host would not give to a plugin proves nothing about the plugin.
void ExpectValidInput(const v1::Transcript& transcript, const std::string& name) {
  const auto encoded = EncodedTranscript::Encode(transcript);
  ASSERT_TRUE(encoded.ok()) << name << ": " << encoded.status();
  EXPECT_TRUE((*encoded)->ordered()) << name;
  EXPECT_TRUE((*encoded)->times_valid()) << name;
}

TEST(Samples, AreAllValidInput) {
  for (const InputCase& input : SmallInputs()) ExpectValidInput(input.transcript, input.name);
  ExpectValidInput(LargeSegments(), "large segments");
  ConversationShape longest;
  longest.segments = static_cast<int>(kMaxSegments);
  longest.text_bytes = 100;
  longest.words = false;
  ExpectValidInput(Conversation(longest), "the longest conversation");
}

TEST(Samples, LargeSegmentsAreAsLargeAsSegmentsGet) {
  const v1::Transcript transcript = LargeSegments();
  ASSERT_EQ(transcript.segments_size(), 10);
  size_t largest = 0;
  for (const v1::Segment& segment : transcript.segments()) {
    EXPECT_GT(segment.text().size(), kMaxSegmentBytes - 32);
    largest = std::max(largest, segment.text().size());
  }
  EXPECT_EQ(largest, kMaxSegmentBytes);
}

TEST(Samples, UnicodeReachesTheLastCodePoint) {
  bool last = false;
  bool zero = false;
  const v1::Transcript transcript = UnicodeEdges();
  for (const v1::Segment& segment : transcript.segments()) {
    EXPECT_TRUE(IsValidUtf8(segment.text()));
    last = last || segment.text().find("\xF4\x8F\xBF\xBF") != std::string::npos;
    zero = zero || segment.text().find('\0') != std::string::npos;
  }
  EXPECT_TRUE(last);
  EXPECT_TRUE(zero);
}

TEST(Samples, ConversationsAreShapedAsAsked) {
  ConversationShape shape;
  shape.segments = 90;
  shape.recordings = 3;
  shape.words = false;
  shape.speakers = false;
  const v1::Transcript transcript = Conversation(shape);
  ASSERT_EQ(transcript.segments_size(), 90);
  EXPECT_EQ(transcript.segments(0).recording_id(), "rec_check_1");
  EXPECT_EQ(transcript.segments(89).recording_id(), "rec_check_3");
  EXPECT_TRUE(transcript.segments(5).speaker().empty());
  EXPECT_EQ(transcript.segments(5).words_size(), 0);
}

}  // namespace
}  // namespace cxscribe
