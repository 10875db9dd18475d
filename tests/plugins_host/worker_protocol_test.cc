// Programs in the worker's place, which do not keep to the protocol.
#include <ostream>
#include <string>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/version.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Fake {
  const char* name;
  const char* reason;
  const char* words;
};

void PrintTo(const Fake& value, std::ostream* out) { *out << value.name; }

class FakeWorker : public testing::TestWithParam<Fake> {};

TEST_P(FakeWorker, IsRefusedWithAReason) {
  WorkerSettings settings;
  settings.program = absl::StrCat(FixtureDirectory(), "/fake_worker_", GetParam().name);
  const bool waits = std::string(GetParam().reason) == "PLUGIN_TIMEOUT" ||
                     std::string(GetParam().name) == "silent";
  if (waits) settings.start_timeout = absl::Milliseconds(300);
  const absl::Status status = LoadIsolated("transform", settings).status();
  EXPECT_EQ(ReasonOf(status), GetParam().reason) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    Fakes, FakeWorker,
    testing::Values(
        Fake{"garbage", "WORKER_FAILED", "it does not send frames"},
        Fake{"silent", "WORKER_FAILED", "did not say hello in time"},
        Fake{"quitter", "WORKER_FAILED", "ended before it said hello (exit status 7)"},
        Fake{"old", "WORKER_VERSION", "is of cxscribe 0.0.9 (protocol 0, plugin ABI 1.0)"},
        Fake{"other_release", "WORKER_VERSION", "install both from one release"},
        Fake{"huge_frame", "PLUGIN_VIOLATION", "a frame of type 2 has 4294967295 bytes"},
        Fake{"bad_plugin", "PLUGIN_VIOLATION", "it was built for plugin ABI 0.0"},
        Fake{"wrong_answer", "PLUGIN_VIOLATION", "does not answer what it was asked"},
        Fake{"chatter", "PLUGIN_TIMEOUT", "did not end within the start timeout"}),
    [](const testing::TestParamInfo<Fake>& param) { return std::string(param.param.name); });

TEST(WorkerProgramTest, ThatIsNotThereIsNamedWithARemedy) {
  WorkerSettings settings;
  settings.program = "/nonexistent/cx-plugin-worker";
  const absl::Status status = LoadIsolated("transform", settings).status();
  EXPECT_EQ(ReasonOf(status), "WORKER_NOT_FOUND");
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("/nonexistent/cx-plugin-worker"), HasSubstr("plugins.worker"),
                    HasSubstr("isolation: in_process")));
  settings.program = FixtureDirectory();
  EXPECT_EQ(ReasonOf(LoadIsolated("transform", settings).status()), "WORKER_NOT_FOUND");
}

TEST(WorkerProgramTest, ThatIsNoProgramCannotBeStarted) {
  WorkerSettings settings;
  settings.program = FixtureDirectory() + "/fixture_transform.so";
  EXPECT_FALSE(LoadIsolated("transform", settings).ok());
}

// By default it lies beside the program, which this test's does not.
TEST(WorkerProgramTest, IsLookedForBesideThisProgram) {
  WorkerSettings settings;
  const absl::Status status = LoadIsolated("transform", settings).status();
  EXPECT_EQ(ReasonOf(status), "WORKER_NOT_FOUND");
  EXPECT_THAT(std::string(status.message()), HasSubstr("/tests/bin/cx-plugin-worker"));
}

}  // namespace
}  // namespace cxscribe
