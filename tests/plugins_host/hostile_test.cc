// Plugins that crash, hang or attack, each a real library in a worker: what the caller is told, and
// that this process and the stage go on.
#include <atomic>
#include <memory>
#include <ostream>
#include <string>
#include <unistd.h>
#include <vector>

#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct Death {
  const char* fixture;
  const char* action;
  const char* words;
  const char* signal;
};

void PrintTo(const Death& value, std::ostream* out) {
  *out << value.fixture << " " << value.action;
}

class HostileDeath : public testing::TestWithParam<Death> {};

TEST_P(HostileDeath, FailsTheCallPreciselyAfterASecondTry) {
  const auto stage = StartIsolated(GetParam().fixture, GetParam().action);
  ASSERT_TRUE(stage.ok()) << stage.status();
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_CRASHED") << status;
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("stage \"test\" (plugin hostile 6.6.6): the call killed its worker "
                              "twice, at last after "),
                    HasSubstr(GetParam().words), Not(HasSubstr("secret")), Not(HasSubstr("alle"))));
  auto metadata = MetadataOf(status);
  EXPECT_EQ(metadata["stage"], "test");
  EXPECT_EQ(metadata["plugin"], "hostile");
  EXPECT_EQ(metadata["version"], "6.6.6");
  EXPECT_EQ(metadata["signal"], GetParam().signal);
  EXPECT_EQ(metadata["attempts"], "2");
  EXPECT_NE((*stage)->health().state, StageState::kOk);
  // The next call meets a fresh worker, and so the same end.
  EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, SampleTranscript()).status()), "PLUGIN_CRASHED");
}

INSTANTIATE_TEST_SUITE_P(
    Fixtures, HostileDeath,
    testing::Values(
#ifndef CXSCRIBE_SANITIZED  // which have handlers of their own
        Death{"hostile", "segfault", "(signal SIGSEGV (Segmentation fault))", "SIGSEGV"},
        Death{"hostile", "stack_overflow", "signal SIGSEGV", "SIGSEGV"},
        Death{"hostile", "abort", "signal SIGABRT", "SIGABRT"},
        Death{"static_library", "throw", "signal SIGABRT", "SIGABRT"},
        Death{"hostile", "exit_ok", "exit status 0", ""},
#endif
        Death{"hostile", "exit", "(exit status 3)", ""},
        Death{"hostile", "fork", "SIGSYS: it made a forbidden system call", "SIGSYS"},
        Death{"hostile", "socket", "SIGSYS: it made a forbidden system call", "SIGSYS"},
        Death{"hostile", "exec", "SIGSYS: it made a forbidden system call", "SIGSYS"},
        Death{"hostile", "close_all", "exit status 70", ""},
        Death{"hostile", "close_all_and_stay", "it closed its connection to the host", "SIGKILL"}),
    [](const testing::TestParamInfo<Death>& param) {
      return std::string(param.param.fixture) + "_" + param.param.action;
    });

// How a run ends.
absl::Status StatusWhen(const std::string& action) {
  const auto stage = StartIsolated("hostile", action);
  if (!stage.ok()) return stage.status();
  return (*stage)->Run(RunContext{}, SampleTranscript()).status();
}

std::string NoteWhen(const std::string& action, WorkerSettings settings = TestWorkers()) {
  const auto stage = StartIsolated("hostile", action, {}, settings);
  if (!stage.ok()) return stage.status().ToString();
  return NoteOf((*stage)->Run(RunContext{}, SampleTranscript()));
}

TEST(Hostile, AnExceptionOfTheSharedLibraryIsCaughtAsInProcess) {
  const auto stage = StartIsolated("hostile", "throw");
  ASSERT_TRUE(stage.ok()) << stage.status();
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION") << status;
  EXPECT_EQ((*stage)->health().state, StageState::kOk);
}

#ifndef CXSCRIBE_SANITIZED
TEST(Hostile, MemoryHasAnEnd) {
  WorkerSettings settings = TestWorkers();
  settings.memory_bytes = uint64_t{512} << 20;
  EXPECT_EQ(NoteWhen("allocate", settings), "no more memory");
}

TEST(Hostile, AfterCreateNoFileIsOpened) {
  EXPECT_EQ(NoteWhen("open"), "Permission denied");
  EXPECT_EQ(NoteWhen("write_file"), "Permission denied");
  EXPECT_EQ(NoteWhen("executable_memory"), "Permission denied");
}

TEST(Hostile, CreateReadsNoFilesOfThisMachineWhereTheKernelHasLandlock) {
  const bool landlock = syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) >= 1;
  EXPECT_EQ(NoteWhen("create_note") == "Permission denied", landlock);
}

TEST(Hostile, NobodyElseIsSignalled) {
  EXPECT_EQ(NoteWhen("kill_parent"), "Operation not permitted");
}

TEST(Hostile, NothingIsInherited) {
  EXPECT_EQ(NoteWhen("environment"), "");
  EXPECT_EQ(NoteWhen("descriptors"), "0 1 2 3 4 ");
}
#endif

TEST(Hostile, RootIsGivenUpAndAnotherUserIsKept) {
  EXPECT_EQ(NoteWhen("user"), std::to_string(getuid() == 0 ? 65'534 : getuid()));
}

TEST(Hostile, ThreadsAreFine) { EXPECT_EQ(NoteWhen("thread"), "ran"); }

TEST(Hostile, ThreadsWithoutEndComeToAnEnd) {
  EXPECT_EQ(NoteWhen("thread_bomb"), "Resource temporarily unavailable");
}

TEST(Hostile, AnAnswerToACallThatIsStillToComeIsRefused) {
  const absl::Status status = StatusWhen("answer_ahead");
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("does not answer what it was asked"));
}

TEST(Hostile, ASecondAnswerIsNotTakenForTheNextCalls) {
  const auto stage = StartIsolated("hostile", "answer_twice");
  ASSERT_TRUE(stage.ok()) << stage.status();
  v1::Transcript poisoned = SampleTranscript();
  poisoned.mutable_segments(1)->set_text("poison");
  for (int i = 0; i < 3; ++i) {
    // What it wrote itself comes first, and is its own affair.
    EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, poisoned).status()), "PLUGIN_VIOLATION");
    const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_THAT(output->segments, SizeIs(SampleTranscript().segments_size()));
  }
}

TEST(Hostile, TenMillionSegmentsAreRefused) {
  const absl::Status status = StatusWhen("flood");
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION");
  EXPECT_THAT(std::string(status.message()), HasSubstr("more than 500000 segments"));
}

TEST(Hostile, WritingToTheInputChangesNothingOfOurs) {
  const auto stage = StartIsolated("hostile", "write_input");
  ASSERT_TRUE(stage.ok()) << stage.status();
  const v1::Transcript transcript = SampleTranscript();
  EXPECT_TRUE((*stage)->Run(RunContext{}, transcript).ok());
  EXPECT_EQ(transcript.SerializeAsString(), SampleTranscript().SerializeAsString());
}

TEST(Hostile, GarbageOnTheSocketIsAViolationAndTheWorkerIsKilled) {
  const absl::Status status = StatusWhen("garbage");
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("does not keep to the protocol"));
}

TEST(Hostile, StderrReachesTheLogBoundedAndWithoutWhatExceptionsSay) {
  const auto stage = StartIsolated("hostile", "stderr");
  ASSERT_TRUE(stage.ok()) << stage.status();
  std::vector<std::string> lines;
  RunContext context;
  context.log = [&lines](PluginLogLevel level, std::string_view line) {
    EXPECT_EQ(level, PluginLogLevel::kWarning);
    lines.emplace_back(line);
  };
  ASSERT_TRUE((*stage)->Run(context, SampleTranscript()).ok());
  ASSERT_GE(lines.size(), 3u);
  EXPECT_LE(lines.size(), 1'002u);
  EXPECT_EQ(lines[0], "stderr: one line");
  EXPECT_EQ(lines[2], "stderr:   what() is not shown");
}

TEST(Hostile, ACallThatSpinsIsKilledAtItsDeadline) {
  for (const char* action : {"spin", "sleep"}) {
    StageOptions options;
    options.grace = absl::Milliseconds(1);
    const auto stage = StartIsolated("hostile", action, options);
    ASSERT_TRUE(stage.ok()) << stage.status();
    RunContext context;
    context.timeout = absl::Milliseconds(20);
    const absl::Status status = (*stage)->Run(context, SampleTranscript()).status();
    EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("process did not return within"));
    EXPECT_THAT((*stage)->health().message, HasSubstr("was killed"));
  }
}

struct BadLoad {
  const char* fixture;
  const char* reason;
  const char* words;
};

class HostileLoad : public testing::TestWithParam<BadLoad> {};

TEST_P(HostileLoad, IsRefusedAndThisProcessLives) {
  WorkerSettings settings = TestWorkers();
  const bool hangs = std::string(GetParam().fixture) == "hang_entry";
  if (hangs) settings.start_timeout = absl::Milliseconds(500);
  const absl::Status status = LoadIsolated(GetParam().fixture, settings).status();
  EXPECT_EQ(ReasonOf(status), GetParam().reason) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(std::string("fixture_") + GetParam().fixture + ".so: loading it"),
                    HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    Fixtures, HostileLoad,
    testing::Values(
#ifndef CXSCRIBE_SANITIZED
        BadLoad{"crash_constructor", "PLUGIN_CRASHED", "killed its worker (signal SIGSEGV"},
        BadLoad{"crash_entry", "PLUGIN_CRASHED", "killed its worker (signal SIGSEGV"},
#endif
        BadLoad{"socket_constructor", "PLUGIN_CRASHED", "forbidden system call"},
        BadLoad{"hang_entry", "PLUGIN_TIMEOUT", "did not end within the start timeout"}),
    [](const testing::TestParamInfo<BadLoad>& param) { return std::string(param.param.fixture); });

TEST(Hostile, AValidateThatDiesIsAProblemOfTheConfiguration) {
  WorkerSettings settings = TestWorkers();
  const auto plugin = LoadIsolated("hostile", settings);
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  const auto problems = (*plugin)->CheckConfig(R"({"do": "validate_segfault"})");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].message,
              AllOf(HasSubstr("could not be checked"), HasSubstr("validate killed its worker")));
  // The next one is checked in another worker.
  EXPECT_THAT((*plugin)->CheckConfig(R"({"do": "copy"})"), SizeIs(0));
  EXPECT_THAT((*plugin)->CheckConfig(R"({"do": 1})"), SizeIs(1));
}

TEST(Hostile, AValidateThatHangsIsGivenUp) {
  WorkerSettings settings = TestWorkers();
  settings.start_timeout = absl::Milliseconds(500);
  const auto plugin = LoadIsolated("hostile", settings);
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  const auto problems = (*plugin)->CheckConfig(R"({"do": "validate_sleep"})");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].message, HasSubstr("validate did not return within"));
}

TEST(Hostile, AValidateThatHangsCanBeAbandoned) {
  const auto abandon = std::make_shared<std::atomic<bool>>(false);
  WorkerSettings settings = TestWorkers();
  settings.abandon = abandon;
  const auto plugin = LoadIsolated("hostile", settings);
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  abandon->store(true);
  const absl::Time began = absl::Now();
  EXPECT_THAT((*plugin)->CheckConfig(R"({"do": "validate_sleep"})"), SizeIs(1));
  EXPECT_LT(absl::Now() - began, settings.start_timeout / 2);
}

TEST(Hostile, ACreateThatDiesIsSaidSo) {
#ifndef CXSCRIBE_SANITIZED
  absl::Status status = StartIsolated("hostile", "create_segfault").status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_CRASHED") << status;
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_EQ(MetadataOf(status)["signal"], "SIGSEGV");
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("stage \"test\" (plugin hostile 6.6.6): create killed its worker "
                        "(signal SIGSEGV (Segmentation fault)) after "));
#endif
  EXPECT_THAT(std::string(StartIsolated("hostile", "create_exit").status().message()),
              HasSubstr("exit status 4"));
  EXPECT_THAT(std::string(StartIsolated("hostile", "create_socket").status().message()),
              HasSubstr("forbidden system call"));
}

TEST(Hostile, ACreateThatHangsIsGivenUp) {
  StageOptions options;
  options.start_timeout = absl::Milliseconds(500);
  const absl::Status status = StartIsolated("hostile", "create_sleep", options).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("create did not return"));
}

TEST(Hostile, FilesThatAreNotThereMayBeAskedForOften) {
  EXPECT_TRUE(StartIsolated("hostile", "create_floods_files").ok());
}

}  // namespace
}  // namespace cxscribe
