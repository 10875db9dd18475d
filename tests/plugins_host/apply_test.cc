// ApplyOutput: annotations of earlier stages follow their segments.
#include <utility>

#include <gtest/gtest.h>

#include "plugins/host/stage_runner.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

v1::Annotation OnSegment(int32_t index) {
  v1::Annotation annotation;
  annotation.set_key("k");
  annotation.set_segment_index(index);
  return annotation;
}

v1::Annotation OnSpan(int32_t index) {
  v1::Annotation annotation;
  annotation.set_key("k");
  annotation.mutable_span()->set_segment_index(index);
  annotation.mutable_span()->set_begin(0);
  annotation.mutable_span()->set_end(2);
  return annotation;
}

RunOutput Replace(const v1::Transcript& transcript, std::vector<std::pair<int, SourceRange>> made) {
  RunOutput output;
  output.replaced = true;
  for (const auto& [copy_of, source] : made) {
    output.segments.push_back(transcript.segments(copy_of));
    output.sources.push_back(source);
  }
  return output;
}

TEST(ApplyOutput, WithoutReplacementOnlyAdds) {
  v1::Transcript transcript = SampleTranscript();
  transcript.add_turns();
  RunOutput output;
  output.annotations.push_back(OnSegment(1));
  output.findings.emplace_back();
  ApplyOutput(std::move(output), transcript);
  EXPECT_EQ(transcript.segments_size(), 4);
  EXPECT_EQ(transcript.turns_size(), 1);
  EXPECT_EQ(transcript.annotations_size(), 1);
  EXPECT_EQ(transcript.findings_size(), 1);
}

TEST(ApplyOutput, AnnotationsMoveWithTheSegmentThatTheyWereOn) {
  v1::Transcript transcript = SampleTranscript();
  *transcript.add_annotations() = OnSegment(1);
  *transcript.add_annotations() = OnSpan(2);
  transcript.add_annotations()->set_key("whole");
  transcript.add_turns();
  // The first segment becomes two, so the others move up by one.
  ApplyOutput(
      Replace(transcript, {{0, {0, 1}}, {0, {0, 1}}, {1, {1, 1}}, {2, {2, 1}}, {3, {3, 1}}}),
      transcript);
  ASSERT_EQ(transcript.segments_size(), 5);
  ASSERT_EQ(transcript.annotations_size(), 3);
  EXPECT_EQ(transcript.annotations(0).segment_index(), 2);
  EXPECT_EQ(transcript.annotations(1).span().segment_index(), 3);
  EXPECT_EQ(transcript.annotations(1).span().end(), 2);
  EXPECT_EQ(transcript.annotations(2).key(), "whole");
  EXPECT_EQ(transcript.turns_size(), 0);
}

TEST(ApplyOutput, ASpanOfATextThatChangedBecomesItsSegment) {
  v1::Transcript transcript = SampleTranscript();
  *transcript.add_annotations() = OnSpan(1);
  RunOutput output = Replace(transcript, {{0, {0, 2}}, {2, {2, 1}}});
  output.segments[0].set_text("merged");
  ApplyOutput(std::move(output), transcript);
  ASSERT_EQ(transcript.annotations_size(), 1);
  EXPECT_FALSE(transcript.annotations(0).has_span());
  EXPECT_EQ(transcript.annotations(0).segment_index(), 0);
}

TEST(ApplyOutput, AnAnnotationWithoutASuccessorIsDropped) {
  v1::Transcript transcript = SampleTranscript();
  *transcript.add_annotations() = OnSegment(3);
  ApplyOutput(Replace(transcript, {{0, {0, 1}}, {1, {0, 0}}}), transcript);
  EXPECT_EQ(transcript.annotations_size(), 0);
}

}  // namespace
}  // namespace cxscribe
