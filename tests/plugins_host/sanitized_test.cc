// A plugin that was built with a sanitizer, in a host that was not.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

WorkerSettings Allowing() {
  WorkerSettings settings = TestWorkers();
  settings.allow_sanitizers = true;
  // Which it could never keep to.
  settings.memory_bytes = 64 << 20;
  return settings;
}

TEST(Sanitized, IsRefusedUnlessTheOperatorAllowsIt) {
  const absl::Status status = LoadIsolated("sanitized").status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_SANITIZED") << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("fixture_sanitized.so was built with a sanitizer and needs libasan"),
                    HasSubstr("plugins.allow_sanitizers: true")));
}

// The run-time library would end the process that it comes late into.
TEST(Sanitized, IsRefusedInAProcessThatHasNotItsRuntime) {
  const absl::Status status = LoadFixture("sanitized").status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_SANITIZED") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("LD_PRELOAD"));
}

TEST(Sanitized, RunsInAWorkerThatIsToldToBeLessConfined) {
  std::vector<std::string> lines;
  StageOptions options;
  options.log = [&lines](PluginLogLevel, std::string_view line) { lines.emplace_back(line); };
  const auto stage = StartIsolated("sanitized", "copy", options, Allowing());
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_THAT(lines, Contains(HasSubstr("its worker is not fully confined: a sanitizer needs")));
  const auto output = (*stage)->Run(RunContext{}, SampleTranscript());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(output->segments, SizeIs(SampleTranscript().segments_size()));
}

TEST(Sanitized, WhatItFindsIsLogged) {
  const auto stage = StartIsolated("sanitized", "heap_overflow", {}, Allowing());
  ASSERT_TRUE(stage.ok()) << stage.status();
  std::vector<std::string> lines;
  RunContext context;
  context.log = [&lines](PluginLogLevel, std::string_view line) { lines.emplace_back(line); };
  const absl::Status status = (*stage)->Run(context, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_CRASHED") << status;
  EXPECT_THAT(lines, Contains(HasSubstr("AddressSanitizer: heap-buffer-overflow")));
  EXPECT_THAT(lines, Contains(HasSubstr("Process(cx_instance*")));
}

TEST(Sanitized, WhatNoPluginHasAnyBusinessWithStillKills) {
  const auto stage = StartIsolated("sanitized", "socket", {}, Allowing());
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_EQ(MetadataOf((*stage)->Run(RunContext{}, SampleTranscript()).status())["signal"],
            "SIGSYS");
}

}  // namespace
}  // namespace cxscribe
