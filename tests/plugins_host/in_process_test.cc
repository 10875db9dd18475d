// Stages in this process: making instances, errors of the plugin's own, what it is told, and
// running side by side.
#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>
#include <cxscribe/plugin.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "plugins/host/limits.h"
#include "server/base/error.h"
#include "server/base/hash.h"
#include "tests/plugins_host/fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;

std::multimap<std::string, std::string> NotesOf(const RunOutput& output) {
  std::multimap<std::string, std::string> notes;
  for (const v1::Annotation& annotation : output.annotations) {
    notes.emplace(annotation.key(), annotation.value());
  }
  return notes;
}

TEST(InProcess, AFailedCreateIsThePluginsError) {
  const absl::Status status = StartFixture("transform", "create_fails").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_EQ(ReasonOf(status), "PLUGIN_ERROR");
  EXPECT_EQ(status.message(),
            "stage \"test\" (plugin scripted 2.3.4): create failed: the model is missing");
  EXPECT_EQ(MetadataOf(status)["plugin_reason"], "NO_MODEL");
}

TEST(InProcess, ACreateThatBreaksTheContractIsSaidSo) {
  EXPECT_THAT(std::string(StartFixture("transform", "create_throws").status().message()),
              HasSubstr("create threw an exception"));
  EXPECT_THAT(std::string(StartFixture("transform", "create_null").status().message()),
              HasSubstr("returned CX_OK and no instance"));
}

TEST(InProcess, APluginsErrorKeepsItsCodeAndReason) {
  const auto stage = StartFixture("transform", "fail");
  ASSERT_TRUE(stage.ok()) << stage.status();
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(ReasonOf(status), "PLUGIN_ERROR");
  EXPECT_THAT(std::string(status.message()), HasSubstr("process failed: try ?later"));
  std::map<std::string, std::string> metadata = MetadataOf(status);
  EXPECT_EQ(metadata["plugin_reason"], "MODEL_BUSY");
  EXPECT_EQ(metadata["stage"], "test");
  EXPECT_EQ(metadata["plugin"], "scripted");
  EXPECT_EQ(metadata["version"], "2.3.4");
}

TEST(InProcess, ACodeWithoutAReasonIsAnErrorToo) {
  const auto stage = StartFixture("transform", "code_only");
  ASSERT_TRUE(stage.ok()) << stage.status();
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("code 14 and gave no message"));
}

TEST(InProcess, HavingCalledFailIsFailing) {
  const auto stage = StartFixture("transform", "fail_but_ok");
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_TRUE(absl::IsDataLoss((*stage)->Run(RunContext{}, SampleTranscript()).status()));
}

TEST(InProcess, AnInputThatIsNotValidDoesNotReachThePlugin) {
  const auto stage = StartFixture("transform", "copy");
  ASSERT_TRUE(stage.ok()) << stage.status();
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(0)->set_text("\xFF");
  EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, transcript).status()), "STAGE_INPUT");
}

TEST(InProcess, APluginThatWritesToItsInputChangesNothingOfOurs) {
  const auto stage = StartFixture("transform", "write_input");
  ASSERT_TRUE(stage.ok()) << stage.status();
  const v1::Transcript transcript = SampleTranscript();
  EXPECT_TRUE((*stage)->Run(RunContext{}, transcript).ok());
  EXPECT_EQ(transcript.SerializeAsString(), SampleTranscript().SerializeAsString());
}

TEST(InProcess, TheContextArrivesWhole) {
  const auto stage = StartFixture("transform", "echo");
  ASSERT_TRUE(stage.ok()) << stage.status();
  RunContext context;
  context.language = "de-AT";
  context.redaction_policy = "pci";
  context.entity_types = {"CREDIT_CARD", "PIN"};
  context.labels = {{"team", "north"}};
  context.timeout = absl::Minutes(5);
  std::vector<double> progress;
  context.progress = [&progress](double fraction) { progress.push_back(fraction); };
  const auto output = (*stage)->Run(context, SampleTranscript());
  ASSERT_TRUE(output.ok()) << output.status();
  const std::multimap<std::string, std::string> expected = {
      {"stage", "test"},       {"language", "de-AT"},
      {"policy", "pci"},       {"entity_type", "CREDIT_CARD"},
      {"entity_type", "PIN"},  {"label.team", "north"},
      {"has_deadline", "yes"}, {"recording", "rec_a"},
      {"recording", "rec_b"},  {"transcription_id", "txn_1"}};
  EXPECT_EQ(NotesOf(*output), expected);
  EXPECT_EQ(progress, std::vector<double>{0.5});
}

TEST(InProcess, DataFilesAreReadInCreateAndLeaveTheirHash) {
  TempDir temp;
  temp.Write("words.txt", "hello");
  StageOptions options;
  options.data_directory = temp.path().string();
  const auto stage = StartFixture("transform", "use_data", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  std::ofstream(temp.File("words.txt"), std::ios::trunc) << "changed";
  const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(NotesOf(*output).find("data")->second, "hello");
  EXPECT_EQ(NotesOf(*output).find("late_open")->second,
            absl::StrCat(static_cast<int>(CX_FAILED_PRECONDITION)));
  ASSERT_EQ(output->resources.size(), 1u);
  EXPECT_EQ(output->resources[0].name(), "words.txt");
  EXPECT_EQ(output->resources[0].sha256(), Sha256Hex("hello"));
}

TEST(InProcess, ADataFileThatCannotBeReadIsNamed) {
  TempDir temp;
  StageOptions options;
  options.data_directory = temp.path().string();
  absl::Status status = StartFixture("transform", "use_data", options).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("words.txt does not exist"));

  status = StartFixture("transform", "data_escapes", options).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"../words.txt\" must be a plain"));

  status = StartFixture("transform", "use_data").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("has no data directory"));
}

TEST(InProcess, LogLinesAreBoundedPrintableAndOnTheCallersThread) {
  std::vector<std::string> stage_lines;
  StageOptions options;
  options.log = [&stage_lines](PluginLogLevel level, std::string_view line) {
    EXPECT_EQ(level, PluginLogLevel::kDebug);
    stage_lines.emplace_back(line);
  };
  const auto stage = StartFixture("transform", "log_flood", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_EQ(stage_lines, std::vector<std::string>{"created"});

  RunContext context;
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<std::string> lines;
  context.log = [&](PluginLogLevel, std::string_view line) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    lines.emplace_back(line);
  };
  ASSERT_TRUE((*stage)->Run(context, SampleTranscript()).ok());
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], "line?0?");
  ASSERT_EQ(lines.size(), kMaxLogLines + 1);
  EXPECT_EQ(lines.back(), "99000 more log lines were dropped");
}

// Both calls are inside before either may leave.
TEST(InProcess, TwoInstancesRunSideBySide) {
  Pipe pipe;
  StageOptions options;
  options.instances = 2;
  options.config_json = Script("meet", pipe.read_end());
  const auto stage = StartFixture("transform", "", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  std::atomic<int> entered{0};
  const auto run = [&] {
    RunContext context;
    context.log = [&](PluginLogLevel, std::string_view) {
      if (++entered == 2) pipe.Write(2);
    };
    const auto output = (*stage)->Run(context, SampleTranscript());
    ASSERT_TRUE(output.ok()) << output.status();
    // Each in an instance of its own.
    EXPECT_EQ(output->annotations[0].value(), "1");
  };
  std::thread other(run);
  run();
  other.join();
}

TEST(InProcess, AReentrantPluginIsEnteredTwiceOnOneInstance) {
  Pipe pipe;
  StageOptions options;
  options.instances = 2;
  options.config_json = Script("meet", pipe.read_end());
  std::vector<std::string> created;
  options.log = [&created](PluginLogLevel, std::string_view line) { created.emplace_back(line); };
  const auto stage = StartFixture("reentrant", "", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_EQ(created.size(), 1u);
  std::atomic<int> entered{0};
  std::atomic<int> sum{0};
  const auto run = [&] {
    RunContext context;
    context.log = [&](PluginLogLevel, std::string_view) {
      if (++entered == 2) pipe.Write(2);
    };
    const auto output = (*stage)->Run(context, SampleTranscript());
    ASSERT_TRUE(output.ok()) << output.status();
    sum += std::stoi(output->annotations[0].value());
  };
  std::thread other(run);
  run();
  other.join();
  EXPECT_EQ(sum, 1 + 2);
}

TEST(InProcess, OneInstanceIsNeverEnteredTwice) {
  Pipe pipe;
  StageOptions options;
  options.config_json = Script("meet", pipe.read_end());
  const auto meeting = StartFixture("transform", "", options);
  ASSERT_TRUE(meeting.ok()) << meeting.status();
  pipe.Write(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto output = (*meeting)->Run(RunContext{}, SampleTranscript());
      ASSERT_TRUE(output.ok()) << output.status();
      EXPECT_EQ(output->annotations[0].value(), "1");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(InProcess, ManyCallersShareFewInstances) {
  StageOptions options;
  options.instances = 2;
  const auto stage = StartFixture("transform", "copy", options);
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

TEST(InProcess, AStageOutlivesItsPluginObject) {
  std::unique_ptr<StageRunner> stage;
  {
    auto started = StartFixture("transform", "copy");
    ASSERT_TRUE(started.ok()) << started.status();
    stage = *std::move(started);
  }
  EXPECT_TRUE(stage->Run(RunContext{}, SampleTranscript()).ok());
}

}  // namespace
}  // namespace cxscribe
