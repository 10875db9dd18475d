// Stages in workers behave as those in this process do.
#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/hash.h"
#include "tests/plugins_host/fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Isolated, SaysWhatThePluginIsAsInProcess) {
  const auto isolated = LoadIsolated("verify");
  ASSERT_TRUE(isolated.ok()) << isolated.status();
  const auto in_process = LoadFixture("verify");
  ASSERT_TRUE(in_process.ok());
  const PluginInfo& a = (*isolated)->info();
  const PluginInfo& b = (*in_process)->info();
  EXPECT_EQ(a.file, b.file);
  EXPECT_EQ(a.sha256, b.sha256);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.description, b.description);
  EXPECT_EQ(a.abi, b.abi);
  EXPECT_EQ(a.capability, b.capability);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.reentrant, b.reentrant);
  EXPECT_EQ(a.config_schema, b.config_schema);
}

// Its bytes are, to be hashed and handed on; its code is not.
TEST(Isolated, NothingOfThePluginIsLoadedHere) {
  const auto stage = StartIsolated("hostile", "copy");
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_TRUE((*stage)->Run(RunContext{}, SampleTranscript()).ok());
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const bool executable = line.find("r-xp") != std::string::npos;
    EXPECT_FALSE(executable && line.find("fixture_hostile") != std::string::npos) << line;
  }
}

TEST(Isolated, ConfigurationsAreCheckedInAWorker) {
  const auto plugin = LoadIsolated("transform");
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  const auto schema = (*plugin)->CheckConfig(R"({"do": "invalid", "read_fd": -1, "colour": 1})");
  ASSERT_THAT(schema, SizeIs(2));
  EXPECT_EQ(schema[0].pointer, "/colour");
  const auto own = (*plugin)->CheckConfig(R"({"do": "invalid"})");
  ASSERT_THAT(own, SizeIs(2));
  EXPECT_EQ(own[0].message, "is not done here");
  EXPECT_THAT((*plugin)->CheckConfig(R"({"do": "copy"})"), SizeIs(0));
}

TEST(Isolated, ACopyIsTheSameTranscript) {
  const v1::Transcript transcript = SampleTranscript();
  const auto stage = StartIsolated("transform", "copy");
  ASSERT_TRUE(stage.ok()) << stage.status();
  for (int run = 0; run < 3; ++run) {
    const auto output = (*stage)->Run(RunContext{}, transcript);
    ASSERT_TRUE(output.ok()) << output.status();
    ASSERT_THAT(output->segments, SizeIs(4));
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(output->segments[static_cast<size_t>(i)].SerializeAsString(),
                transcript.segments(i).SerializeAsString());
    }
  }
  EXPECT_EQ((*stage)->health().state, StageState::kOk);
}

TEST(Isolated, ALargeTranscriptArrivesWhole) {
  v1::Transcript transcript;
  for (int i = 0; i < 20'000; ++i) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id("rec");
    segment.set_text(absl::StrCat("segment ", i, std::string(100, 'x')));
    segment.set_start_ms(i);
    segment.set_end_ms(i + 1);
  }
  const auto stage = StartIsolated("transform", "copy");
  ASSERT_TRUE(stage.ok()) << stage.status();
  const auto output = (*stage)->Run(RunContext{}, transcript);
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_THAT(output->segments, SizeIs(20'000));
  EXPECT_EQ(output->segments[19'999].text(), transcript.segments(19'999).text());
}

TEST(Isolated, TheContextArrivesWhole) {
  const auto stage = StartIsolated("transform", "echo");
  ASSERT_TRUE(stage.ok()) << stage.status();
  RunContext context;
  context.language = "de-AT";
  context.redaction_policy = "pci";
  context.entity_types = {"CREDIT_CARD"};
  context.labels = {{"team", "north"}};
  context.timeout = absl::Minutes(5);
  std::vector<double> progress;
  context.progress = [&progress](double fraction) { progress.push_back(fraction); };
  const auto output = (*stage)->Run(context, SampleTranscript());
  ASSERT_TRUE(output.ok()) << output.status();
  std::multimap<std::string, std::string> notes;
  for (const v1::Annotation& annotation : output->annotations) {
    notes.emplace(annotation.key(), annotation.value());
  }
  const std::multimap<std::string, std::string> expected = {
      {"stage", "test"},       {"language", "de-AT"},          {"policy", "pci"},
      {"label.team", "north"}, {"entity_type", "CREDIT_CARD"}, {"has_deadline", "yes"},
      {"recording", "rec_a"},  {"recording", "rec_b"},         {"transcription_id", "txn_1"}};
  EXPECT_EQ(notes, expected);
  EXPECT_EQ(progress, std::vector<double>{0.5});
}

TEST(Isolated, APluginsErrorKeepsItsCodeAndReason) {
  const auto isolated = StartIsolated("transform", "fail");
  ASSERT_TRUE(isolated.ok()) << isolated.status();
  const auto in_process = StartFixture("transform", "fail");
  ASSERT_TRUE(in_process.ok());
  const absl::Status status = (*isolated)->Run(RunContext{}, SampleTranscript()).status();
  const absl::Status same = (*in_process)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(status.code(), same.code());
  EXPECT_EQ(status.message(), same.message());
  EXPECT_EQ(MetadataOf(status), MetadataOf(same));
  EXPECT_EQ(MetadataOf(status)["plugin_reason"], "MODEL_BUSY");
  // It is not a crash.
  EXPECT_EQ((*isolated)->health().state, StageState::kOk);
}

TEST(Isolated, AFailedCreateIsThePluginsError) {
  for (const char* action : {"create_fails", "create_throws", "create_null"}) {
    const absl::Status status = StartIsolated("transform", action).status();
    const absl::Status same = StartFixture("transform", action).status();
    EXPECT_EQ(status.code(), same.code());
    EXPECT_EQ(status.message(), same.message());
    EXPECT_EQ(ReasonOf(status), ReasonOf(same));
    EXPECT_EQ(MetadataOf(status), MetadataOf(same));
  }
}

TEST(Isolated, AnInputThatIsNotValidDoesNotReachThePlugin) {
  const auto stage = StartIsolated("transform", "copy");
  ASSERT_TRUE(stage.ok()) << stage.status();
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(0)->set_text("\xFF");
  EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, transcript).status()), "STAGE_INPUT");
}

TEST(Isolated, DataFilesComeFromTheHostAndLeaveTheirHash) {
  TempDir temp;
  temp.Write("words.txt", "hello");
  StageOptions options;
  options.data_directory = temp.path().string();
  const auto stage = StartIsolated("transform", "use_data", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
  ASSERT_TRUE(output.ok()) << output.status();
  ASSERT_THAT(output->annotations, SizeIs(2));
  EXPECT_EQ(output->annotations[1].value(), "hello");
  ASSERT_THAT(output->resources, SizeIs(1));
  EXPECT_EQ(output->resources[0].name(), "words.txt");
  EXPECT_EQ(output->resources[0].sha256(), Sha256Hex("hello"));
}

TEST(Isolated, ADataFileThatCannotBeReadIsNamed) {
  TempDir temp;
  StageOptions options;
  options.data_directory = temp.path().string();
  absl::Status status = StartIsolated("transform", "use_data", options).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("words.txt does not exist"));
  status = StartIsolated("transform", "data_escapes", options).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  status = StartIsolated("transform", "use_data").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("has no data directory"));
}

TEST(Isolated, LogLinesAreBoundedPrintableAndOnTheCallersThread) {
  std::vector<std::string> stage_lines;
  StageOptions options;
  options.log = [&stage_lines](PluginLogLevel level, std::string_view line) {
    if (level == PluginLogLevel::kDebug) stage_lines.emplace_back(line);
  };
  const auto stage = StartIsolated("transform", "log_flood", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_THAT(stage_lines, ElementsAre("created"));
  for (int run = 0; run < 2; ++run) {
    RunContext context;
    const std::thread::id caller = std::this_thread::get_id();
    std::vector<std::string> lines;
    context.log = [&](PluginLogLevel, std::string_view line) {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      lines.emplace_back(line);
    };
    ASSERT_TRUE((*stage)->Run(context, SampleTranscript()).ok());
    ASSERT_THAT(lines, SizeIs(1'001));
    EXPECT_EQ(lines[0], "line?0?");
    EXPECT_EQ(lines.back(), "99000 more log lines were dropped");
  }
}

TEST(Isolated, APluginThatHonoursCancellationKeepsItsWorker) {
  StageOptions options;
  options.grace = absl::Minutes(1);
  const auto stage = StartIsolated("transform", "wait_for_cancel", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  for (int run = 0; run < 2; ++run) {
    RunContext context;
    const auto flag = std::make_shared<std::atomic<bool>>(false);
    context.cancelled = flag;
    context.log = [flag](PluginLogLevel, std::string_view) { *flag = true; };
    const absl::Status status = (*stage)->Run(context, SampleTranscript()).status();
    EXPECT_EQ(ReasonOf(status), "PLUGIN_CANCELLED") << status;
    EXPECT_TRUE(absl::IsCancelled(status));
    EXPECT_EQ((*stage)->health().state, StageState::kOk);
  }
}

TEST(Isolated, APluginThatHonoursItsDeadlineKeepsItsWorker) {
  StageOptions options;
  options.grace = absl::Minutes(1);
  const auto stage = StartIsolated("transform", "wait_for_cancel", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  RunContext context;
  context.timeout = absl::Milliseconds(5);
  const absl::Status status = (*stage)->Run(context, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
  EXPECT_TRUE(absl::IsDeadlineExceeded(status));
  EXPECT_EQ((*stage)->health().state, StageState::kOk);
}

TEST(Isolated, EachInstanceIsAProcess) {
  StageOptions options;
  options.instances = 3;
  const auto stage = StartIsolated("hostile", "pid", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  // One after the other: the same worker, or another; never this process.
  const std::string first = NoteOf((*stage)->Run(RunContext{}, SampleTranscript()));
  EXPECT_NE(first, std::to_string(getpid()));
}

TEST(Isolated, ManyCallersShareFewWorkers) {
  StageOptions options;
  options.instances = 2;
  const auto stage = StartIsolated("transform", "copy", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
        ASSERT_TRUE(output.ok()) << output.status();
        EXPECT_EQ(output->segments.size(), 4u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace cxscribe
