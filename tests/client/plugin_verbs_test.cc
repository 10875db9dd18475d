// The verbs for plugin authors: plugin new, plugin check, and what pipeline run can show.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "client/plugin_template.h"
#include "client/stage_timings.h"
#include "client/transcript_diff.h"
#include "tests/client/fakes.h"
#include "tests/support/temp_dir.h"

namespace cxscribe::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

TEST(PluginNew, MakesAFolderForEachLanguage) {
  for (const char* language : {"c", "c++"}) {
    Harness cxctl;
    const TempDir folder;
    const std::string made = folder.File("script-adherence.v2");
    ASSERT_EQ(
        cxctl.Run({"plugin", "new", "script-adherence.v2", "--lang", language, "--dir", made}), 0)
        << cxctl.err.str();
    EXPECT_THAT(cxctl.out.str(), HasSubstr("cxctl plugin check"));
    for (const char* file : {"CMakeLists.txt", "README.md", ".gitignore", "golden/call.json",
                             "golden/call.expected.json"}) {
      EXPECT_TRUE(fs::exists(made + "/" + file)) << language << " " << file;
    }
    const bool is_c = std::string(language) == "c";
    const std::string source = ReadFile(made + (is_c ? "/plugin.c" : "/plugin.cc"));
    EXPECT_THAT(source, HasSubstr("\"script-adherence.v2\""));
    EXPECT_THAT(source, HasSubstr("\"example.script-adherence.v2\""));
    if (!is_c) {
      EXPECT_THAT(source, HasSubstr("class ScriptAdherenceV2 "));
    }
    for (const auto& entry : fs::recursive_directory_iterator(made)) {
      if (!entry.is_regular_file()) continue;
      for (const char* left : {"@NAME@", "@CLASS@", "@CAPABILITY@"}) {
        EXPECT_THAT(ReadFile(entry.path().string()), Not(HasSubstr(left))) << entry.path();
      }
    }
  }
}

TEST(PluginNew, OverwritesNothing) {
  Harness cxctl;
  const TempDir folder;
  folder.Write("mine", "precious");
  EXPECT_EQ(cxctl.Run({"plugin", "new", "demo", "--dir", folder.path().string()}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("exists already"));
  EXPECT_EQ(cxctl.Run({"plugin", "new", "demo", "--dir", folder.File("mine")}), 1);
  EXPECT_EQ(ReadFile(folder.File("mine")), "precious");
}

TEST(PluginNew, RefusesNamesThatAreNone) {
  for (const char* name : {"Demo", "-x", "a b", "a/b", "..", "test", "all"}) {
    Harness cxctl;
    EXPECT_EQ(cxctl.Run({"plugin", "new", "--", name}), 2) << name;
    EXPECT_THAT(cxctl.err.str(), HasSubstr("cannot be the name of a plugin")) << name;
  }
  EXPECT_THAT(PluginNameProblem(std::string(65, 'a')), Not(IsEmpty()));
  EXPECT_THAT(PluginNameProblem("3d.party_x-1"), IsEmpty());
}

TEST(PluginCheck, UsageErrors) {
  Harness cxctl;
  const TempDir folder;
  const std::string file = folder.Write("x.so", "not a library");
  EXPECT_EQ(cxctl.Run({"plugin", "check"}), 2);
  EXPECT_EQ(cxctl.Run({"plugin", "check", file, "--config", "[1]"}), 2);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("not a JSON object"));
  EXPECT_EQ(cxctl.Run({"plugin", "check", file, "--config", "@/nonexistent"}), 2);
  EXPECT_EQ(cxctl.Run({"plugin", "check", file, "--update"}), 2);
  EXPECT_EQ(cxctl.Run({"plugin", "check", file, "--only", "speed"}), 2);
  EXPECT_EQ(cxctl.Run({"plugin", "check", file, "--golden", folder.path().string()}), 2);
  EXPECT_EQ(cxctl.Run({"plugin", "check", folder.File("none.so")}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("does not exist"));
}

TEST(PluginCheck, AFailureIs1AndJsonSaysWhy) {
  Harness cxctl;
  const TempDir folder;
  const std::string file = folder.Write("x.so", "not a library");
  EXPECT_EQ(cxctl.Run({"plugin", "check", file, "--debug", "-o", "json"}), 1);
  const auto report = nlohmann::json::parse(cxctl.out.str());
  EXPECT_EQ(report["ok"], false);
  EXPECT_EQ(report["checks"][0]["name"], "loads");
  EXPECT_EQ(report["checks"][0]["result"], "FAIL");
  EXPECT_THAT(report["checks"][0]["reason"].get<std::string>(), HasSubstr("is not an ELF file"));
  EXPECT_EQ(report["checks"][2]["result"], "SKIP");
}

TEST(PluginCheck, GoldenFilesAreWrittenAndCompared) {
  Harness cxctl;
  const TempDir folder;
  const std::string plugin = std::string(CXCTL_BIN_DIR) + "/../lib/cxscribe/plugins/punctuation.so";
  const std::string golden = folder.Write(
      "call.json", R"({"results":[{"text":"how are you","startOffsetMs":0,"endOffsetMs":900}]})");
  const std::vector<std::string> check = {"plugin", "check",  plugin,     "--debug",
                                          "--only", "golden", "--golden", golden};
  EXPECT_EQ(cxctl.Run(check), 1);
  EXPECT_THAT(cxctl.out.str(), HasSubstr("--update"));
  std::vector<std::string> update = check;
  update.push_back("--update");
  EXPECT_EQ(cxctl.Run(update), 0) << cxctl.out.str();
  EXPECT_THAT(ReadFile(folder.File("call.expected.json")), HasSubstr("How are you?"));
  EXPECT_EQ(cxctl.Run(check), 0) << cxctl.out.str();
}

v1::Segment Segment(const std::string& speaker, const std::string& text, int start_ms) {
  v1::Segment segment;
  segment.set_recording_id("rec_1");
  segment.set_speaker(speaker);
  segment.set_text(text);
  segment.set_start_ms(start_ms);
  segment.set_end_ms(start_ms + 500);
  return segment;
}

TEST(TranscriptDiff, ShowsWhatChangedAndNothingElse) {
  v1::Transcript before;
  v1::Transcript after;
  *before.add_segments() = Segment("", "hello", 0);
  *before.add_segments() = Segment("agent", "same", 1'000);
  *after.add_segments() = Segment("agent", "Hello.", 0);
  *after.add_segments() = Segment("agent", "same", 1'000);
  EXPECT_EQ(RenderTranscriptDiff(before.segments(), after.segments(), "pipeline x", View()),
            "--- input\n+++ pipeline x\n@@ rec_1 #0 00:00-00:00 @@\n"
            "-(none): hello\n+agent: Hello.\n");
  EXPECT_EQ(RenderTranscriptDiff(before.segments(), before.segments(), "x", View()), "");
}

TEST(TranscriptDiff, SegmentsThatWereMergedOrSplitStandAlone) {
  v1::Transcript before;
  v1::Transcript after;
  *before.add_segments() = Segment("a", "one", 0);
  *before.add_segments() = Segment("a", "two", 1'000);
  *before.add_segments() = Segment("a", "three", 2'000);
  *after.add_segments() = Segment("a", "one two", 0);
  *after.add_segments() = Segment("a", "three", 2'000);
  *after.add_segments() = Segment("a", "more", 2'500);
  const std::string diff = RenderTranscriptDiff(before.segments(), after.segments(), "x", View());
  EXPECT_THAT(diff, HasSubstr("-a: one\n+a: one two\n"));
  EXPECT_THAT(diff, HasSubstr("@@\n-a: two\n@@"));
  EXPECT_THAT(diff, HasSubstr("@@\n+a: more\n"));
  EXPECT_THAT(diff, Not(HasSubstr("three")));
}

TEST(TranscriptDiff, NeutralisesAndColoursOnlyWhenAsked) {
  v1::Transcript before;
  v1::Transcript after;
  *before.add_segments() = Segment("a", "x\x1b[31m", 0);
  *after.add_segments() = Segment("a", "y", 0);
  View view;
  EXPECT_THAT(RenderTranscriptDiff(before.segments(), after.segments(), "x", view),
              Not(HasSubstr("\x1b")));
  view.colour = true;
  EXPECT_THAT(RenderTranscriptDiff(before.segments(), after.segments(), "x", view),
              HasSubstr("\x1b"));
}

TEST(StageTimings, GiveShortestMedianAndLongest) {
  StageTimings timings;
  for (const double milliseconds : {3.0, 1.0, 20.0}) {
    google::protobuf::RepeatedPtrField<v1::StageRecord> stages;
    v1::StageRecord& first = *stages.Add();
    first.set_stage("punctuation");
    first.set_pass(1);
    first.set_duration_ms(milliseconds);
    v1::StageRecord& skipped = *stages.Add();
    skipped.set_stage("diarization");
    v1::StageRecord& again = *stages.Add();
    again.set_stage("verify");
    again.set_pass(2);
    again.set_duration_ms(1);
    timings.Add(stages);
  }
  const std::string table = timings.Render(View());
  EXPECT_THAT(table, ::testing::ContainsRegex("punctuation +3 +1\\.0 ms +3\\.0 ms +20 ms"));
  EXPECT_THAT(table, HasSubstr("verify (pass 2)"));
  EXPECT_THAT(table, Not(HasSubstr("diarization")));
  EXPECT_THAT(table, ::testing::ContainsRegex("all stages +3 +2\\.0 ms +4\\.0 ms +21 ms"));
}

}  // namespace
}  // namespace cxscribe::client
