// The transcript as plugins see it, and what may not be given to them.
#include "plugins/host/transcript_codec.h"

#include <limits>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/limits.h"
#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string_view View(const cx_string& text) { return {text.data, text.size}; }

TEST(TranscriptCodec, CarriesEverything) {
  const auto encoded = EncodedTranscript::Encode(SampleTranscript());
  ASSERT_TRUE(encoded.ok()) << encoded.status();
  const cx_transcript& raw = *(*encoded)->raw();
  EXPECT_EQ(View(raw.transcription_id), "txn_1");
  EXPECT_EQ(raw.flags, static_cast<uint32_t>(CX_HAS_ACCURACY));
  EXPECT_EQ(raw.accuracy, 0.9);
  ASSERT_EQ(raw.recording_count, 2u);
  EXPECT_EQ(View(cx_recording_at(&raw, 0)->id), "rec_a");
  EXPECT_EQ(View(cx_recording_at(&raw, 1)->id), "rec_b");
  ASSERT_EQ(raw.segment_count, 4u);

  const cx_segment& first = *cx_segment_at(&raw, 0);
  EXPECT_EQ(first.struct_size, 0u);  // a copy that is emitted must set it
  EXPECT_EQ(View(first.text), "f\xC3\xBCr alle");
  EXPECT_EQ(first.flags, static_cast<uint32_t>(CX_HAS_CONFIDENCE));
  EXPECT_EQ(first.confidence, 0.5);
  ASSERT_EQ(first.word_count, 2u);
  EXPECT_EQ(cx_word_at(&first, 0)->flags, 0u);
  // A confidence of 0 is one.
  EXPECT_EQ(cx_word_at(&first, 1)->flags, static_cast<uint32_t>(CX_HAS_CONFIDENCE));
  EXPECT_EQ(View(cx_word_at(&first, 1)->text), "alle");

  const cx_segment& last = *cx_segment_at(&raw, 3);
  EXPECT_EQ(last.flags, 0u);
  EXPECT_EQ(View(last.speaker), "customer");
  EXPECT_EQ(last.start_ms, 15);
  EXPECT_EQ(last.end_ms, 30);
  EXPECT_EQ(last.recording_index, 1);
  EXPECT_EQ(last.source_begin, 3);
  EXPECT_EQ(last.source_count, 1);
  EXPECT_EQ(last.words, nullptr);
  EXPECT_TRUE((*encoded)->ordered());
  EXPECT_TRUE((*encoded)->times_valid());
}

TEST(TranscriptCodec, AnEmptyTranscriptIsFine) {
  const auto encoded = EncodedTranscript::Encode(v1::Transcript());
  ASSERT_TRUE(encoded.ok()) << encoded.status();
  EXPECT_EQ((*encoded)->raw()->segment_count, 0u);
  EXPECT_EQ((*encoded)->raw()->flags, 0u);
}

TEST(TranscriptCodec, SeesWhereTheSourceIsOutOfOrder) {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(1)->set_start_ms(-5);
  const auto encoded = EncodedTranscript::Encode(transcript);
  ASSERT_TRUE(encoded.ok());
  EXPECT_FALSE((*encoded)->ordered());
  EXPECT_FALSE((*encoded)->times_valid());

  transcript = SampleTranscript();
  transcript.mutable_segments(3)->set_recording_id("rec_a");
  const auto interleaved = EncodedTranscript::Encode(transcript);
  ASSERT_TRUE(interleaved.ok());
  EXPECT_FALSE((*interleaved)->ordered());
}

TEST(TranscriptCodec, InvalidUtf8IsRefusedWithoutRepeatingIt) {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(2)->set_text("secret\xFF");
  const absl::Status status = EncodedTranscript::Encode(transcript).status();
  EXPECT_EQ(ReasonOf(status), "STAGE_INPUT");
  EXPECT_THAT(std::string(status.message()), HasSubstr("segment 2 is not valid UTF-8"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));

  transcript = SampleTranscript();
  transcript.mutable_segments(0)->mutable_words(1)->set_text("\xF5");
  EXPECT_EQ(ReasonOf(EncodedTranscript::Encode(transcript).status()), "STAGE_INPUT");
}

TEST(TranscriptCodec, ASegmentBeyondTheLimitIsRefused) {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(2)->set_text(std::string(kMaxSegmentBytes, 'x'));
  EXPECT_TRUE(EncodedTranscript::Encode(transcript).ok());
  transcript.mutable_segments(2)->set_text(std::string(kMaxSegmentBytes + 1, 'x'));
  EXPECT_EQ(ReasonOf(EncodedTranscript::Encode(transcript).status()), "STAGE_INPUT");
}

}  // namespace
}  // namespace cxscribe
