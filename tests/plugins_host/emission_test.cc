// What a plugin emits: what is taken over, and every violation that is caught.
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

absl::StatusOr<RunOutput> RunFixture(const std::string& name, const std::string& action,
                                     const v1::Transcript& transcript = SampleTranscript()) {
  const auto stage = StartFixture(name, action);
  if (!stage.ok()) return stage.status();
  return (*stage)->Run(RunContext{}, transcript);
}

struct Violation {
  const char* fixture;
  const char* action;
  const char* words;
};

void PrintTo(const Violation& value, std::ostream* out) {
  *out << value.fixture << " " << value.action;
}

class EmissionViolation : public testing::TestWithParam<Violation> {
 protected:
  static void Check(const absl::StatusOr<std::unique_ptr<StageRunner>>& stage);
};

// A worker's output is checked twice, so that both say the same.
TEST_P(EmissionViolation, FailsTheCallNamingStagePluginAndRule) {
  Check(StartFixture(GetParam().fixture, GetParam().action));
}

TEST_P(EmissionViolation, DoesSoInAWorkerToo) {
  Check(StartIsolated(GetParam().fixture, GetParam().action));
}

void EmissionViolation::Check(const absl::StatusOr<std::unique_ptr<StageRunner>>& stage) {
  ASSERT_TRUE(stage.ok()) << stage.status();
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION") << status;
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("stage \"test\" (plugin scripted 2.3.4)"),
                    HasSubstr(GetParam().words), Not(HasSubstr("alle"))));
  // The instance is still there for the next call.
  EXPECT_EQ((*stage)->health().state, StageState::kOk);
  EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, SampleTranscript()).status()), "PLUGIN_VIOLATION");
}

INSTANTIATE_TEST_SUITE_P(
    Segments, EmissionViolation,
    testing::Values(
        Violation{"transform", "null_segment", "NULL pointer"},
        Violation{"transform", "no_size", "struct_size 0"},
        Violation{"transform", "bad_utf8", "the text of emitted segment 0 is not valid UTF-8"},
        Violation{"transform", "bad_utf8_speaker", "the speaker of emitted segment 0 is not valid"},
        Violation{"transform", "null_text", "has a size but no data"},
        Violation{"transform", "unknown_recording", "is of recording 99; there are 2"},
        Violation{"transform", "negative_recording", "is of recording -1"},
        Violation{"transform", "ends_before_start", "lasts from 0 to -1 ms"},
        Violation{"transform", "nan_confidence", "confidence that is not in 0 to 1"},
        Violation{"transform", "unknown_flags", "emitted segment 0 has unknown flags"},
        Violation{"transform", "bad_source", "names 1000 source segments"},
        Violation{"transform", "source_overflow", "source segments from 2147483647"},
        Violation{"transform", "null_words", "3 words of stride"},
        Violation{"transform", "short_word_stride", "words of stride 8"},
        Violation{"transform", "word_count_overflow", "words"},
        Violation{"transform", "word_bad_utf8", "word 0 of emitted segment 0 is not valid UTF-8"},
        Violation{"transform", "too_long", "has 1048577 bytes; at most 1048576"},
        Violation{"transform", "backwards", "starts at 0 ms, before the one ahead of it, at 1000"},
        Violation{"transform", "recordings_swapped", "goes back to recording 0 after 1"},
        Violation{"transform", "flood", "more than 500000 segments"},
        Violation{"transform", "flood_text", "more than 67108864 bytes of text"},
        Violation{"transform", "find", "only verifying plugins do"},
        Violation{"verify", "copy", "must not change the transcript"}),
    [](const testing::TestParamInfo<Violation>& param) {
      return std::string(param.param.fixture) + "_" + param.param.action;
    });

INSTANTIATE_TEST_SUITE_P(
    FindingsAndAnnotations, EmissionViolation,
    testing::Values(
        Violation{"verify", "find_unknown_type", "entity type \"CARD\""},
        Violation{"verify", "find_no_spans", "has 0 spans"},
        Violation{"verify", "find_no_segment", "of segment 99: there is no such segment"},
        Violation{"verify", "find_negative", "of segment -1: there is no such segment"},
        Violation{"verify", "find_outside", "lies outside its text of 9 bytes"},
        Violation{"verify", "find_empty", "[1, 1) of segment 0 is empty"},
        Violation{"verify", "find_bad_score", "score that is not in 0 to 1"},
        Violation{"verify", "fail_without_reason", "without a reason"},
        Violation{"verify", "unknown_outcome", "unknown outcome 9"},
        Violation{"verify", "annotate_outside", "segment 99: there is no such segment"},
        Violation{"verify", "annotate_no_key", "has no key"},
        Violation{"verify", "annotate_bad_target", "unknown target 7"},
        Violation{"transform", "throw", "threw an exception across the boundary"},
        Violation{"transform", "throw_int", "threw an exception across the boundary"},
        Violation{"transform", "lie_about_cancel", "said it was cancelled, but it was not"}),
    [](const testing::TestParamInfo<Violation>& param) {
      return std::string(param.param.fixture) + "_" + param.param.action;
    });

// People talk over each other: that segments overlap is no fault, in either way of running.
TEST(Emission, SegmentsMayOverlap) {
  for (const auto& start :
       {StartFixture, +[](const std::string&name, const std::string&action, StageOptions options) {
          return StartIsolated(name, action, std::move(options));
        }}) {
    const auto stage = start("transform", "overlapping", {});
    ASSERT_TRUE(stage.ok()) << stage.status();
    const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_GT(output->segments[0].end_ms(), output->segments[1].start_ms());
  }
}

TEST(Emission, ASpanThatCutsACharacterIsRefused) {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(0)->set_text("abc\xC3\xBC");  // [0, 4) ends inside the umlaut
  const absl::Status status = RunFixture("verify", "find_half_character", transcript).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("[0, 4) of segment 0 cuts a UTF-8 char"));
}

TEST(Emission, AnExceptionsWordsAreNotRepeated) {
  EXPECT_THAT(std::string(RunFixture("transform", "throw").status().message()),
              Not(HasSubstr("secret text")));
}

TEST(Emission, ACopyIsTheSameTranscript) {
  const v1::Transcript transcript = SampleTranscript();
  const auto output = RunFixture("transform", "copy");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_TRUE(output->replaced);
  ASSERT_EQ(output->segments.size(), 4u);
  for (int i = 0; i < 4; ++i) {
    const size_t index = static_cast<size_t>(i);
    EXPECT_EQ(output->segments[index].SerializeAsString(),
              transcript.segments(i).SerializeAsString());
    EXPECT_EQ(output->sources[index].begin, i);
    EXPECT_EQ(output->sources[index].count, 1);
  }
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
}

TEST(Emission, ATransformThatEmitsNoSegmentLeavesThemAlone) {
  const auto output = RunFixture("transform", "nothing");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_FALSE(output->replaced);
}

TEST(Emission, SegmentsMayBeSplit) {
  const auto output = RunFixture("transform", "split");
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_EQ(output->segments.size(), 8u);
  EXPECT_EQ(output->segments[2].text() + output->segments[3].text(), "my account");
  EXPECT_EQ(output->segments[2].end_ms(), 1500);
  EXPECT_EQ(output->segments[3].start_ms(), 1500);
  EXPECT_EQ(output->sources[3].begin, 1);
}

TEST(Emission, SegmentsMayBeMerged) {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments()->DeleteSubrange(2, 2);
  const auto output = RunFixture("transform", "merge", transcript);
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_EQ(output->segments.size(), 1u);
  EXPECT_EQ(output->segments[0].text(), "f\xC3\xBCr allemy account");
  EXPECT_EQ(output->sources[0].count, 2);
}

TEST(Emission, ASourceThatIsOutOfOrderMayStaySo) {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(0)->set_start_ms(5000);
  transcript.mutable_segments(0)->set_end_ms(4000);
  const auto output = RunFixture("transform", "copy", transcript);
  EXPECT_TRUE(output.ok()) << output.status();
}

TEST(Emission, FindingsCarryTheirSpansAndTheirStage) {
  const auto output = RunFixture("verify", "find");
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_EQ(output->findings.size(), 1u);
  const v1::Finding& finding = output->findings[0];
  EXPECT_EQ(finding.entity_type(), "CREDIT_CARD");
  EXPECT_EQ(finding.detector(), "luhn");
  EXPECT_EQ(finding.reason(), "sixteen digits");
  EXPECT_EQ(finding.score(), 0.5);
  EXPECT_EQ(finding.stage(), "test");
  ASSERT_EQ(finding.spans_size(), 2);
  EXPECT_EQ(finding.spans(1).segment_index(), 1);
  EXPECT_EQ(output->outcome, v1::OUTCOME_FAIL);
  EXPECT_EQ(output->reason, "1 finding");
}

TEST(Emission, NamespacedEntityTypesAreTaken) {
  const auto output = RunFixture("verify", "find_own_type");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->findings[0].entity_type(), "acme.EMPLOYEE_ID");
}

TEST(Emission, AnOutcomeIsKeptWithItsReason) {
  for (const char* fixture : {"transform", "verify"}) {
    const auto output = RunFixture(fixture, "inconclusive");
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
    EXPECT_EQ(output->reason, "cannot read fr");
  }
}

TEST(Emission, AnnotationsReachTheirTargets) {
  const auto output = RunFixture("verify", "annotate");
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_EQ(output->annotations.size(), 3u);
  EXPECT_EQ(output->annotations[0].span().end(), 3);
  EXPECT_EQ(output->annotations[1].segment_index(), 1);
  EXPECT_EQ(output->annotations[2].target_case(), v1::Annotation::TARGET_NOT_SET);
  EXPECT_EQ(output->annotations[2].stage(), "test");
}

TEST(Emission, AnAnnotationMayComeBeforeTheSegmentItIsOn) {
  const auto output = RunFixture("transform", "annotate_ahead");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->annotations.size(), 1u);
}

}  // namespace
}  // namespace cxscribe
