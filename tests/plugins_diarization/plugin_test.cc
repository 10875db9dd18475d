// diarization.so as the host sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/in_process.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::shared_ptr<const Plugin> Load() {
  auto file =
      PluginFile::Open({.directory = CXSCRIBE_PLUGIN_DIR, .name = "diarization.so", .sha256 = ""});
  EXPECT_TRUE(file.ok()) << file.status();
  auto plugin = OpenInProcess(**file);
  EXPECT_TRUE(plugin.ok()) << plugin.status();
  return *plugin;
}

struct Said {
  std::string recording;
  std::string speaker;
  std::string text;
};

v1::Transcript Transcript(const std::vector<Said>& said) {
  v1::Transcript transcript;
  std::string recording;
  int time = 0;
  for (const Said& one : said) {
    if (one.recording != recording) time = 0;
    recording = one.recording;
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id(one.recording);
    segment.set_speaker(one.speaker);
    segment.set_text(one.text);
    segment.set_start_ms(time);
    segment.set_end_ms(time += 1000);
  }
  return transcript;
}

absl::StatusOr<RunOutput> RunStage(const v1::Transcript& transcript, std::string language,
                                   std::string config = "{}") {
  StageOptions options;
  options.stage = "diarization";
  options.config_json = std::move(config);
  auto stage = Load()->StartStage(options);
  if (!stage.ok()) return stage.status();
  RunContext context;
  context.language = std::move(language);
  return (*stage)->Run(context, transcript);
}

std::vector<std::string> SpeakersOf(const RunOutput& output) {
  std::vector<std::string> speakers;
  for (const v1::Segment& segment : output.segments) speakers.push_back(segment.speaker());
  return speakers;
}

TEST(DiarizationPlugin, RefusesWhatItDoesNotKnow) {
  const auto plugin = Load();
  EXPECT_THAT(plugin->CheckConfig(R"({"fill_gap": 1})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"fill_gap_ms": -1})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"agent_labels": "teller"})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"agent_labels": ["x"], "customer_labels": ["y", "X"]})"),
              SizeIs(1));
  EXPECT_THAT(plugin->CheckConfig(R"({"agent_labels": ["teller"], "customer_labels": ["rep"]})"),
              IsEmpty());
  EXPECT_THAT(plugin->CheckConfig("{}"), IsEmpty());
}

TEST(DiarizationPlugin, SaysSoWhereARecordingHasNoLabels) {
  const auto none = RunStage(Transcript({{"r1", "", "hi"}, {"r1", "", "hello"}}), "en-US");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(none->reason, HasSubstr("1 of 1"));
  EXPECT_THAT(SpeakersOf(*none), ElementsAre("unknown", "unknown"));
  const auto one = RunStage(Transcript({{"r1", "agent", "hi"}, {"r2", "", "hello"}}), "en-US");
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(one->reason, HasSubstr("1 of 2"));
}

TEST(DiarizationPlugin, NamesSpeakersRecordingByRecording) {
  EXPECT_EQ(Load()->info().capability, "diarization");
  const v1::Transcript transcript = Transcript({{"r1", "spk_0", "thank you for calling"},
                                                {"r1", "spk_1", "hi"},
                                                {"r2", "spk_0", "hi"},
                                                {"r2", "spk_1", "thank you for calling"}});
  const auto output = RunStage(transcript, "en-US");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  EXPECT_THAT(SpeakersOf(*output), ElementsAre("agent", "customer", "customer", "agent"));
  for (int i = 0; i < transcript.segments_size(); ++i) {
    v1::Segment expected = transcript.segments(i);
    expected.set_speaker(output->segments[static_cast<std::size_t>(i)].speaker());
    EXPECT_EQ(output->segments[static_cast<std::size_t>(i)].SerializeAsString(),
              expected.SerializeAsString());
  }
}

TEST(DiarizationPlugin, ReadsNoCuesInOtherLanguages) {
  const auto output = RunStage(
      Transcript({{"r1", "spk_0", "thank you for calling"}, {"r1", "spk_1", "hi"}}), "fr-FR");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  EXPECT_THAT(SpeakersOf(*output), ElementsAre("speaker_1", "speaker_2"));
}

}  // namespace
}  // namespace cxscribe
