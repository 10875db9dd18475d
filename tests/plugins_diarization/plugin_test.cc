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

std::vector<std::string> AnnotationsOf(const RunOutput& output) {
  std::vector<std::string> annotations;
  for (const v1::Annotation& annotation : output.annotations) {
    annotations.push_back(std::to_string(annotation.segment_index()) + " " + annotation.key() +
                          "=" + annotation.value());
  }
  return annotations;
}

TEST(DiarizationPlugin, CutsASegmentBetweenWords) {
  v1::Transcript transcript = Transcript({{"r", "agent", "Can I have your name?  Yeah, it's Leo."},
                                          {"r", "agent", "thank you"},
                                          {"r", "customer", "okay"}});
  v1::Segment& segment = *transcript.mutable_segments(0);
  int time = 0;
  for (const char* text : {"Can", "I", "have", "your", "name?", "Yeah,", "it's", "Leo."}) {
    v1::Word& word = *segment.add_words();
    word.set_text(text);
    word.set_start_ms(time);
    word.set_end_ms(time += 100);
    if (segment.words_size() == 5) time = 600;
  }
  const auto output = RunStage(transcript, "en-GB");
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_THAT(output->segments, SizeIs(4));
  const v1::Segment& asked = output->segments[0];
  const v1::Segment& answered = output->segments[1];
  EXPECT_EQ(asked.text(), "Can I have your name?");
  EXPECT_EQ(answered.text(), "Yeah, it's Leo.");
  EXPECT_EQ(asked.start_ms(), 0);
  EXPECT_EQ(asked.end_ms(), 500);
  EXPECT_EQ(answered.start_ms(), 600);
  EXPECT_EQ(answered.end_ms(), 1000);
  ASSERT_THAT(asked.words(), SizeIs(5));
  ASSERT_THAT(answered.words(), SizeIs(3));
  EXPECT_EQ(answered.words(0).text(), "Yeah,");
  EXPECT_THAT(SpeakersOf(*output), ElementsAre("agent", "customer", "agent", "customer"));
  EXPECT_THAT(AnnotationsOf(*output),
              ElementsAre("0 diarization.speaker=split", "1 diarization.speaker=split"));
}

TEST(DiarizationPlugin, SaysWhatTimesAreEstimatedAndWhoElseSpeaks) {
  const auto output = RunStage(Transcript({{"r", "agent", "can i have your name yeah it's leo"},
                                           {"r", "agent/customer", "thank you"},
                                           {"r", "customer", "okay"},
                                           {"r", "agent 2", "hi"}}),
                               "en-US", R"({"repair": true})");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(AnnotationsOf(*output),
              ElementsAre("1 diarization.overlap=customer", "3 diarization.role=agent"));
  const auto cut = RunStage(Transcript({{"r", "agent", "can i have your name yeah it's leo"},
                                        {"r", "agent", "thank you"},
                                        {"r", "customer", "okay"}}),
                            "en-US");
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_THAT(AnnotationsOf(*cut),
              ElementsAre("0 diarization.speaker=split", "0 diarization.times=estimated",
                          "1 diarization.speaker=split", "1 diarization.times=estimated"));
}

TEST(DiarizationPlugin, DoesNotCutWordsThatAreNotThoseOfTheText) {
  v1::Transcript transcript = Transcript({{"r", "agent", "can i have your name yeah it's leo"},
                                          {"r", "agent", "thank you"},
                                          {"r", "customer", "okay"}});
  transcript.mutable_segments(0)->add_words()->set_text("something else");
  const auto output = RunStage(transcript, "en-US");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(output->segments, SizeIs(3));
}

// The host takes so many annotations and no more.
TEST(DiarizationPlugin, AnnotatesLongTranscriptsInPart) {
  std::vector<Said> said;
  said.reserve(120'000);
  for (int i = 0; i < 120'000; ++i) said.push_back({"r", i % 2 == 0 ? "agent" : "", "right"});
  const auto output = RunStage(Transcript(said), "en-US");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(output->annotations, SizeIs(50'000));
  EXPECT_EQ(output->segments[119'997].speaker(), "agent");
}

}  // namespace
}  // namespace cxscribe
