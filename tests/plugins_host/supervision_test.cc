// Stages whose workers die: who is told, who is not, and what is left behind: nothing.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "plugins/host/descriptor.h"
#include "plugins/host/pidfd.h"
#include "server/base/error.h"
#include "server/base/mutex.h"
#include "tests/plugins_host/fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;

size_t OpenDescriptors() {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    count += entry.exists() || entry.is_symlink() ? 1 : 0;
  }
  return count;
}

bool HasChildren() {
  siginfo_t info = {};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

v1::Transcript Poisoned() {
  v1::Transcript transcript = SampleTranscript();
  transcript.mutable_segments(1)->set_text("poison");
  return transcript;
}

absl::StatusOr<std::unique_ptr<StageRunner>> StartPoison(int instances,
                                                         const RestartPolicy::Options& restart) {
  WorkerSettings settings = TestWorkers();
  settings.restart = restart;
  StageOptions options;
  options.instances = instances;
  return StartIsolated("hostile", "poison", options, settings);
}

TEST(Supervision, APoisonedJobFailsAndTheNextSucceeds) {
  const auto stage = StartPoison(1, {});
  ASSERT_TRUE(stage.ok()) << stage.status();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, Poisoned()).status()), "PLUGIN_CRASHED");
    EXPECT_EQ((*stage)->health().state, StageState::kRecovering);
    EXPECT_THAT((*stage)->health().message, HasSubstr("killed its worker"));
    const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
    EXPECT_TRUE(output.ok()) << output.status();
    EXPECT_EQ((*stage)->health().state, StageState::kOk);
    EXPECT_EQ((*stage)->health().message, "");
  }
}

// What a server under load sees: all jobs at once, one in ten of which kills its worker.
TEST(Supervision, OneJobInTenCrashesAndEveryOtherSucceeds) {
  constexpr int kJobs = 300;
  const size_t before = OpenDescriptors();
  {
    const auto stage = StartPoison(3, {});
    ASSERT_TRUE(stage.ok()) << stage.status();
    std::atomic<int> healthy{0};
    std::atomic<int> poisoned{0};
    std::vector<std::thread> jobs;
    jobs.reserve(kJobs);
    for (int i = 0; i < kJobs; ++i) {
      jobs.emplace_back([&, i] {
        const bool poison = i % 10 == 0;
        RunContext context;
        context.timeout = absl::Minutes(2);
        const auto output = (*stage)->Run(context, poison ? Poisoned() : SampleTranscript());
        if (!poison) {
          EXPECT_TRUE(output.ok()) << output.status();
          if (output.ok()) ++healthy;
        } else {
          EXPECT_EQ(ReasonOf(output.status()), "PLUGIN_CRASHED") << output.status();
          EXPECT_EQ(MetadataOf(output.status())["attempts"], "2");
          ++poisoned;
        }
      });
    }
    for (std::thread& job : jobs) job.join();
    EXPECT_EQ(healthy, kJobs - kJobs / 10);
    EXPECT_EQ(poisoned, kJobs / 10);
  }
  EXPECT_FALSE(HasChildren());
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST(Supervision, ThePluginThatAlwaysCrashesIsShutOut) {
  RestartPolicy::Options restart;
  restart.first_delay = absl::ZeroDuration();
  restart.breaker_strikes = 3;
  restart.open_for = absl::Minutes(5);
  const auto stage = StartPoison(2, restart);
  ASSERT_TRUE(stage.ok()) << stage.status();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, Poisoned()).status()), "PLUGIN_CRASHED");
  }
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "STAGE_FAILED") << status;
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("died 3 times in a row"));
  EXPECT_EQ((*stage)->health().state, StageState::kFailed);
}

TEST(Supervision, ATrialThatSucceedsLetsEverybodyInAgain) {
  RestartPolicy::Options restart;
  restart.first_delay = absl::ZeroDuration();
  restart.breaker_strikes = 1;
  restart.open_for = absl::Milliseconds(1);
  const auto stage = StartPoison(1, restart);
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_EQ(ReasonOf((*stage)->Run(RunContext{}, Poisoned()).status()), "PLUGIN_CRASHED");
  EXPECT_EQ((*stage)->health().state, StageState::kFailed);
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  absl::Status status = absl::UnknownError("not run");
  while (!status.ok() && absl::Now() < deadline) {
    status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
    if (!status.ok()) {
      EXPECT_EQ(ReasonOf(status), "STAGE_FAILED");
    }
  }
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ((*stage)->health().state, StageState::kOk);
}

// Cancels the run as soon as the plugin says that it is under way.
RunContext CancelledOnTheWay() {
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  RunContext context;
  context.cancelled = cancelled;
  context.progress = [cancelled](double) { *cancelled = true; };
  return context;
}

TEST(Supervision, ACancelledRunThatDoesNotStopLosesItsWorkerOnly) {
  StageOptions options;
  options.grace = absl::Milliseconds(1);
  const auto stage = StartIsolated("hostile", "sleep", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  for (int i = 0; i < 2; ++i) {
    const absl::Status status = (*stage)->Run(CancelledOnTheWay(), SampleTranscript()).status();
    EXPECT_EQ(ReasonOf(status), "PLUGIN_CANCELLED") << status;
  }
}

// Until the stage's health is `state`, which it becomes by itself.
void AwaitState(const StageRunner& stage, StageState state) {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (stage.health().state != state && absl::Now() < deadline) std::this_thread::yield();
  EXPECT_EQ(stage.health().state, state) << stage.health().message;
}

TEST(Supervision, AWorkerGivenUpWithACancelledRunIsNoFaultOfThePlugin) {
  const TempDir directory;
  const std::string gate = directory.Write("gate", "open");
  StageOptions options;
  options.grace = absl::Milliseconds(1);
  options.data_directory = directory.path().string();
  const auto stage = StartIsolated("hostile", "gated_sleep", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_EQ((*stage)->health().state, StageState::kOk);
  std::filesystem::remove(gate);  // so that the next worker does not get far
  EXPECT_EQ(ReasonOf((*stage)->Run(CancelledOnTheWay(), SampleTranscript()).status()),
            "PLUGIN_CANCELLED");
  EXPECT_EQ((*stage)->health().state, StageState::kStarting);
  EXPECT_THAT((*stage)->health().message, HasSubstr("did not end in time"));
}

// What a stage logs at one level, from whatever thread. Must outlive the stage.
class StageLines {
 public:
  explicit StageLines(PluginLogLevel level) : level_(level) {}

  StageOptions Options() {
    StageOptions options;
    options.log = [this](PluginLogLevel level, std::string_view line) {
      MutexLock lock(mutex_);
      if (level == level_) lines_.emplace_back(line);
    };
    return options;
  }
  std::vector<std::string> lines() {
    MutexLock lock(mutex_);
    return lines_;
  }

 private:
  const PluginLogLevel level_;
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

TEST(Supervision, AWorkerThatDiesIdleIsReplacedAndChargedToNobody) {
  StageLines warnings(PluginLogLevel::kWarning);
  {
    const auto stage = StartIsolated("hostile", "pid", warnings.Options());
    ASSERT_TRUE(stage.ok()) << stage.status();
    std::string pid = NoteOf((*stage)->Run(RunContext{}, SampleTranscript()));
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(kill(std::stoi(pid), SIGKILL), 0);
      AwaitState(**stage, StageState::kRecovering);
      EXPECT_THAT((*stage)->health().message,
                  "a worker ended that nobody had called (signal SIGKILL (Killed))");
      const std::string next = NoteOf((*stage)->Run(RunContext{}, SampleTranscript()));
      EXPECT_NE(next, pid);
      EXPECT_EQ((*stage)->health().state, StageState::kOk);
      pid = next;
    }
  }
  // Beside what a worker cannot be confined in, which differs from build to build.
  const std::vector<std::string> lines = warnings.lines();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) {
                            return line.find("nobody had called") != line.npos;
                          }),
            3);
}

// No job is to blame, but it cannot go on for ever.
TEST(Supervision, WorkersThatKeepDyingIdleOpenTheBreaker) {
  WorkerSettings settings = TestWorkers();
  settings.restart.first_delay = absl::ZeroDuration();
  settings.restart.breaker_strikes = 3;
  settings.restart.open_for = absl::Minutes(5);
  StageLines pids(PluginLogLevel::kInfo);
  const auto stage = StartIsolated("hostile", "log_pid", pids.Options(), settings);
  ASSERT_TRUE(stage.ok()) << stage.status();
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  for (size_t killed = 0; (*stage)->health().state != StageState::kFailed;) {
    ASSERT_LT(absl::Now(), deadline) << (*stage)->health().message;
    const std::vector<std::string> seen = pids.lines();
    if (killed < seen.size()) kill(std::stoi(seen[killed++]), SIGKILL);
  }
  const absl::Status status = (*stage)->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "STAGE_FAILED") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("SIGKILL"));
}

TEST(Supervision, ARunThatFindsNoWorkerInTimeSaysSo) {
  StageOptions options;
  options.grace = absl::Milliseconds(1);
  const auto stage = StartIsolated("hostile", "sleep", options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  std::thread busy([&] {
    RunContext context;
    context.cancelled = stop;
    (*stage)->Run(context, SampleTranscript()).IgnoreError();
  });
  // Both hold the only worker in turn; whoever waits for it is told that it did.
  RunContext context;
  context.timeout = absl::Milliseconds(50);
  const absl::Status status = (*stage)->Run(context, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
  *stop = true;
  busy.join();
}

TEST(Supervision, NothingIsLeftBehind) {
  // What is made once and stays: the spawner's thread, shared bytes.
  EXPECT_TRUE(StartIsolated("hostile", "copy").ok());
  const size_t before = OpenDescriptors();
  for (const char* action : {"copy", "exit", "close_all", "garbage", "create_exit", "sleep"}) {
    StageOptions options;
    options.instances = 2;
    options.grace = absl::Milliseconds(1);
    const auto stage = StartIsolated("hostile", action, options);
    if (!stage.ok()) continue;
    RunContext context;
    context.timeout = absl::Milliseconds(200);
    for (int i = 0; i < 3; ++i) (*stage)->Run(context, SampleTranscript()).IgnoreError();
  }
  WorkerSettings settings;
  for (const char* fake : {"garbage", "quitter", "old"}) {
    settings.program = absl::StrCat(FixtureDirectory(), "/fake_worker_", fake);
    EXPECT_FALSE(LoadIsolated("transform", settings).ok());
  }
  EXPECT_FALSE(HasChildren());
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST(Supervision, AWorkerDiesWithItsHost) {
  Pipe output;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output.write_end(), STDERR_FILENO);
  std::string program = CXSCRIBE_LONE_HOST;
  char* arguments[] = {program.data(), nullptr};
  pid_t host = -1;
  ASSERT_EQ(posix_spawn(&host, program.c_str(), &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);

  std::string said;
  while (said.find("worker ") == std::string::npos || said.back() != '\n') {
    pollfd entry{output.read_end(), POLLIN, 0};
    ASSERT_EQ(poll(&entry, 1, 60'000), 1) << said;
    char buffer[256];
    const ssize_t count = read(output.read_end(), buffer, sizeof(buffer));
    ASSERT_GT(count, 0);
    said.append(buffer, static_cast<size_t>(count));
  }
  const pid_t worker = std::stoi(said.substr(said.find("worker ") + 7));
  ASSERT_GT(worker, 1) << said;
  const Descriptor pidfd(PidfdOpen(worker));
  ASSERT_TRUE(pidfd.valid());
  kill(host, SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(host, &status, 0), host);
  pollfd entry{pidfd.get(), POLLIN, 0};
  EXPECT_EQ(poll(&entry, 1, 30'000), 1) << "the worker outlived its host";
}

}  // namespace
}  // namespace cxscribe
