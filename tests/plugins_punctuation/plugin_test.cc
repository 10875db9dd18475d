// punctuation.so as the host sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/in_process.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::shared_ptr<const Plugin> Load() {
  auto file =
      PluginFile::Open({.directory = CXSCRIBE_PLUGIN_DIR, .name = "punctuation.so", .sha256 = ""});
  EXPECT_TRUE(file.ok()) << file.status();
  auto plugin = OpenInProcess(**file);
  EXPECT_TRUE(plugin.ok()) << plugin.status();
  return *plugin;
}

absl::StatusOr<RunOutput> RunStage(const v1::Transcript& transcript, std::string language,
                                   std::string config = "{}") {
  StageOptions options;
  options.stage = "punctuation";
  options.config_json = std::move(config);
  auto stage = Load()->StartStage(options);
  if (!stage.ok()) return stage.status();
  RunContext context;
  context.language = std::move(language);
  return (*stage)->Run(context, transcript);
}

v1::Transcript Sample() {
  v1::Transcript transcript;
  for (const char* text : {"can i pay on monday", "yes you can"}) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id("rec_1");
    segment.set_speaker("customer");
    segment.set_text(text);
    segment.set_start_ms(1000 * transcript.segments_size());
    segment.set_end_ms(segment.start_ms() + 900);
  }
  v1::Word& word = *transcript.mutable_segments(0)->add_words();
  word.set_text("can");
  word.set_start_ms(1000);
  word.set_end_ms(1100);
  word.set_confidence(0.5);
  return transcript;
}

TEST(PunctuationPlugin, RefusesWhatItDoesNotKnow) {
  const auto plugin = Load();
  EXPECT_THAT(plugin->CheckConfig(R"({"mode": "magic"})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"modes": "rules"})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"capitals": 1})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig("{}"), IsEmpty());
  EXPECT_THAT(plugin->CheckConfig(R"({"mode": "rules", "capitals": false})"), IsEmpty());
}

TEST(PunctuationPlugin, DoesLittleForOtherLanguagesAndSaysSo) {
  const auto output = RunStage(Sample(), "de-DE");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->segments.at(0).text(), "Can i pay on monday.");
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(output->reason, HasSubstr("no model for the transcript's language"));
}

TEST(PunctuationPlugin, ALongPauseEndsWhatAShortOneDoesNot) {
  v1::Transcript transcript;
  for (const char* text : {"i called you last week", "nobody answered"}) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id("rec_1");
    segment.set_speaker("customer");
    segment.set_text(text);
  }
  transcript.mutable_segments(0)->set_end_ms(1'500);
  transcript.mutable_segments(1)->set_end_ms(9'000);
  const auto texts = [&transcript](int after_ms) {
    transcript.mutable_segments(1)->set_start_ms(1'500 + after_ms);
    const auto output = RunStage(transcript, "en-US");
    if (!output.ok()) return output.status().ToString();
    return output->segments[0].text() + " " + output->segments[1].text();
  };
  EXPECT_EQ(texts(200), "I called you last week, nobody answered.");
  EXPECT_EQ(texts(1'999), "I called you last week, nobody answered.");
  EXPECT_EQ(texts(2'000), "I called you last week. Nobody answered.");
  EXPECT_EQ(texts(5'000), "I called you last week. Nobody answered.");
}

TEST(PunctuationPlugin, PunctuatesSegmentsAndWords) {
  EXPECT_EQ(Load()->info().capability, "punctuation");
  const auto output = RunStage(Sample(), "en-US");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  ASSERT_EQ(output->segments.size(), 2U);
  EXPECT_EQ(output->segments[0].text(), "Can I pay on Monday?");
  EXPECT_EQ(output->segments[1].text(), "Yes, you can.");
  EXPECT_EQ(output->segments[0].start_ms(), 1000);
  ASSERT_EQ(output->segments[0].words_size(), 1);
  EXPECT_EQ(output->segments[0].words(0).text(), "Can");
  EXPECT_EQ(output->segments[0].words(0).confidence(), 0.5);
  EXPECT_EQ(output->segments[0].words(0).end_ms(), 1100);
}

TEST(PunctuationPlugin, NothingIsJoinedAcrossRecordings) {
  v1::Transcript transcript = Sample();
  transcript.mutable_segments(0)->set_text("i called because");
  transcript.mutable_segments(1)->set_recording_id("rec_2");
  const auto output = RunStage(transcript, "en-GB", R"({"mode": "rules"})");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->segments[0].text(), "I called because.");
  EXPECT_EQ(output->segments[1].text(), "Yes you can.");
}

}  // namespace
}  // namespace cxscribe
