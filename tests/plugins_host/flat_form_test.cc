// Transcripts and results as they cross between host and worker.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/flat_output.h"
#include "plugins/host/transcript_codec.h"
#include "server/base/error.h"
#include "server/base/random.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;

const PluginIdentity kIdentity{"test", "scripted", "2.3.4"};

std::shared_ptr<char[]> Copy(const std::string& bytes) {
  std::shared_ptr<char[]> copy(new char[bytes.size() + 1]);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  return copy;
}

absl::StatusOr<std::unique_ptr<const EncodedTranscript>> FromFlat(const std::string& bytes) {
  const std::shared_ptr<char[]> copy = Copy(bytes);
  return EncodedTranscript::FromFlat(copy.get(), bytes.size(), copy);
}

std::string Flat(const EncodedTranscript& transcript) {
  std::string bytes(transcript.FlatSize(), '\0');
  transcript.Flatten(bytes.data());
  return bytes;
}

std::string View(const cx_string& text) { return {text.data, text.size}; }

TEST(FlatTranscript, IsTheSameTranscript) {
  const auto sent = EncodedTranscript::Encode(SampleTranscript());
  ASSERT_TRUE(sent.ok());
  const auto got = FromFlat(Flat(**sent));
  ASSERT_TRUE(got.ok()) << got.status();
  const cx_transcript& a = *(*sent)->raw();
  const cx_transcript& b = *(*got)->raw();
  EXPECT_EQ(View(b.transcription_id), "txn_1");
  EXPECT_EQ(b.flags, a.flags);
  EXPECT_EQ(b.accuracy, a.accuracy);
  EXPECT_EQ((*got)->recording_ids(), (*sent)->recording_ids());
  EXPECT_EQ((*got)->ordered(), (*sent)->ordered());
  EXPECT_EQ((*got)->times_valid(), (*sent)->times_valid());
  ASSERT_EQ(b.segment_count, a.segment_count);
  for (uint64_t i = 0; i < a.segment_count; ++i) {
    const cx_segment& s = *cx_segment_at(&a, i);
    const cx_segment& t = *cx_segment_at(&b, i);
    EXPECT_EQ(View(s.text), View(t.text));
    EXPECT_EQ(View(s.speaker), View(t.speaker));
    EXPECT_EQ(s.start_ms, t.start_ms);
    EXPECT_EQ(s.recording_index, t.recording_index);
    ASSERT_EQ(s.word_count, t.word_count);
    for (uint64_t j = 0; j < s.word_count; ++j) {
      EXPECT_EQ(View(cx_word_at(&s, j)->text), View(cx_word_at(&t, j)->text));
      EXPECT_EQ(cx_word_at(&s, j)->flags, cx_word_at(&t, j)->flags);
    }
  }
}

TEST(FlatTranscript, AnEmptyOneIsOneToo) {
  const auto sent = EncodedTranscript::Encode(v1::Transcript());
  ASSERT_TRUE(sent.ok());
  const auto got = FromFlat(Flat(**sent));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ((*got)->raw()->segment_count, 0u);
}

TEST(FlatTranscript, NoCutAndNoChangedByteLeadsOutside) {
  const auto sent = EncodedTranscript::Encode(SampleTranscript());
  const std::string bytes = Flat(**sent);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(FromFlat(bytes.substr(0, size)).ok());
  }
  SeededRandom random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = bytes;
    changed[random.Next() % changed.size()] = static_cast<char>(random.Next());
    const auto got = FromFlat(changed);
    if (!got.ok()) continue;
    // Everything that it points to can be read: a sanitizer sees when not.
    size_t bytes_seen = 0;
    for (uint64_t j = 0; j < (*got)->raw()->segment_count; ++j) {
      bytes_seen += View(cx_segment_at((*got)->raw(), j)->text).size();
    }
    EXPECT_LT(bytes_seen, size_t{1} << 20);
  }
}

cx_string Borrow(const std::string& text) { return {text.data(), text.size()}; }

cx_span ToRaw(const v1::Span& span) {
  cx_span raw = {};
  raw.segment_index = span.segment_index();
  raw.begin = span.begin();
  raw.end = span.end();
  return raw;
}

// What a worker would send, had it not checked anything.
std::string Flatten(const RunOutput& output, const EncodedTranscript& input) {
  FlatOutput flat;
  for (size_t i = 0; i < output.segments.size(); ++i) {
    const v1::Segment& segment = output.segments[i];
    const std::vector<std::string>& recordings = input.recording_ids();
    const auto recording = std::find(recordings.begin(), recordings.end(), segment.recording_id());
    cx_segment raw = {};
    raw.flags = segment.has_confidence() ? CX_HAS_CONFIDENCE : 0;
    raw.recording_index = static_cast<int32_t>(recording - recordings.begin());
    raw.start_ms = segment.start_ms();
    raw.end_ms = segment.end_ms();
    raw.confidence = segment.confidence();
    raw.text = Borrow(segment.text());
    raw.speaker = Borrow(segment.speaker());
    raw.source_begin = output.sources[i].begin;
    raw.source_count = output.sources[i].count;
    std::vector<cx_word> words;
    for (const v1::Word& word : segment.words()) {
      cx_word& raw_word = words.emplace_back();
      raw_word.flags = word.has_confidence() ? CX_HAS_CONFIDENCE : 0;
      raw_word.start_ms = word.start_ms();
      raw_word.end_ms = word.end_ms();
      raw_word.confidence = word.confidence();
      raw_word.text = Borrow(word.text());
    }
    raw.words = words.data();
    raw.word_count = words.size();
    raw.word_stride = sizeof(cx_word);
    flat.TakeSegment(raw);
    EXPECT_EQ(flat.TextOf(i), segment.text());
  }
  for (const v1::Finding& finding : output.findings) {
    std::vector<cx_span> spans;
    for (const v1::Span& span : finding.spans()) spans.push_back(ToRaw(span));
    cx_finding raw = {};
    raw.entity_type = Borrow(finding.entity_type());
    raw.detector = Borrow(finding.detector());
    raw.reason = Borrow(finding.reason());
    raw.score = finding.score();
    raw.spans = spans.data();
    raw.span_count = spans.size();
    raw.span_stride = sizeof(cx_span);
    flat.TakeFinding(raw);
  }
  for (const v1::Annotation& annotation : output.annotations) {
    cx_annotation raw = {};
    raw.key = Borrow(annotation.key());
    raw.value = Borrow(annotation.value());
    raw.span = ToRaw(annotation.span());
    if (annotation.has_span()) raw.target = CX_ON_SPAN;
    if (annotation.has_segment_index()) {
      raw.target = CX_ON_SEGMENT;
      raw.span.segment_index = annotation.segment_index();
    }
    flat.TakeAnnotation(raw);
  }
  flat.TakeOutcome(output.outcome, output.reason);
  return flat.Bytes();
}

class FlatOutputTest : public testing::Test {
 protected:
  void SetUp() override {
    auto encoded = EncodedTranscript::Encode(SampleTranscript());
    ASSERT_TRUE(encoded.ok());
    input_ = *std::move(encoded);
  }

  RunOutput TransformOutput() const {
    RunOutput output;
    output.replaced = true;
    const v1::Transcript sample = SampleTranscript();
    for (int i = 0; i < sample.segments_size(); ++i) {
      output.segments.push_back(sample.segments(i));
      output.sources.push_back({i, 1});
    }
    v1::Annotation& annotation = output.annotations.emplace_back();
    annotation.set_stage("test");
    annotation.set_key("term");
    annotation.set_value("account");
    annotation.mutable_span()->set_segment_index(1);
    annotation.mutable_span()->set_begin(3);
    annotation.mutable_span()->set_end(10);
    v1::Annotation& of_segment = output.annotations.emplace_back();
    of_segment.set_stage("test");
    of_segment.set_key("mood");
    of_segment.set_segment_index(2);
    return output;
  }

  absl::StatusOr<RunOutput> Decode(const std::string& bytes,
                                   PluginKind kind = PluginKind::kTransform) const {
    return DecodeOutput(bytes, kIdentity, kind, *input_);
  }

  std::unique_ptr<const EncodedTranscript> input_;
};

TEST_F(FlatOutputTest, SegmentsAndAnnotationsArrive) {
  const RunOutput sent = TransformOutput();
  const auto got = Decode(Flatten(sent, *input_));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->replaced);
  ASSERT_EQ(got->segments.size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(got->segments[i].SerializeAsString(), sent.segments[i].SerializeAsString());
    EXPECT_EQ(got->sources[i].begin, sent.sources[i].begin);
  }
  ASSERT_EQ(got->annotations.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(got->annotations[i].SerializeAsString(), sent.annotations[i].SerializeAsString());
  }
}

TEST_F(FlatOutputTest, FindingsAndTheOutcomeArrive) {
  RunOutput sent;
  v1::Finding& finding = sent.findings.emplace_back();
  finding.set_stage("test");
  finding.set_entity_type("CREDIT_CARD");
  finding.set_detector("luhn");
  finding.set_score(0.75);
  finding.set_reason("sixteen digits");
  v1::Span& span = *finding.add_spans();
  span.set_segment_index(1);
  span.set_end(2);
  sent.outcome = v1::OUTCOME_FAIL;
  sent.reason = "1 finding";
  const auto got = Decode(Flatten(sent, *input_), PluginKind::kVerify);
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_EQ(got->findings.size(), 1u);
  EXPECT_EQ(got->findings[0].SerializeAsString(), finding.SerializeAsString());
  EXPECT_EQ(got->outcome, v1::OUTCOME_FAIL);
  EXPECT_EQ(got->reason, "1 finding");
}

TEST_F(FlatOutputTest, WhatBreaksTheContractIsAViolation) {
  RunOutput output = TransformOutput();
  const absl::Status status = Decode(Flatten(output, *input_), PluginKind::kVerify).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION");
  EXPECT_THAT(std::string(status.message()), HasSubstr("must not change the transcript"));
  output.annotations[0].mutable_span()->set_end(1'000);
  EXPECT_EQ(ReasonOf(Decode(Flatten(output, *input_)).status()), "PLUGIN_VIOLATION");
}

TEST_F(FlatOutputTest, NoCutIsAnOutput) {
  const std::string bytes = Flatten(TransformOutput(), *input_);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Decode(bytes.substr(0, size)).ok()) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(Decode(bytes + "x").status()));
}

TEST_F(FlatOutputTest, AChangedByteIsRefusedOrHarmless) {
  const std::string bytes = Flatten(TransformOutput(), *input_);
  SeededRandom random(2);
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = bytes;
    changed[random.Next() % changed.size()] = static_cast<char>(random.Next());
    const auto got = Decode(changed);
    if (got.ok()) {
      EXPECT_LE(got->segments.size(), 4u);
    }
  }
}

}  // namespace
}  // namespace cxscribe
