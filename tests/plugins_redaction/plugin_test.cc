// redaction.so as the host sees it.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/in_process.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::shared_ptr<const Plugin> Load() {
  auto file =
      PluginFile::Open({.directory = CXSCRIBE_PLUGIN_DIR, .name = "redaction.so", .sha256 = ""});
  EXPECT_TRUE(file.ok()) << file.status();
  auto plugin = OpenInProcess(**file);
  EXPECT_TRUE(plugin.ok()) << plugin.status();
  return *plugin;
}

v1::Transcript Transcript(const std::vector<std::pair<std::string, std::string>>& said) {
  v1::Transcript transcript;
  for (const auto& [recording, text] : said) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id(recording);
    segment.set_text(text);
  }
  return transcript;
}

absl::StatusOr<RunOutput> RunStage(const v1::Transcript& transcript, std::string language,
                                   std::vector<std::string> entity_types,
                                   const std::string& config = "{}",
                                   const std::string& policy = "pii") {
  StageOptions options;
  options.stage = "redaction-verification";
  options.config_json = config;
  auto stage = Load()->StartStage(options);
  if (!stage.ok()) return stage.status();
  RunContext context;
  context.language = std::move(language);
  context.redaction_policy = policy;
  context.entity_types = std::move(entity_types);
  return (*stage)->Run(context, transcript);
}

TEST(RedactionPlugin, CannotVouchForALanguageThatItDoesNotRead) {
  const auto output =
      RunStage(Transcript({{"r1", "4111 1111 1111 1111"}}), "it-IT", {"CREDIT_CARD"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(output->reason,
            "the transcript's language is none that the verifier reads: English, Spanish, French, "
            "German, Portuguese");
  EXPECT_THAT(output->findings, IsEmpty());
}

TEST(RedactionPlugin, ReadsOtherLanguagesForTheTypesThatItHasDetectorsForThere) {
  const v1::Transcript clean = Transcript({{"r1", "hola buenas tardes"}});
  const auto pass = RunStage(clean, "es-MX", {"CREDIT_CARD", "PHONE"});
  ASSERT_TRUE(pass.ok()) << pass.status();
  EXPECT_EQ(pass->outcome, v1::OUTCOME_PASS);
  EXPECT_EQ(pass->reason,
            "read 1 segment, 3 words as Spanish for 2 of 2 entity types; found nothing");

  for (const char* tag : {"es", "es-MX", "ES_es"}) {
    const auto fail = RunStage(Transcript({{"r1",
                                            "son cuatro uno uno uno uno uno uno uno uno uno "
                                            "uno uno uno uno uno uno"}}),
                               tag, {"CREDIT_CARD"});
    ASSERT_TRUE(fail.ok()) << fail.status();
    EXPECT_EQ(fail->outcome, v1::OUTCOME_FAIL) << tag;
    ASSERT_THAT(fail->findings, SizeIs(1));
    EXPECT_EQ(fail->findings[0].detector(), "luhn");
  }
}

TEST(RedactionPlugin, NeverPassesATypeThatItDoesNotLookForInALanguage) {
  const std::vector<std::string> types = {"CREDIT_CARD", "PERSON", "SSN"};
  for (const char* tag : {"es-ES", "fr-FR", "de-DE", "pt-BR"}) {
    const auto clean = RunStage(Transcript({{"r1", "ok"}}), tag, types);
    ASSERT_TRUE(clean.ok()) << clean.status();
    EXPECT_EQ(clean->outcome, v1::OUTCOME_INCONCLUSIVE);
    EXPECT_THAT(clean->reason, HasSubstr("nothing here looks for PERSON, SSN in "));
    EXPECT_THAT(clean->reason, HasSubstr("for 1 of 3 entity types"));
    // What is found is reported all the same, and the host fails the text for it.
    const auto dirty = RunStage(Transcript({{"r1", "4111 1111 1111 1111"}}), tag, types);
    ASSERT_TRUE(dirty.ok()) << dirty.status();
    EXPECT_EQ(dirty->outcome, v1::OUTCOME_INCONCLUSIVE);
    EXPECT_THAT(dirty->findings, SizeIs(1));
  }
  const auto left =
      RunStage(Transcript({{"r1", "ok"}}), "de", types, R"({"unchecked": ["PERSON", "SSN"]})");
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->outcome, v1::OUTCOME_PASS);
  EXPECT_THAT(left->reason, HasSubstr("left to others: PERSON, SSN"));
  // The operator's own terms are looked for in any language that is read.
  const auto own = RunStage(Transcript({{"r1", "ich bin Rosa Okafor"}}), "de", {"PERSON"},
                            R"({"deny": [{"type": "PERSON", "terms": ["Rosa Okafor"]}]})");
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->outcome, v1::OUTCOME_FAIL);
}

TEST(RedactionPlugin, ReportsWhatThePolicyChecksOverSegments) {
  EXPECT_EQ(Load()->info().capability, "redaction-verification");
  EXPECT_EQ(Load()->info().kind, PluginKind::kVerify);
  const auto output = RunStage(Transcript({{"r1", "hello"},
                                           {"r1", "it's four one one one one one one one"},
                                           {"r1", "mm hmm"},
                                           {"r1", "one one one one one one one one thanks"},
                                           {"r2", "write to jane@example.com"}}),
                               "en-US", {"CREDIT_CARD", "PERSON"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_FALSE(output->replaced);
  EXPECT_EQ(output->outcome, v1::OUTCOME_FAIL);
  ASSERT_THAT(output->findings, SizeIs(1));
  const v1::Finding& finding = output->findings[0];
  EXPECT_EQ(finding.entity_type(), "CREDIT_CARD");
  EXPECT_EQ(finding.detector(), "luhn");
  EXPECT_GT(finding.score(), 0.8);
  EXPECT_THAT(finding.reason(), Not(HasSubstr("one")));
  ASSERT_EQ(finding.spans_size(), 2);
  EXPECT_EQ(finding.spans(0).segment_index(), 1);
  EXPECT_EQ(finding.spans(0).begin(), 5);
  EXPECT_EQ(finding.spans(0).end(), 37);
  EXPECT_EQ(finding.spans(1).segment_index(), 3);
  EXPECT_EQ(finding.spans(1).begin(), 0);
  EXPECT_EQ(finding.spans(1).end(), 31);
}

TEST(RedactionPlugin, SaysHowMuchItReadAndForWhat) {
  const auto output = RunStage(Transcript({{"r1", "it's [PII] and ****"}, {"r2", "hello 12"}}),
                               "en-US", {"PERSON", "MADE_UP"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(output->reason,
            "nothing here looks for MADE_UP, which the redaction policy has checked; read 2 "
            "segments, 4 words for "
            "1 of 2 entity types; 2 marks of an earlier redaction; found nothing");
}

TEST(RedactionPlugin, NothingIsJoinedAcrossRecordings) {
  const auto output =
      RunStage(Transcript({{"r1", "4111 1111"}, {"r2", "1111 1111"}}), "en-US", {"CREDIT_CARD"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  EXPECT_THAT(output->findings, IsEmpty());
}

TEST(RedactionPlugin, SaysWhatItReadAndFound) {
  const auto output = RunStage(Transcript({{"r1", "hello there"}, {"r2", "jane@example.com"}}),
                               "en-US", {"CREDIT_CARD", "EMAIL"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_FAIL);
  EXPECT_EQ(output->reason, "read 2 segments, 5 words for 2 of 2 entity types; found EMAIL 1");
  const auto clean = RunStage(Transcript({{"r1", "hello there"}}), "en-US", {"EMAIL"});
  ASSERT_TRUE(clean.ok()) << clean.status();
  EXPECT_EQ(clean->outcome, v1::OUTCOME_PASS);
  EXPECT_EQ(clean->reason, "read 1 segment, 2 words for 1 of 1 entity type; found nothing");
}

TEST(RedactionPlugin, CannotVouchForATypeThatItDoesNotLookFor) {
  const v1::Transcript transcript = Transcript({{"r1", "badge 12, jane@example.com"}});
  const std::vector<std::string> types = {"EMAIL", "acme.BADGE"};
  const auto output = RunStage(transcript, "en-US", types, "{}", "staff");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(output->reason, HasSubstr("nothing here looks for acme.BADGE"));
  EXPECT_THAT(output->findings, SizeIs(1));

  const auto left_to_others =
      RunStage(transcript, "en-US", types, R"({"unchecked": ["acme.BADGE"]})", "staff");
  ASSERT_TRUE(left_to_others.ok()) << left_to_others.status();
  EXPECT_EQ(left_to_others->outcome, v1::OUTCOME_FAIL);
  EXPECT_THAT(left_to_others->reason, HasSubstr("left to others: acme.BADGE"));

  const auto nothing =
      RunStage(transcript, "en-US", {"acme.BADGE"}, R"({"unchecked": ["acme.BADGE"]})", "staff");
  ASSERT_TRUE(nothing.ok()) << nothing.status();
  EXPECT_EQ(nothing->outcome, v1::OUTCOME_INCONCLUSIVE);

  const auto looked_for =
      RunStage(transcript, "en-US", types,
               R"({"detectors": [{"type": "acme.BADGE", "pattern": "badge [0-9]+"}]})", "staff");
  ASSERT_TRUE(looked_for.ok()) << looked_for.status();
  EXPECT_EQ(looked_for->outcome, v1::OUTCOME_FAIL);
  ASSERT_THAT(looked_for->findings, SizeIs(2));
  EXPECT_EQ(looked_for->findings[0].entity_type(), "acme.BADGE");
  EXPECT_EQ(looked_for->findings[0].detector(), "pattern");
}

TEST(RedactionPlugin, WhatIsBelowTheThresholdIsAnAnnotation) {
  const auto output = RunStage(Transcript({{"r1", "hi"}, {"r1", "my cell is 555 0147"}}), "en-US",
                               {"PHONE"}, R"({"thresholds": {"PHONE": {"fail": 0.9}}})");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  EXPECT_THAT(output->reason, HasSubstr("told only: PHONE 1"));
  ASSERT_THAT(output->annotations, SizeIs(1));
  EXPECT_EQ(output->annotations[0].key(), "redaction.below_threshold");
  EXPECT_EQ(output->annotations[0].value(), "PHONE 0.65 phone-local");
  EXPECT_EQ(output->annotations[0].span().segment_index(), 1);
  EXPECT_EQ(output->annotations[0].span().begin(), 11);
}

TEST(RedactionPlugin, PatternsThatMatchTooOftenProveNothing) {
  std::string text;
  for (int i = 0; i < 100'001; ++i) text += "x ";
  const auto output = RunStage(Transcript({{"r1", text}}), "en-US", {"PHONE"},
                               R"({"detectors": [{"type": "acme.X", "pattern": "x"}]})");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(output->reason, HasSubstr("match too often"));
}

}  // namespace
}  // namespace cxscribe
