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
                                   std::vector<std::string> entity_types) {
  StageOptions options;
  options.stage = "redaction-verification";
  auto stage = Load()->StartStage(options);
  if (!stage.ok()) return stage.status();
  RunContext context;
  context.language = std::move(language);
  context.redaction_policy = "pii";
  context.entity_types = std::move(entity_types);
  return (*stage)->Run(context, transcript);
}

TEST(RedactionPlugin, TakesNoConfigurationYet) {
  EXPECT_THAT(Load()->CheckConfig(R"({"detectors": []})"), Not(IsEmpty()));
  EXPECT_THAT(Load()->CheckConfig("{}"), IsEmpty());
}

TEST(RedactionPlugin, CannotVouchForOtherLanguages) {
  const auto output =
      RunStage(Transcript({{"r1", "4111 1111 1111 1111"}}), "es-MX", {"CREDIT_CARD"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(output->reason, HasSubstr("English"));
  EXPECT_THAT(output->findings, IsEmpty());
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
  std::map<std::string, std::string> said;
  for (const v1::Annotation& annotation : output->annotations) {
    said[annotation.key()] = annotation.value();
  }
  EXPECT_EQ(said["redaction.types_checked"], "PERSON");
  EXPECT_EQ(said["redaction.types_not_checked"], "MADE_UP");
  EXPECT_EQ(said["redaction.read"], "segments 2, words 3, numbers in figures 1");
  EXPECT_EQ(said["redaction.marks_found"], "names 1, runs 1, words 0");
}

TEST(RedactionPlugin, NothingIsJoinedAcrossRecordings) {
  const auto output =
      RunStage(Transcript({{"r1", "4111 1111"}, {"r2", "1111 1111"}}), "en-US", {"CREDIT_CARD"});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  EXPECT_THAT(output->findings, IsEmpty());
}

}  // namespace
}  // namespace cxscribe
