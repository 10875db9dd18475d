// Calls that do not come back: asked, then abandoned, and what that leaves behind. Blocked plugins
// wait on a pipe that the test holds, so nothing here depends on how fast the machine is.
#include <atomic>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;

// A stage whose calls block in the plugin until the test lets them go.
class StageTimeoutTest : public testing::Test {
 protected:
  void Start(const std::string& action, absl::Duration grace,
             const std::string& fixture = "transform") {
    StageOptions options;
    options.grace = grace;
    options.config_json = Script(action, gate_.read_end(), destroyed_.write_end());
    auto stage = StartFixture(fixture, "", options);
    ASSERT_TRUE(stage.ok()) << stage.status();
    stage_ = *std::move(stage);
  }

  // Runs, and cancels as soon as the plugin is inside.
  absl::Status RunAndCancel() {
    RunContext context;
    const auto flag = std::make_shared<std::atomic<bool>>(false);
    context.cancelled = flag;
    context.log = [flag](PluginLogLevel, std::string_view) { *flag = true; };
    return stage_->Run(context, SampleTranscript()).status();
  }

  // Lets `blocked` calls go and waits for the end of all `instances`, so that no thread of this
  // test reads from another test's pipe.
  void End(int blocked, int instances) {
    stage_.reset();
    gate_.Write(blocked);
    destroyed_.Await(instances);
  }

  Pipe gate_;
  Pipe destroyed_;
  std::unique_ptr<StageRunner> stage_;
};

TEST_F(StageTimeoutTest, APluginThatHonoursCancellationKeepsItsInstance) {
  Start("wait_for_cancel", absl::Minutes(1));
  const absl::Status status = RunAndCancel();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_CANCELLED") << status;
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(stage_->health().state, StageState::kOk);
  End(0, 1);
}

TEST_F(StageTimeoutTest, APluginThatHonoursItsDeadlineKeepsItsInstance) {
  Start("wait_for_cancel", absl::Minutes(1));
  RunContext context;
  context.timeout = absl::Milliseconds(5);
  const absl::Status status = stage_->Run(context, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
  EXPECT_TRUE(absl::IsDeadlineExceeded(status));
  EXPECT_EQ(stage_->health().state, StageState::kOk);
  End(0, 1);
}

TEST_F(StageTimeoutTest, ACallThatOverstaysItsDeadlineIsAbandonedAndTheStageGoesOn) {
  Start("block", absl::ZeroDuration());
  // On a busy machine the deadline may pass before the call has begun; then it is tried again.
  while (stage_->health().state == StageState::kOk) {
    RunContext context;
    context.timeout = absl::Milliseconds(5);
    const absl::Status status = stage_->Run(context, SampleTranscript()).status();
    EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("stage \"test\" (plugin scripted 2.3.4)"));
  }
  EXPECT_EQ(stage_->health().state, StageState::kRecovering);
  EXPECT_THAT(stage_->health().message, HasSubstr("abandoned"));

  // One call hangs in the plugin, and a new instance took its place: a byte for each.
  gate_.Write(2);
  const auto output = stage_->Run(RunContext{}, SampleTranscript());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->segments.size(), 4u);
  End(0, 2);
}

TEST_F(StageTimeoutTest, AfterTwoAbandonedCallsTheStageHasFailed) {
  Start("block", absl::ZeroDuration());
  EXPECT_EQ(ReasonOf(RunAndCancel()), "PLUGIN_CANCELLED");
  EXPECT_EQ(stage_->health().state, StageState::kRecovering);
  EXPECT_EQ(ReasonOf(RunAndCancel()), "PLUGIN_CANCELLED");
  EXPECT_EQ(stage_->health().state, StageState::kFailed);

  const absl::Status status = stage_->Run(RunContext{}, SampleTranscript()).status();
  EXPECT_EQ(ReasonOf(status), "STAGE_FAILED") << status;
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  End(2, 2);
}

TEST_F(StageTimeoutTest, AnAbandonedCallThatReturnsAfterTheStageIsGoneDoesNoHarm) {
  Start("block", absl::ZeroDuration());
  EXPECT_EQ(ReasonOf(RunAndCancel()), "PLUGIN_CANCELLED");
  // Its replacement is destroyed with the stage, it itself when it comes back.
  stage_.reset();
  destroyed_.Await(1);
  End(1, 1);
}

TEST_F(StageTimeoutTest, TheWaitForAnInstanceIsPartOfTheTimeout) {
  Start("block", absl::Minutes(1));
  RunContext context;
  int checked = 0;
  context.log = [&](PluginLogLevel, std::string_view) {
    // The only instance is taken.
    RunContext impatient;
    impatient.timeout = absl::Milliseconds(1);
    const absl::Status status = stage_->Run(impatient, SampleTranscript()).status();
    EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT");
    EXPECT_THAT(std::string(status.message()), HasSubstr("no instance became free"));
    RunContext cancelled;
    cancelled.cancelled = std::make_shared<std::atomic<bool>>(true);
    EXPECT_EQ(ReasonOf(stage_->Run(cancelled, SampleTranscript()).status()), "PLUGIN_CANCELLED");
    ++checked;
    gate_.Write(1);
  };
  EXPECT_TRUE(stage_->Run(context, SampleTranscript()).ok());
  EXPECT_EQ(checked, 1);
  EXPECT_EQ(stage_->health().state, StageState::kOk);
  End(0, 1);
}

TEST_F(StageTimeoutTest, ACreateThatDoesNotReturnIsGivenUp) {
  StageOptions options;
  options.start_timeout = absl::Milliseconds(1);
  options.config_json = Script("create_blocks", gate_.read_end(), destroyed_.write_end());
  const absl::Status status = StartFixture("transform", "", options).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_TIMEOUT") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("create did not return"));
  End(1, 1);
}

TEST_F(StageTimeoutTest, AReentrantPluginGetsANewInstanceAfterAnAbandonedCall) {
  Start("block", absl::ZeroDuration(), "reentrant");
  EXPECT_EQ(ReasonOf(RunAndCancel()), "PLUGIN_CANCELLED");
  gate_.Write(2);
  EXPECT_TRUE(stage_->Run(RunContext{}, SampleTranscript()).ok());
  End(0, 2);
}

}  // namespace
}  // namespace cxscribe
