// "What happens to text": one test for each row of the table, end to end through a pipeline.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/pipeline/transcript_hash.h"
#include "tests/pipeline/documented_hash.h"
#include "tests/pipeline/fake_stage.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kSecret[] = "4111111111111111";

// A segment with the secret in its text and in its words, and one without.
v1::Transcript Call() {
  v1::Transcript transcript = TranscriptOf({"my card is 4111111111111111", "thank you"});
  AddWords(*transcript.mutable_segments(0), {"my", "card", "is", kSecret});
  return transcript;
}

struct Row {
  Disposition disposition;
  bool withheld;
  v1::Outcome vendor;
  v1::Outcome pii;
};

class TextTable : public ::testing::Test {
 protected:
  PipelineResult Run(std::vector<LoadedStage> stages, const PipelineRequest& request = Request()) {
    const StagedPipeline pipeline("p", std::move(stages), loop_);
    return pipeline.Run(Call(), request);
  }

  static void ExpectRow(const PipelineResult& result, const Row& row) {
    EXPECT_TRUE(result.status.ok()) << result.status;
    EXPECT_EQ(result.disposition, row.disposition);
    EXPECT_EQ(result.withheld, row.withheld);
    EXPECT_EQ(result.compliance.vendor_redaction(), row.vendor);
    EXPECT_EQ(result.compliance.pii_redacted(), row.pii);
  }

  // Nothing of the call's text is anywhere in what is given out.
  static void ExpectNoText(const PipelineResult& result) {
    std::string all = result.transcript.SerializeAsString();
    for (const auto& stage : result.stages) all += stage.SerializeAsString();
    for (const char* text : {kSecret, "my card", "card", "thank you"}) {
      EXPECT_THAT(all, Not(HasSubstr(text)));
    }
    EXPECT_EQ(result.transcript.segments_size(), 2);
  }

  ManualLoop loop_;
};

TEST_F(TextTable, PolicyNoneGivesTheVendorsTextUnchecked) {
  std::vector<LoadedStage> stages = {Verifier(Finds(kSecret))};
  FakeRunner& runner = RunnerOf(stages[0]);
  const auto keep = stages[0].runner;
  const PipelineResult result = Run(std::move(stages), Request("none"));
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_NOT_RUN, v1::OUTCOME_NOT_RUN});
  EXPECT_EQ(runner.calls(), 0);
  EXPECT_THAT(result.transcript.segments(0).text(), HasSubstr(kSecret));
  ASSERT_THAT(result.stages, SizeIs(1));
  EXPECT_EQ(result.stages[0].pass(), 0);
  EXPECT_EQ(result.stages[0].outcome(), v1::OUTCOME_NOT_RUN);
}

TEST_F(TextTable, APipelineWithoutAVerifierSaysThatNothingWasChecked) {
  const PipelineResult result =
      Run({FakeStage("shout", "punctuation", PluginKind::kTransform, Shout)});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_NOT_RUN, v1::OUTCOME_NOT_RUN});
  EXPECT_THAT(result.transcript.segments(0).text(), HasSubstr("MY CARD"));
}

TEST_F(TextTable, NothingFoundGivesTheText) {
  const PipelineResult result = Run({Verifier(Finds("nothing like it"))});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
  EXPECT_THAT(result.transcript.segments(0).text(), HasSubstr(kSecret));
  EXPECT_THAT(result.stages, SizeIs(1));
}

TEST_F(TextTable, RedactMasksAndVerifiesAgain) {
  const PipelineResult result = Run({Verifier(Finds(kSecret))});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_FAIL, v1::OUTCOME_PASS});
  EXPECT_EQ(result.transcript.segments(0).text(), "my card is [CREDIT_CARD]");
  EXPECT_EQ(result.transcript.segments(0).words(3).text(), "[CREDIT_CARD]");
  EXPECT_EQ(result.transcript.segments(0).words(2).text(), "is");
  EXPECT_EQ(result.transcript.segments(1).text(), "thank you");
  EXPECT_THAT(result.transcript.SerializeAsString(), Not(HasSubstr("4111")));
  ASSERT_EQ(result.transcript.findings_size(), 1);
  EXPECT_TRUE(result.transcript.findings(0).masked());
  ASSERT_THAT(result.stages, SizeIs(2));
  EXPECT_EQ(result.stages[0].pass(), 1);
  EXPECT_EQ(result.stages[0].outcome(), v1::OUTCOME_FAIL);
  EXPECT_EQ(result.stages[0].findings(), 1);
  EXPECT_EQ(result.stages[1].pass(), 2);
  EXPECT_EQ(result.stages[1].outcome(), v1::OUTCOME_PASS);
  EXPECT_NE(result.stages[0].input_sha256(), result.stages[1].input_sha256());
}

TEST_F(TextTable, FlagGivesTheTextWithItsFindings) {
  const PipelineResult result = Run({Verifier(Finds(kSecret), OnFinding::kFlag)});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  EXPECT_THAT(result.transcript.segments(0).text(), HasSubstr(kSecret));
  ASSERT_EQ(result.transcript.findings_size(), 1);
  EXPECT_FALSE(result.transcript.findings(0).masked());
  EXPECT_THAT(result.stages, SizeIs(1));
}

TEST_F(TextTable, QuarantineWithholdsTheText) {
  const PipelineResult result = Run({Verifier(Finds(kSecret), OnFinding::kQuarantine)});
  ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  ExpectNoText(result);
  EXPECT_EQ(result.transcript.findings_size(), 1);
  EXPECT_EQ(result.transcript.turns_size(), 1);
}

TEST_F(TextTable, MaskedTextThatIsStillNotCleanIsWithheld) {
  // Finds something in any text, also in a masked one.
  const PipelineResult result = Run({Verifier([](const RunContext&, const v1::Transcript&) {
    RunOutput output;
    output.findings.push_back(Find(0, 0, 2));
    output.outcome = v1::OUTCOME_FAIL;
    output.reason = "found";
    return output;
  })});
  ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  ExpectNoText(result);
  EXPECT_THAT(result.stages, SizeIs(2));
}

TEST_F(TextTable, AFailureThatCannotBeMaskedIsWithheld) {
  const PipelineResult result = Run({Verifier(Says(v1::OUTCOME_FAIL))});
  ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  ExpectNoText(result);
}

TEST_F(TextTable, AVerifierThatErrsWithholdsTheText) {
  const PipelineResult result = Run({Verifier(Errs(absl::InternalError("broke")))});
  ExpectRow(result,
            {Disposition::kQuarantine, true, v1::OUTCOME_INCONCLUSIVE, v1::OUTCOME_INCONCLUSIVE});
  ExpectNoText(result);
  ASSERT_THAT(result.stages, SizeIs(1));
  EXPECT_EQ(result.stages[0].outcome(), v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(result.stages[0].error().message(), "broke");
}

TEST_F(TextTable, AVerifierThatTimesOutWithholdsTheText) {
  const PipelineResult result = Run({Verifier(Errs(absl::DeadlineExceededError("slow")))});
  ExpectRow(result,
            {Disposition::kQuarantine, true, v1::OUTCOME_INCONCLUSIVE, v1::OUTCOME_INCONCLUSIVE});
  ExpectNoText(result);
}

TEST_F(TextTable, AVerifierThatCannotReadTheLanguageWithholdsTheTextEvenIfItOnlyFlags) {
  const PipelineResult result = Run({Verifier(Says(v1::OUTCOME_INCONCLUSIVE), OnFinding::kFlag)});
  ExpectRow(result,
            {Disposition::kQuarantine, true, v1::OUTCOME_INCONCLUSIVE, v1::OUTCOME_INCONCLUSIVE});
  ExpectNoText(result);
}

TEST_F(TextTable, AVerifierThatErrsOverTheMaskedTextWithholdsIt) {
  int calls = 0;
  const PipelineResult result =
      Run({Verifier([&](const RunContext&, const v1::Transcript& in) -> absl::StatusOr<RunOutput> {
        if (++calls == 2) return absl::InternalError("broke");
        return FindText(in, kSecret);
      })});
  ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_FAIL, v1::OUTCOME_INCONCLUSIVE});
  ExpectNoText(result);
}

TEST_F(TextTable, NeverWithholdGivesTheTextAndStillSaysQuarantine) {
  PipelineRequest request = Request();
  request.never_withhold = true;
  const PipelineResult result = Run({Verifier(Finds(kSecret), OnFinding::kQuarantine)}, request);
  ExpectRow(result, {Disposition::kQuarantine, false, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  EXPECT_THAT(result.transcript.segments(0).text(), HasSubstr(kSecret));
}

TEST_F(TextTable, FindingsOutsideThePolicyDoNotCount) {
  const PipelineResult result = Run({Verifier(Finds("thank", "PHONE"))}, Request("pci"));
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
  EXPECT_EQ(result.transcript.findings_size(), 0);
  EXPECT_THAT(result.stages[0].reason(), HasSubstr("1 findings are of types that the policy"));
}

TEST_F(TextTable, APluginsOwnTypesCountUnderEveryPolicyThatChecks) {
  const PipelineResult result = Run({Verifier(Finds("thank", "acme.WORD"))}, Request("pci"));
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_FAIL, v1::OUTCOME_PASS});
  EXPECT_EQ(result.transcript.segments(1).text(), "[acme.WORD] you");
}

// ---- more than one verifying stage

TEST_F(TextTable, EachVerifiersFindingsAreMaskedAndAllRunAgain) {
  const PipelineResult result = Run({Verifier(Finds(kSecret), OnFinding::kRedact, "a"),
                                     Verifier(Finds("you", "PERSON"), OnFinding::kRedact, "b"),
                                     Verifier(Finds("absent"), OnFinding::kQuarantine, "c")});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_FAIL, v1::OUTCOME_PASS});
  EXPECT_EQ(result.transcript.segments(0).text(), "my card is [CREDIT_CARD]");
  EXPECT_EQ(result.transcript.segments(1).text(), "thank [PERSON]");
  EXPECT_THAT(result.stages, SizeIs(6));
}

TEST_F(TextTable, OneThatFlagsKeepsItsFindingsWhileAnotherMasks) {
  const PipelineResult result = Run({Verifier(Finds(kSecret), OnFinding::kRedact, "a"),
                                     Verifier(Finds("card", "PERSON"), OnFinding::kFlag, "b")});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  EXPECT_EQ(result.transcript.segments(0).text(), "my card is [CREDIT_CARD]");
  ASSERT_EQ(result.transcript.findings_size(), 2);
  EXPECT_TRUE(result.transcript.findings(0).masked());
  EXPECT_FALSE(result.transcript.findings(1).masked());
}

TEST_F(TextTable, OneThatCannotTellWithholdsWhatAnotherWouldMask) {
  const PipelineResult result =
      Run({Verifier(Finds(kSecret), OnFinding::kRedact, "a"),
           Verifier(Says(v1::OUTCOME_INCONCLUSIVE), OnFinding::kRedact, "b")});
  ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_FAIL, v1::OUTCOME_FAIL});
  ExpectNoText(result);
}

TEST_F(TextTable, VerifiersOfOtherThingsDoNotHideText) {
  const PipelineResult result =
      Run({Verifier(Finds("absent")),
           FakeStage("script", "acme.script", PluginKind::kVerify, Finds("thank", "acme.MISSED"))});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
  EXPECT_EQ(result.compliance.capabilities().at("acme.script"), v1::OUTCOME_FAIL);
  EXPECT_EQ(result.transcript.segments(1).text(), "thank you");
  EXPECT_EQ(result.transcript.findings_size(), 1);
}

TEST_F(TextTable, VerifiersOfOtherThingsWithholdWhereTheyAreToldTo) {
  StageSettings settings;
  settings.on_finding = OnFinding::kQuarantine;
  settings.on_finding_given = true;
  const PipelineResult result =
      Run({Verifier(Finds("absent")), FakeStage("script", "acme.script", PluginKind::kVerify,
                                                Finds("thank", "acme.MISSED"), settings)});
  ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
  ExpectNoText(result);
}

TEST_F(TextTable, VerifiersOfOtherThingsFailClosedWhereTheyAreToldToHideText) {
  for (const OnFinding on_finding : {OnFinding::kRedact, OnFinding::kQuarantine}) {
    for (const Behaviour& behaviour :
         {Says(v1::OUTCOME_INCONCLUSIVE), Errs(absl::InternalError("broke"))}) {
      StageSettings settings;
      settings.on_finding = on_finding;
      settings.on_finding_given = true;
      settings.on_error = OnError::kSkip;  // LoadPipelines refuses it
      const PipelineResult result =
          Run({Verifier(Finds("absent")),
               FakeStage("script", "acme.script", PluginKind::kVerify, behaviour, settings)});
      ExpectRow(result, {Disposition::kQuarantine, true, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
      ExpectNoText(result);
      EXPECT_EQ(result.compliance.capabilities().at("acme.script"), v1::OUTCOME_INCONCLUSIVE);
    }
  }
}

// ---- what comes with the text

struct WordsCase {
  const char* name;
  const char* text;
  std::vector<std::string> words;
  bool kept;
};

TEST_F(TextTable, WordsThatAreNotThoseOfTheirTextAreNotGivenOut) {
  const WordsCase cases[] = {
      {"vendor masked", "my card is [CREDIT_CARD]", {"my", "card", "is", kSecret}, false},
      {"vendor starred", "my card is ****", {"my", "card", "is", kSecret}, false},
      {"extra word", "my card is", {"my", "card", "is", kSecret}, false},
      {"no text", "", {kSecret}, false},
      {"missing word", "my card is", {"my", kSecret}, false},
      {"the text's own", "My card is...", {"my", "card", "is"}, true},
  };
  for (const WordsCase& test : cases) {
    for (const OnFinding on_finding : {OnFinding::kRedact, OnFinding::kFlag}) {
      v1::Transcript transcript = TranscriptOf({test.text, "thank you"});
      AddWords(*transcript.mutable_segments(0), test.words);
      AddWords(*transcript.mutable_segments(1), {"thank", "you"});
      transcript.mutable_segments(0)->set_start_ms(7);
      const StagedPipeline pipeline("p", {Verifier(Finds(kSecret), on_finding)}, loop_);
      const PipelineResult result = pipeline.Run(transcript, Request());
      ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
      EXPECT_THAT(result.transcript.SerializeAsString(), Not(HasSubstr(kSecret))) << test.name;
      EXPECT_EQ(result.transcript.segments(0).words_size(),
                test.kept ? static_cast<int>(test.words.size()) : 0)
          << test.name;
      EXPECT_EQ(result.transcript.segments(0).text(), test.text);
      EXPECT_EQ(result.transcript.segments(0).start_ms(), 7);
      EXPECT_EQ(result.transcript.segments(1).words_size(), 2) << test.name;
      // The evidence is of what is given out, and says so.
      EXPECT_EQ(result.stages[0].input_sha256(), TranscriptHash(result.transcript)) << test.name;
      EXPECT_EQ(result.stages[0].reason().empty(), test.kept) << result.stages[0].reason();
    }
  }
}

TEST_F(TextTable, WordsStayWhereNothingIsVerified) {
  v1::Transcript transcript = TranscriptOf({"my card is ****"});
  AddWords(*transcript.mutable_segments(0), {kSecret});
  const StagedPipeline pipeline("p", {Verifier(Finds(kSecret))}, loop_);
  const PipelineResult result = pipeline.Run(transcript, Request("none"));
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_NOT_RUN);
  EXPECT_EQ(result.transcript.segments(0).words(0).text(), kSecret);
}

// A transform that leaves the words as they were, but not the text.
TEST_F(TextTable, WordsThatATransformLeftBehindAreNotGivenOut) {
  const auto rewrite = [](const RunContext&,
                          const v1::Transcript& in) -> absl::StatusOr<RunOutput> {
    RunOutput output;
    output.replaced = true;
    for (int i = 0; i < in.segments_size(); ++i) {
      output.segments.push_back(in.segments(i));
      output.segments.back().set_text("it is gone");
      output.sources.push_back({i, 1});
    }
    return output;
  };
  const PipelineResult result = Run(
      {FakeStage("cut", "acme.cut", PluginKind::kTransform, rewrite), Verifier(Finds(kSecret))});
  ExpectRow(result, {Disposition::kDeliver, false, v1::OUTCOME_PASS, v1::OUTCOME_PASS});
  EXPECT_THAT(result.transcript.SerializeAsString(), Not(HasSubstr(kSecret)));
}

TEST_F(TextTable, ASpeakersLabelCarriesNoNumbersOrAddresses) {
  v1::Transcript transcript = TranscriptOf({"hello", "hi", "well", "yes", "so"});
  transcript.mutable_segments(0)->set_speaker("4111 1111 1111 1111");
  transcript.mutable_segments(1)->set_speaker("speaker_1");
  transcript.mutable_segments(2)->set_speaker("bob@example.com");
  transcript.mutable_segments(3)->set_speaker("4111 1111 1111 1111");
  transcript.mutable_segments(4)->set_speaker("agent 2");
  for (const OnFinding on_finding : {OnFinding::kFlag, OnFinding::kQuarantine}) {
    const StagedPipeline pipeline("p", {Verifier(Finds("well"), on_finding)}, loop_);
    const PipelineResult result = pipeline.Run(transcript, Request());
    std::vector<std::string> speakers;
    for (const auto& segment : result.transcript.segments()) speakers.push_back(segment.speaker());
    EXPECT_THAT(speakers,
                ElementsAre("speaker_2", "speaker_1", "speaker_3", "speaker_2", "agent 2"));
    const std::string all =
        result.transcript.SerializeAsString() + result.talk_statistics.SerializeAsString();
    EXPECT_THAT(all, Not(HasSubstr("4111")));
    EXPECT_THAT(all, Not(HasSubstr("bob")));
  }
}

TEST_F(TextTable, TheEvidenceSaysWhatThePolicyHadChecked) {
  RedactionPolicy policy{"ours", {"PHONE", "acme.WORD"}, "pii"};
  PipelineRequest request = Request();
  request.policy = policy;
  const PipelineResult result =
      Run({FakeStage("shout", "punctuation", PluginKind::kTransform, Shout),
           Verifier(Finds("THANK", "PHONE"))},
          request);
  ASSERT_THAT(result.stages, SizeIs(3));
  EXPECT_EQ(result.stages[0].policy_sha256(), "");
  for (const size_t pass : {1U, 2U}) {
    EXPECT_THAT(result.stages[pass].entity_types(), ElementsAre("PHONE", "acme.WORD"));
    // The documented form, made by hand.
    EXPECT_EQ(result.stages[pass].policy_sha256(),
              Sha256Hex(Field("cxscribe.policy.1") + Number(2) + Field("PHONE") +
                        Field("acme.WORD") + Field("pii")));
  }
  const PipelineResult none = Run({Verifier(Finds(kSecret))}, Request("none"));
  EXPECT_EQ(none.stages[0].entity_types_size(), 0);
  EXPECT_EQ(none.stages[0].policy_sha256(),
            Sha256Hex(Field("cxscribe.policy.1") + Number(0) + Field("none")));
}

TEST_F(TextTable, AnnotationsOfAStageThatRunsAgainAreThoseOfTheMaskedText) {
  const PipelineResult result = Run({Verifier([](const RunContext&, const v1::Transcript& in) {
    auto output = FindText(in, kSecret);
    v1::Annotation annotation;
    annotation.set_key("length");
    annotation.set_value(std::to_string(in.segments(0).text().size()));
    output->annotations.push_back(annotation);
    return output;
  })});
  ASSERT_EQ(result.transcript.annotations_size(), 1);
  EXPECT_EQ(result.transcript.annotations(0).value(),
            std::to_string(result.transcript.segments(0).text().size()));
}

}  // namespace
}  // namespace cxscribe
