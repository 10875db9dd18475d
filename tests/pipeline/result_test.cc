// A result as it is stored in chunks, and as it is given out whole.
#include "server/pipeline/result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/timestamp.h"
#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

PipelineResult Sample(const std::vector<std::string>& texts) {
  PipelineResult result;
  result.transcript = TranscriptOf(texts);
  result.transcript.set_accuracy_score(0.94);
  result.stages.emplace_back().set_stage("s");
  result.compliance.set_pii_redacted(v1::OUTCOME_PASS);
  result.talk_statistics.set_total_ms(7);
  return result;
}

TEST(StoredResultTest, ChunksAreBoundedAndHoldWholeSegments) {
  const std::string big(kResultChunkBytes * 6 / 10, 'x');
  const std::string huge(kResultChunkBytes * 3 / 2, 'y');
  PipelineResult result = Sample({"a", big, big, "b", huge, "c"});
  const StoredResult stored = MakeStoredResult(result);
  std::vector<int> firsts;
  int next = 0;
  for (const auto& chunk : stored.chunks) {
    EXPECT_EQ(chunk.first_segment(), next);
    EXPECT_TRUE(chunk.segments_size() == 1 || chunk.ByteSizeLong() <= kResultChunkBytes + 1024);
    firsts.push_back(chunk.first_segment());
    next += chunk.segments_size();
  }
  EXPECT_THAT(firsts, ::testing::ElementsAre(0, 2, 4, 5));
  EXPECT_EQ(next, 6);
  EXPECT_EQ(stored.header.segment_count(), 6);
  EXPECT_EQ(stored.chunks[2].segments(0).text(), huge);
  EXPECT_EQ(result.transcript.segments_size(), 0);
}

// Everything that travels with a segment counts: words, turns, findings, annotations.
TEST(StoredResultTest, ChunksAreBoundedAlsoWhereTheTextIsTheLeastOfIt) {
  PipelineResult result = Sample(std::vector<std::string>(2000, "one two three"));
  v1::Transcript& transcript = result.transcript;
  for (int i = 0; i < transcript.segments_size(); ++i) {
    for (int word = 0; word < 50; ++word) {
      transcript.mutable_segments(i)->add_words()->set_text("three");
    }
    v1::Turn& turn = *transcript.add_turns();
    turn.set_segment_begin(i);
    turn.set_segment_end(i + 1);
    for (int n = 0; n < 20; ++n) {
      v1::Finding finding = Find(i, 0, 3);
      finding.set_reason(std::string(100, 'r'));
      *transcript.add_findings() = finding;
      v1::Annotation& annotation = *transcript.add_annotations();
      annotation.set_segment_index(i);
      annotation.set_value(std::string(100, 'v'));
    }
  }
  const StoredResult stored = MakeStoredResult(result);
  EXPECT_GT(stored.chunks.size(), 10u);
  int findings = 0;
  for (const auto& chunk : stored.chunks) {
    EXPECT_LE(chunk.ByteSizeLong(), kResultChunkBytes);
    findings += chunk.findings_size();
  }
  EXPECT_EQ(findings, 2000 * 20);
}

TEST(StoredResultTest, AnnotationsOfTheWholeTranscriptNeverMakeAPageUnreadable) {
  PipelineResult result = Sample(std::vector<std::string>(20, std::string(200'000, 'x')));
  constexpr int kAnnotations = 10'000;
  for (int i = 0; i < kAnnotations; ++i) {
    result.transcript.add_annotations()->set_value(std::string(1000, 'v'));
  }
  const StoredResult stored = MakeStoredResult(result);
  EXPECT_LE(stored.header.ByteSizeLong(), kHeaderAnnotationBytes + 4096);
  int annotations = stored.header.annotations_size();
  for (const auto& chunk : stored.chunks) {
    EXPECT_LE(chunk.ByteSizeLong(), size_t{2} << 20);
    annotations += chunk.annotations_size();
  }
  EXPECT_EQ(annotations, kAnnotations) << "none is lost";
}

TEST(StoredResultTest, WhatBelongsToSegmentsTravelsWithTheFirstOfThem) {
  const std::string big(900'000, 'x');
  PipelineResult result = Sample({big, big, big});
  v1::Transcript& transcript = result.transcript;
  v1::Finding over_two = Find(2, 0, 1);
  *over_two.add_spans() = Find(1, 0, 1).spans(0);
  *transcript.add_findings() = over_two;
  *transcript.add_findings() = Find(2, 0, 1);
  transcript.add_annotations()->set_key("whole");
  transcript.add_annotations()->set_segment_index(1);
  transcript.add_annotations()->mutable_span()->set_segment_index(2);
  v1::Turn& turn = *transcript.add_turns();
  turn.set_segment_begin(1);
  turn.set_segment_end(3);

  const StoredResult stored = MakeStoredResult(result);
  ASSERT_EQ(stored.chunks.size(), 3u);
  EXPECT_EQ(stored.chunks[0].findings_size(), 0);
  EXPECT_EQ(stored.chunks[1].findings_size(), 1);
  EXPECT_EQ(stored.chunks[1].findings(0).spans_size(), 2);
  EXPECT_EQ(stored.chunks[2].findings_size(), 1);
  EXPECT_EQ(stored.chunks[1].turns_size(), 1);
  EXPECT_EQ(stored.chunks[1].annotations_size(), 1);
  EXPECT_EQ(stored.chunks[2].annotations_size(), 1);
  ASSERT_EQ(stored.header.annotations_size(), 1);
  EXPECT_EQ(stored.header.annotations(0).key(), "whole");
}

TEST(StoredResultTest, TheHeaderHoldsWhatDoesNotGrow) {
  PipelineResult result = Sample({"a"});
  result.withheld = true;
  const StoredResult stored = MakeStoredResult(result);
  EXPECT_EQ(stored.header.transcription_id(), "txn_1");
  EXPECT_TRUE(stored.header.withheld());
  EXPECT_EQ(stored.header.accuracy_score(), 0.94);
  EXPECT_EQ(stored.header.stages(0).stage(), "s");
  EXPECT_EQ(stored.header.compliance().pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_EQ(stored.header.talk_statistics().total_ms(), 7);
  EXPECT_EQ(result.stages.size(), 1u);  // evidence stays with the caller too
}

TEST(StoredResultTest, AMissingAccuracyStaysMissing) {
  PipelineResult result = Sample({"a"});
  result.transcript.clear_accuracy_score();
  EXPECT_FALSE(MakeStoredResult(result).header.has_accuracy_score());
  PipelineResult other = Sample({"a"});
  other.transcript.clear_accuracy_score();
  EXPECT_FALSE(MakeResultResponse(std::move(other), {}).has_accuracy_score());
}

TEST(StoredResultTest, AnEmptyTranscriptHasNoChunks) {
  PipelineResult result = Sample({});
  const StoredResult stored = MakeStoredResult(result);
  EXPECT_TRUE(stored.chunks.empty());
  EXPECT_EQ(stored.header.segment_count(), 0);
}

TEST(ResultResponse, HoldsEverythingOnOnePage) {
  PipelineResult result = Sample({"a", "b"});
  *result.transcript.add_findings() = Find(1, 0, 1);
  result.transcript.add_annotations()->set_key("k");
  result.transcript.add_turns();
  ResultNames names;
  names.job_id = "job_1";
  names.redaction_policy = "pii";
  names.pipeline = "default";
  names.pipeline_hash = "abc";
  names.completed_time = absl::FromUnixSeconds(1'705'312'950);
  const v1::GetResultResponse response = MakeResultResponse(std::move(result), names);
  EXPECT_EQ(response.job_id(), "job_1");
  EXPECT_EQ(response.transcription_id(), "txn_1");
  EXPECT_EQ(response.status(), "completed");
  EXPECT_FALSE(response.withheld());
  EXPECT_EQ(response.language(), "en-US");
  EXPECT_EQ(response.redaction_policy(), "pii");
  EXPECT_EQ(response.pipeline(), "default");
  EXPECT_EQ(response.pipeline_hash(), "abc");
  EXPECT_EQ(response.accuracy_score(), 0.94);
  EXPECT_EQ(response.segments_size(), 2);
  EXPECT_EQ(response.turns_size(), 1);
  EXPECT_EQ(response.findings_size(), 1);
  EXPECT_EQ(response.annotations_size(), 1);
  EXPECT_EQ(response.stages_size(), 1);
  EXPECT_EQ(response.compliance().pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_EQ(response.talk_statistics().total_ms(), 7);
  EXPECT_EQ(FromTimestamp(response.completed_time()), names.completed_time);
  EXPECT_EQ(response.segment_count(), 2);
  EXPECT_EQ(response.next_page_token(), "");
  EXPECT_FALSE(response.has_audit());
}

}  // namespace
}  // namespace cxscribe
