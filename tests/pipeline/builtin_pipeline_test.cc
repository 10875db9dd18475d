// LoadPipelines, and the default pipeline with the real built-in plugins.
#include <atomic>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config/loader.h"
#include "server/pipeline/pipeline.h"
#include "tests/pipeline/fake_stage.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNull;
using ::testing::NotNull;
using ::testing::SizeIs;

constexpr char kPlugins[] = CXSCRIBE_PLUGIN_DIRECTORY;

struct LoadedSet {
  std::shared_ptr<const PipelineSet> set;
  std::vector<ConfigError> errors;
  std::string text;
};

LoadedSet Load(const std::string& yaml, const std::string& plugins = kPlugins,
               const PipelineLoading& loading = {}) {
  static const SystemClock& clock = *new SystemClock();
  LoadOptions options;
  options.pipelines_only = true;
  LoadedSet loaded;
  auto settings = LoadSettingsFromString(yaml, "/etc/c.yaml", options, loaded.errors);
  if (settings) {
    settings->plugins.directory = plugins;
    settings->plugins.worker = CXSCRIBE_PLUGIN_WORKER;
    loaded.set = LoadPipelines(*settings, clock, loaded.errors, loading);
  }
  loaded.text = FormatErrors(loaded.errors);
  return loaded;
}

TEST(LoadPipelinesTest, LoadsTheDefaultPipeline) {
  const LoadedSet loaded = Load("");
  ASSERT_THAT(loaded.set, NotNull()) << loaded.text;
  const auto pipeline = loaded.set->Find("default");
  ASSERT_THAT(pipeline, NotNull());
  EXPECT_THAT(loaded.set->Find("other"), IsNull());
  ASSERT_EQ(pipeline->Describe().stages_size(), 3);
  EXPECT_EQ(pipeline->Describe().stages(2).capability(), "redaction-verification");
  EXPECT_EQ(pipeline->Describe().stages(2).on_finding(), "redact");
  ASSERT_THAT(loaded.set->plugins, SizeIs(3));
  const v1::Plugin& redaction = loaded.set->plugins[2];
  EXPECT_EQ(redaction.file(), "redaction.so");
  EXPECT_EQ(redaction.name(), "redaction");
  EXPECT_THAT(redaction.sha256(), SizeIs(64));
  EXPECT_THAT(redaction.used_by(), ElementsAre("default/redaction-verification"));
  EXPECT_EQ(loaded.set->PluginsWithHealth()[2].health(), v1::PLUGIN_HEALTH_OK);
}

TEST(LoadPipelinesTest, OnePluginMayServeManyStages) {
  const LoadedSet loaded = Load(
      "pipelines:\n"
      "  a: [{plugin: punctuation.so}, {plugin: punctuation.so, stage: again}]\n"
      "  b: [{plugin: punctuation.so}]\n");
  ASSERT_THAT(loaded.set, NotNull()) << loaded.text;
  ASSERT_THAT(loaded.set->plugins, SizeIs(1));
  EXPECT_THAT(loaded.set->plugins[0].used_by(),
              ElementsAre("a/punctuation", "a/again", "b/punctuation"));
}

TEST(LoadPipelinesTest, EveryErrorIsReportedAtItsPlace) {
  const LoadedSet loaded = Load(
      "pipelines:\n"
      "  one:\n"
      "  - plugin: absent.so\n"
      "  - plugin: redaction.so\n"
      "    on_error: skip\n"
      "  - plugin: punctuation.so\n"
      "  two:\n"
      "  - plugin: diarization.so\n"
      "    on_finding: flag\n"
      "  - plugin: redaction.so\n"
      "    config:\n"
      "      colour: red\n"
      "  - plugin: punctuation.so\n"
      "    stage: pinned\n"
      "    sha256: 0000000000000000000000000000000000000000000000000000000000000000\n");
  EXPECT_THAT(loaded.set, IsNull());
  EXPECT_THAT(loaded.text, HasSubstr("/etc/c.yaml:3:13: "));
  EXPECT_THAT(loaded.text, HasSubstr("absent.so"));
  EXPECT_THAT(loaded.text,
              HasSubstr("/etc/c.yaml:4:5: stage redaction: on_error: skip is refused"));
  EXPECT_THAT(loaded.text,
              HasSubstr("/etc/c.yaml:6:13: stage punctuation changes the transcript, and may not "
                        "come after stage redaction"));
  EXPECT_THAT(loaded.text, HasSubstr("/etc/c.yaml:8:5: stage diarization: on_finding is for"));
  EXPECT_THAT(loaded.text, HasSubstr("/etc/c.yaml:12:15: config/colour of stage redaction"));
  EXPECT_THAT(loaded.text, HasSubstr("/etc/c.yaml:13:13: "));
  // The pin; that its stage is out of order cannot be known without loading it.
  EXPECT_THAT(loaded.errors, SizeIs(6)) << loaded.text;
}

// Before any job: what a model's loading took, why a dictionary is ignored.
TEST(LoadPipelinesTest, WhatAPluginLogsWhileItIsMadeIsPassedOn) {
  std::vector<std::string> lines;
  const LoadedSet loaded = Load(
      "pipelines:\n"
      "  p:\n"
      "  - plugin: fixture_transform.so\n"
      "    stage: first\n"
      "    config: {do: nothing}\n"
      "    isolation: in_process\n",
      CXSCRIBE_PLUGIN_FIXTURES,
      {.log = [&lines](std::string_view stage, PluginLogLevel level, std::string_view line) {
        EXPECT_EQ(level, PluginLogLevel::kDebug);
        lines.push_back(absl::StrCat(std::string(stage), ": ", std::string(line)));
      }});
  ASSERT_THAT(loaded.set, NotNull()) << loaded.text;
  EXPECT_THAT(lines, ElementsAre("first: created"));
}

// The second of these never returns from its entry point.
TEST(LoadPipelinesTest, WhatIsGivenUpEndsLongBeforeThePluginsTime) {
  const auto abandon = std::make_shared<std::atomic<bool>>(false);
  PipelineLoading loading;
  loading.abandon = abandon;
  // Called while the first is made.
  loading.log = [&abandon](std::string_view, PluginLogLevel, std::string_view) {
    abandon->store(true);
  };
  const LoadedSet loaded = Load(
      "pipelines:\n"
      "  p:\n"
      "  - {plugin: fixture_transform.so, config: {do: nothing}, isolation: in_process}\n"
      "  - {plugin: fixture_hang_entry.so}\n",
      CXSCRIBE_PLUGIN_FIXTURES, loading);
  EXPECT_THAT(loaded.set, IsNull());
  ASSERT_THAT(loaded.errors, SizeIs(1));
  EXPECT_THAT(loaded.text, HasSubstr("/etc/c.yaml:4:5: stage fixture_hang_entry was not loaded"));
}

TEST(LoadPipelinesTest, AWorkerThatIsWaitedForIsGivenUp) {
  const auto abandon = std::make_shared<std::atomic<bool>>(false);
  PipelineLoading loading;
  loading.abandon = abandon;
  // Either before the worker is waited for, or after; the plugin's minute is not used up.
  std::thread other([&abandon] { abandon->store(true); });
  const absl::Time began = absl::Now();
  const LoadedSet loaded = Load("pipelines:\n  p:\n  - {plugin: fixture_hang_entry.so}\n",
                                CXSCRIBE_PLUGIN_FIXTURES, loading);
  other.join();
  EXPECT_THAT(loaded.set, IsNull());
  EXPECT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_LT(absl::Now() - began, absl::Seconds(30));
}

TEST(LoadPipelinesTest, PoliciesComeWithTheirPipelines) {
  const LoadedSet loaded = Load(
      "pipelines: {p: [{plugin: punctuation.so}]}\n"
      "redaction_policies: {mine: {entity_types: [PIN]}}\n");
  ASSERT_THAT(loaded.set, NotNull()) << loaded.text;
  EXPECT_EQ(loaded.set->redaction_policies.count("pii"), 1u);
  EXPECT_THAT(loaded.set->redaction_policies.at("mine").entity_types, ElementsAre("PIN"));
}

TEST(LoadPipelinesTest, SettingsForAPolicyThatIsNotThereAreRefused) {
  const LoadedSet loaded = Load(
      "redaction_policies: {staff: {entity_types: [PHONE]}}\n"
      "pipelines:\n"
      "  p:\n"
      "  - plugin: redaction.so\n"
      "    config:\n"
      "      policies:\n"
      "        staff: {allowed_remains: {SSN: 4}}\n"
      "        pcl: {allowed_remains: {SSN: 4}}\n");
  EXPECT_THAT(loaded.set, IsNull());
  ASSERT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text,
              HasSubstr("/etc/c.yaml:8:14: config/policies/pcl of stage redaction: there is no "
                        "such redaction policy; there are none, pci, phi, pii, staff"));
}

// What one stage of the verifier, configured so, makes of a text under a policy of the operator's.
PipelineResult RunUnderPolicy(const std::string& entity_types, const std::string& config,
                              const std::string& text) {
  const LoadedSet loaded =
      Load(absl::StrCat("redaction_policies: {staff: {entity_types: ", entity_types,
                        "}}\n"
                        "pipelines: {p: [{plugin: redaction.so, config: ",
                        config, "}]}\n"));
  EXPECT_THAT(loaded.set, NotNull()) << loaded.text;
  if (loaded.set == nullptr) return {};
  v1::Transcript transcript;
  *transcript.add_segments() = Segment(text);
  PipelineRequest request;
  request.language = "en-US";
  request.policy = loaded.set->redaction_policies.at("staff");
  return loaded.set->Find("p")->Run(std::move(transcript), request);
}

TEST(PolicyTest, ATypeThatNothingLooksForIsNeverPassed) {
  const PipelineResult result = RunUnderPolicy("[EMAIL, acme.BADGE]", "{}", "badge 77, thank you");
  EXPECT_EQ(result.disposition, Disposition::kQuarantine);
  EXPECT_TRUE(result.withheld);
  EXPECT_EQ(result.compliance.vendor_redaction(), v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_INCONCLUSIVE);
  ASSERT_THAT(result.stages, SizeIs(1));
  EXPECT_THAT(result.stages[0].reason(), HasSubstr("nothing here looks for acme.BADGE"));
}

TEST(PolicyTest, AnOperatorsDetectorMakesItATypeLikeOthers) {
  const PipelineResult result = RunUnderPolicy(
      "[EMAIL, acme.BADGE]", "{detectors: [{type: acme.BADGE, pattern: 'badge [0-9]+'}]}",
      "badge 77, thank you");
  EXPECT_EQ(result.disposition, Disposition::kDeliver);
  EXPECT_EQ(result.compliance.vendor_redaction(), v1::OUTCOME_FAIL);
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_EQ(result.transcript.segments(0).text(), "[acme.BADGE], thank you");
  ASSERT_THAT(result.stages, SizeIs(2));
  EXPECT_THAT(result.stages[0].reason(), HasSubstr("found acme.BADGE 1"));
  EXPECT_THAT(result.stages[1].reason(),
              AllOf(HasSubstr("found nothing"), HasSubstr("findings masked before: 1")));
}

TEST(LoadPipelinesTest, SkippingIsRefusedWhereAStageMayHideText) {
  for (const std::string on_finding : {"redact", "quarantine", "flag"}) {
    const LoadedSet loaded = Load(
        "pipelines:\n"
        "  p:\n"
        "  - plugin: fixture_verify.so\n"
        "    config: {do: nothing}\n"
        "    isolation: in_process\n"
        "    on_error: skip\n"
        "    on_finding: " +
            on_finding + "\n",
        CXSCRIBE_PLUGIN_FIXTURES);
    EXPECT_EQ(loaded.set != nullptr, on_finding == "flag") << loaded.text;
    if (on_finding != "flag") {
      EXPECT_THAT(loaded.text, HasSubstr("/etc/c.yaml:3:5: stage fixture_verify: on_error: skip"));
    }
  }
}

TEST(LoadPipelinesTest, AFileThatIsNoPluginIsRefusedAtItsPlace) {
  const TempDir dir;
  dir.Write("text.so", "not a library");
  const LoadedSet loaded = Load("pipelines:\n  p:\n  - plugin: text.so\n", dir.path().string());
  EXPECT_THAT(loaded.set, IsNull());
  ASSERT_THAT(loaded.errors, SizeIs(1));
  EXPECT_THAT(loaded.text, AllOf(HasSubstr("/etc/c.yaml:3:13: "), HasSubstr("text.so")));
}

// Each names the file, the line and the reason, and none hides the next.
TEST(LoadPipelinesTest, BrokenPluginsAreRefusedAtTheirPlacesWithTheirReasons) {
  const LoadedSet loaded = Load(
      "pipelines:\n"
      "  p:\n"
      "  - plugin: fixture_no_symbol.so\n"
      "  - plugin: fixture_major_newer.so\n"
      "  - plugin: fixture_minor_newer.so\n"
      "  - plugin: fixture_wrong_magic.so\n"
      "  - plugin: fixture_unresolved.so\n"
      "  - plugin: fixture_bad_fields.so\n",
      CXSCRIBE_PLUGIN_FIXTURES);
  EXPECT_THAT(loaded.set, IsNull());
  const std::pair<const char*, const char*> expected[] = {
      {"/etc/c.yaml:3:13: ", "fixture_no_symbol.so: it does not export cx_plugin_entry"},
      {"/etc/c.yaml:4:13: ", "ABI 2.0, this host speaks 1.0"},
      {"/etc/c.yaml:5:13: ", "ABI 1.1, this host speaks 1.0"},
      {"/etc/c.yaml:6:13: ", "0x0000000000001234"},
      {"/etc/c.yaml:7:13: ", "cx_fixture_nobody_defines_this"},
      {"/etc/c.yaml:8:13: ", "create is NULL"},
  };
  ASSERT_THAT(loaded.errors, SizeIs(std::size(expected))) << loaded.text;
  for (size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_THAT(loaded.errors[i].ToString(),
                AllOf(HasSubstr(expected[i].first), HasSubstr(expected[i].second)));
  }
}

TEST(LoadPipelinesTest, AnAbsentPluginDirectoryIsAnErrorOfEachStage) {
  const LoadedSet loaded = Load("", "/nowhere/plugins");
  EXPECT_THAT(loaded.set, IsNull());
  EXPECT_THAT(loaded.errors, SizeIs(3)) << loaded.text;
}

TEST(LoadPipelinesTest, TheHashFollowsThePluginsAndTheirConfiguration) {
  const auto hash = [](const std::string& stage) {
    const LoadedSet loaded = Load("pipelines: {default: [" + stage + "]}\n");
    return loaded.set == nullptr ? loaded.text : loaded.set->Find("default")->hash();
  };
  EXPECT_EQ(hash("{plugin: punctuation.so}"), hash("{plugin: punctuation.so, timeout: 30s}"));
  EXPECT_NE(hash("{plugin: punctuation.so}"), hash("{plugin: diarization.so, stage: punctuation}"));
  EXPECT_NE(hash("{plugin: diarization.so}"),
            hash("{plugin: diarization.so, config: {fill_gap_ms: 1}}"));
}

class DefaultPipeline : public ::testing::Test {
 protected:
  void SetUp() override {
    loaded_ = Load("");
    ASSERT_THAT(loaded_.set, NotNull()) << loaded_.text;
  }
  PipelineResult Run(const v1::Transcript& transcript, const PipelineRequest& request = Request()) {
    return loaded_.set->Find("default")->Run(transcript, request);
  }
  LoadedSet loaded_;
};

v1::Transcript CardCall() {
  v1::Transcript transcript = TranscriptOf({});
  const std::pair<const char*, const char*> lines[] = {
      {"agent", "thank you for calling how can i help you"},
      {"customer", "i want to pay my bill"},
      {"agent", "what is the card number please"},
      {"customer", "sure it's four one one one one one one one"},
      {"agent", "mm hm"},
      {"customer", "one one one one one one one one"},
      {"agent", "thanks your payment went through"},
  };
  int time = 0;
  for (const auto& [speaker, text] : lines) {
    v1::Segment& segment = *transcript.add_segments();
    segment = Segment(text, speaker);
    segment.set_start_ms(time);
    segment.set_end_ms(time + 900);
    time += 1000;
    std::istringstream words(text);
    for (std::string word; words >> word;) segment.add_words()->set_text(word);
  }
  return transcript;
}

TEST_F(DefaultPipeline, MasksACardNumberThatIsSpokenOverSegments) {
  const PipelineResult result = Run(CardCall());
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.disposition, Disposition::kDeliver);
  EXPECT_EQ(result.compliance.vendor_redaction(), v1::OUTCOME_FAIL);
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_EQ(result.compliance.punctuation_restored(), v1::OUTCOME_PASS);
  EXPECT_EQ(result.compliance.diarization_applied(), v1::OUTCOME_PASS);
  ASSERT_GE(result.transcript.findings_size(), 1);
  EXPECT_TRUE(result.transcript.findings(0).masked());
  int masks = 0;
  for (const v1::Segment& segment : result.transcript.segments()) {
    EXPECT_THAT(segment.text(), ::testing::Not(HasSubstr("one one")));
    if (segment.text().find("[CREDIT_CARD]") != std::string::npos) ++masks;
    for (const v1::Word& word : segment.words()) EXPECT_NE(word.text(), "one");
  }
  EXPECT_EQ(masks, 2);
  EXPECT_EQ(result.stages.size(), 4u);
  EXPECT_EQ(result.transcript.turns_size(), 7);
}

TEST_F(DefaultPipeline, ACleanCallIsPunctuatedAndPasses) {
  const PipelineResult result = Run(TranscriptOf({"hello how are you", "i am fine thank you"}));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.compliance.vendor_redaction(), v1::OUTCOME_PASS);
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_NE(result.transcript.segments(0).text(), "hello how are you");
  EXPECT_EQ(result.stages.size(), 3u);
}

// What a mark, or a capital, in the middle of a number or an address would do.
TEST_F(DefaultPipeline, PunctuationHidesNothingFromTheVerifier) {
  const std::vector<std::string> calls = {
      "sure it is four one one one one one one one one one one one one one one one okay",
      "my card is five five five five five five five five five five five five four four four four",
      "you can write to jane dot doe at example dot com if that helps",
      "it is jane underscore doe dash smith at mail dot example dot org thank you",
      "my number is two one two five five five oh one seven eight and i am home after six",
      "my social is five three six two two eight seven two six",
      "my date of birth is august nineteenth nineteen eighty",
      "i was born on the third of march nineteen sixty one"};
  PipelineRequest plain = Request();
  plain.punctuation = false;
  for (const std::string& call : calls) {
    const auto types = [&](const PipelineRequest& request) {
      const PipelineResult result = Run(TranscriptOf({call}), request);
      std::vector<std::string> found;
      for (const v1::Finding& finding : result.transcript.findings()) {
        found.push_back(finding.entity_type());
      }
      return found;
    };
    const std::vector<std::string> without = types(plain);
    EXPECT_THAT(without, ::testing::Not(::testing::IsEmpty())) << call;
    EXPECT_EQ(types(Request()), without) << call;
  }
}

// Figures and addresses must be found as they were found when they were words, wherever the stage
// stands.
TEST(InverseTextNormalisation, HidesNothingFromTheVerifier) {
  const LoadedSet loaded = Load(
      "pipelines:\n"
      "  spoken: [{plugin: redaction.so}]\n"
      "  written: [{plugin: inverse_text_normalisation.so}, {plugin: redaction.so}]\n"
      "  first: [{plugin: inverse_text_normalisation.so}, {plugin: punctuation.so},\n"
      "          {plugin: redaction.so}]\n"
      "  second: [{plugin: punctuation.so}, {plugin: inverse_text_normalisation.so},\n"
      "           {plugin: redaction.so}]\n");
  ASSERT_THAT(loaded.set, NotNull()) << loaded.text;
  const std::vector<std::vector<std::string>> calls = {
      {"sure it is four one one one one one one one one one one one one one one one okay"},
      {"my card is fifty five fifty five fifty five fifty five fifty five fifty five forty four "
       "forty four"},
      {"card number please", "four one one one one one one one", "mm hm",
       "one one one one one one one one"},
      {"it is three seven eight two eight two two four six three one zero zero zero five"},
      {"and the security code", "it is one two three"},
      {"when does it expire", "oh nine twenty seven"},
      {"when does the card expire", "april twenty twenty seven"},
      {"you can write to jane dot doe at example dot com if that helps"},
      {"it is jane underscore doe dash smith at mail dot example dot org thank you"},
      {"contact jane smith at example dot com"},
      {"my email is jane smith at example dot com"},
      {"it is j d o e seven seven at g mail dot com"},
      {"my number is two one two five five five oh one seven eight and i am home after six"},
      {"call me at two one two", "five five five", "oh one seven eight"},
      {"my number is plus four four two oh seven nine four six oh nine five eight"},
      {"reach me on one eight hundred five five five oh one nine nine"},
      {"the phone number is double five five oh one two three"},
      {"my social is five three six two two eight seven two six"},
      {"the last four of your social", "eight seven two six"},
      {"my date of birth is august nineteenth nineteen eighty"},
      {"what is your date of birth", "oh eight nineteen nineteen eighty"},
      {"what is your date of birth", "the third of march nineteen sixty one"},
      {"what is your date of birth", "october nineteen eighty"},
      {"it is one ninety two dot one sixty eight dot one dot twenty"}};
  for (const std::vector<std::string>& call : calls) {
    const auto found = [&](const char* pipeline) {
      const PipelineResult result = loaded.set->Find(pipeline)->Run(TranscriptOf(call), Request());
      EXPECT_TRUE(result.status.ok()) << result.status;
      EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_PASS) << pipeline << ": " << call[0];
      std::set<std::string> types;
      for (const v1::Finding& finding : result.transcript.findings()) {
        types.insert(finding.entity_type());
      }
      return types;
    };
    const std::set<std::string> spoken = found("spoken");
    for (const char* pipeline : {"written", "first", "second"}) {
      EXPECT_THAT(found(pipeline), ::testing::IsSupersetOf(spoken))
          << pipeline << ": " << call.back();
    }
  }
}

TEST_F(DefaultPipeline, ALanguageThatTheVerifierCannotReadIsWithheld) {
  PipelineRequest request = Request();
  request.language = "de-DE";
  const PipelineResult result = Run(TranscriptOf({"guten tag"}), request);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.disposition, Disposition::kQuarantine);
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(result.transcript.segments(0).text(), "");
}

TEST_F(DefaultPipeline, TheSameCallGivesTheSameResultAndHashes) {
  const PipelineResult first = Run(CardCall());
  const PipelineResult second = Run(CardCall());
  EXPECT_EQ(first.transcript.SerializeAsString(), second.transcript.SerializeAsString());
  ASSERT_EQ(first.stages.size(), second.stages.size());
  for (size_t i = 0; i < first.stages.size(); ++i) {
    EXPECT_EQ(first.stages[i].output_sha256(), second.stages[i].output_sha256());
    EXPECT_EQ(first.stages[i].plugin_sha256(), second.stages[i].plugin_sha256());
  }
}

}  // namespace
}  // namespace cxscribe
