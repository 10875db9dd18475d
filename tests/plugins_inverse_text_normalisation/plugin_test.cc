// inverse_text_normalisation.so as the host sees it.
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/in_process.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::shared_ptr<const Plugin> Load() {
  auto file = PluginFile::Open(
      {.directory = CXSCRIBE_PLUGIN_DIR, .name = "inverse_text_normalisation.so", .sha256 = ""});
  EXPECT_TRUE(file.ok()) << file.status();
  auto plugin = OpenInProcess(**file);
  EXPECT_TRUE(plugin.ok()) << plugin.status();
  return *plugin;
}

absl::StatusOr<RunOutput> RunStage(const v1::Transcript& transcript, std::string language = "en-US",
                                   std::string config = "{}") {
  StageOptions options;
  options.stage = "itn";
  options.config_json = std::move(config);
  auto stage = Load()->StartStage(options);
  if (!stage.ok()) return stage.status();
  RunContext context;
  context.language = std::move(language);
  return (*stage)->Run(context, transcript);
}

// With words of 100 ms; the n-th is as certain as 1/n.
v1::Transcript TranscriptOf(const std::vector<std::string>& texts) {
  v1::Transcript transcript;
  for (const std::string& text : texts) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id("rec_1");
    segment.set_speaker("customer");
    segment.set_text(text);
    segment.set_start_ms(1000 * transcript.segments_size());
    segment.set_end_ms(segment.start_ms() + 900);
    int time = segment.start_ms();
    std::istringstream words(text);
    for (std::string word; words >> word; time += 100) {
      v1::Word& added = *segment.add_words();
      added.set_text(word);
      added.set_start_ms(time);
      added.set_end_ms(time + 100);
      added.set_confidence(1.0 / segment.words_size());
    }
  }
  return transcript;
}

TEST(InverseTextNormalisationPlugin, RefusesWhatItDoesNotKnow) {
  const auto plugin = Load();
  EXPECT_THAT(plugin->CheckConfig(R"({"classes": ["colour"]})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"classes": "money"})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"classes": ["money", "money"]})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"small_numbers": true})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig(R"({"class": []})"), Not(IsEmpty()));
  EXPECT_THAT(plugin->CheckConfig("{}"), IsEmpty());
  EXPECT_THAT(plugin->CheckConfig(R"({"classes": ["money", "date", "time", "measure", "telephone",
                                     "electronic", "decimal", "ordinal", "cardinal"],
                                     "small_numbers": "figures"})"),
              IsEmpty());
}

TEST(InverseTextNormalisationPlugin, LeavesOtherLanguagesAloneAndSaysSo) {
  const auto output = RunStage(TranscriptOf({"twenty dollars"}), "de-DE");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_FALSE(output->replaced);
  EXPECT_EQ(output->outcome, v1::OUTCOME_INCONCLUSIVE);
  EXPECT_THAT(output->reason, HasSubstr("only English"));
  EXPECT_THAT(output->annotations, IsEmpty());
}

TEST(InverseTextNormalisationPlugin, WritesTextAndWordsAlike) {
  EXPECT_EQ(Load()->info().capability, "inverse-text-normalisation");
  const auto output = RunStage(TranscriptOf({"i paid twenty three dollars, okay", "sure"}));
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->outcome, v1::OUTCOME_PASS);
  ASSERT_EQ(output->segments.size(), 2U);
  const v1::Segment& segment = output->segments[0];
  EXPECT_EQ(segment.text(), "i paid $23, okay");
  EXPECT_EQ(segment.start_ms(), 1000);
  ASSERT_EQ(segment.words_size(), 4);
  EXPECT_EQ(segment.words(2).text(), "$23,");
  EXPECT_EQ(segment.words(2).start_ms(), 1200);
  EXPECT_EQ(segment.words(2).end_ms(), 1500);
  EXPECT_EQ(segment.words(2).confidence(), 1.0 / 5);
  EXPECT_EQ(segment.words(3).start_ms(), 1500);
  EXPECT_EQ(output->segments[1].text(), "sure");
}

TEST(InverseTextNormalisationPlugin, NothingIsJoinedOverSegments) {
  const auto output = RunStage(TranscriptOf({"twenty", "three dollars"}));
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->segments[0].text(), "20");
  EXPECT_EQ(output->segments[1].text(), "$3");
}

TEST(InverseTextNormalisationPlugin, WordsThatSayOtherThingsKeepTheSegmentAsItIs) {
  v1::Transcript transcript = TranscriptOf({"twenty dollars"});
  transcript.mutable_segments(0)->mutable_words()->RemoveLast();
  const auto output = RunStage(transcript);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->segments[0].text(), "twenty dollars");
  EXPECT_THAT(output->annotations, IsEmpty());
}

// Kinds and numbers only: an annotation is not masked with the text.
TEST(InverseTextNormalisationPlugin, SaysWhereItWroteWhatKind) {
  const auto output = RunStage(
      TranscriptOf({"hello", "twenty dollars and thirty dollars on june tenth", "fifty calls"}));
  ASSERT_TRUE(output.ok()) << output.status();
  std::vector<std::string> annotations;
  for (const v1::Annotation& annotation : output->annotations) {
    EXPECT_EQ(annotation.key(), "inverse-text-normalisation");
    annotations.push_back((annotation.has_segment_index()
                               ? std::to_string(annotation.segment_index())
                               : std::string("all")) +
                          " " + annotation.value());
  }
  EXPECT_THAT(annotations, ElementsAre("1 money: 2, date: 1", "2 cardinal: 1",
                                       "all money: 2, date: 1, cardinal: 1"));
}

TEST(InverseTextNormalisationPlugin, OnlyTheConfiguredClasses) {
  const auto output =
      RunStage(TranscriptOf({"twenty dollars on june third"}), "en-GB", R"({"classes": ["date"]})");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->segments[0].text(), "twenty dollars on june 3");
  const auto none = RunStage(TranscriptOf({"twenty dollars"}), "en", R"({"classes": []})");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->segments[0].text(), "twenty dollars");
}

TEST(InverseTextNormalisationPlugin, TakesAHundredThousandSegments) {
  v1::Transcript transcript;
  for (int i = 0; i < 100'000; ++i) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id("rec_1");
    segment.set_text("that is twenty three dollars");
    segment.set_start_ms(i);
    segment.set_end_ms(i + 1);
  }
  const auto output = RunStage(transcript);
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_EQ(output->segments.size(), 100'000U);
  EXPECT_EQ(output->segments.back().text(), "that is $23");
  ASSERT_EQ(output->annotations.size(), 50'001U);  // the host's limit is 100,000
  EXPECT_EQ(output->annotations.back().value(), "money: 100000");
}

}  // namespace
}  // namespace cxscribe
