#include "client/watch_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/client/fakes.h"

namespace cxscribe::client {
namespace {

using ::testing::ElementsAre;

class RecordingObserver final : public WatchObserver {
 public:
  void OnJob(const v1::Job& job) override {
    seen.push_back(job.job_id() + "@" + std::to_string(job.revision()));
  }
  void OnLost(const absl::Status&, absl::Duration) override { seen.emplace_back("lost"); }
  void OnRestored() override { seen.emplace_back("restored"); }
  std::vector<std::string> seen;
};

struct WatchLoopTest : ::testing::Test {
  FakeClock clock;
  SeededRandom random{1};
  FakeInterrupt interrupt{clock};
  FakeApi api{clock};
  RecordingObserver observer;
  WatchPlan plan;

  WatchOutcome Run() { return RunWatch(api, plan, clock, random, interrupt, observer); }
  void Stream(std::vector<WatchStep> steps, absl::Status end = absl::OkStatus()) {
    api.watches.push_back({std::move(steps), std::move(end)});
  }
};

WatchStep State(const std::string& id, v1::JobState state, int64_t revision) {
  return WatchStep::Of(MakeJob(id, state, revision));
}

TEST_F(WatchLoopTest, FollowsEachJobToItsEnd) {
  plan.targets = {{"a", 0}, {"b", 3}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1), State("b", v1::JOB_STATE_SUCCEEDED, 9),
          WatchStep::Heartbeat(), State("a", v1::JOB_STATE_FAILED, 2)});
  const WatchOutcome outcome = Run();
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(observer.seen, ElementsAre("a@1", "b@9", "a@2"));
  ASSERT_EQ(api.watch_requests.size(), 1u);
  EXPECT_EQ(api.watch_requests[0].targets(1).after_revision(), 3);
  EXPECT_EQ(api.watch_requests[0].heartbeat_interval().seconds(), 10);
}

TEST_F(WatchLoopTest, ReconnectsFromTheLastRevisionsWithoutTheJobsThatEnded) {
  plan.targets = {{"a", 0}, {"b", 0}, {"c", 4}};
  Stream({State("a", v1::JOB_STATE_TRANSCRIBING, 5), State("b", v1::JOB_STATE_CANCELLED, 2)},
         absl::UnavailableError("socket closed"));
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 6), State("c", v1::JOB_STATE_SUCCEEDED, 7)});
  EXPECT_TRUE(Run().status.ok());
  EXPECT_THAT(observer.seen, ElementsAre("a@5", "b@2", "lost", "restored", "a@6", "c@7"));
  ASSERT_EQ(api.watch_requests.size(), 2u);
  const auto& targets = api.watch_requests[1].targets();
  ASSERT_EQ(targets.size(), 2);
  EXPECT_EQ(targets[0].job_id(), "a");
  EXPECT_EQ(targets[0].after_revision(), 5);
  EXPECT_EQ(targets[1].job_id(), "c");
  EXPECT_EQ(targets[1].after_revision(), 4);
}

TEST_F(WatchLoopTest, DoesNotRepeatTheStateThatAReconnectBegins) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_TRANSCRIBING, 5)}, absl::UnavailableError("x"));
  Stream({State("a", v1::JOB_STATE_TRANSCRIBING, 5), State("a", v1::JOB_STATE_SUCCEEDED, 6)});
  Run();
  EXPECT_THAT(observer.seen, ElementsAre("a@5", "lost", "restored", "a@6"));
}

TEST_F(WatchLoopTest, NeverShowsARevisionThatGoesBack) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_PROCESSING, 5), State("a", v1::JOB_STATE_QUEUED, 4),
          State("a", v1::JOB_STATE_SUCCEEDED, 6)});
  Run();
  EXPECT_THAT(observer.seen, ElementsAre("a@5", "a@6"));
}

TEST_F(WatchLoopTest, IgnoresJobsThatWereNotAskedFor) {
  plan.targets = {{"a", 0}};
  Stream({State("z", v1::JOB_STATE_SUCCEEDED, 1), State("a", v1::JOB_STATE_SUCCEEDED, 1)});
  Run();
  EXPECT_THAT(observer.seen, ElementsAre("a@1"));
}

TEST_F(WatchLoopTest, ANewEstimateIsNewsWithoutARevision) {
  plan.targets = {{"a", 0}};
  v1::Job estimate = MakeJob("a", v1::JOB_STATE_TRANSCRIBING, 5);
  estimate.set_estimated_percent(40);
  Stream({State("a", v1::JOB_STATE_TRANSCRIBING, 5), WatchStep::Of(estimate),
          WatchStep::Of(estimate), State("a", v1::JOB_STATE_SUCCEEDED, 6)});
  Run();
  EXPECT_THAT(observer.seen, ElementsAre("a@5", "a@5", "a@6"));
}

TEST_F(WatchLoopTest, AStreamThatEndsTooEarlyIsALostOne) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1)});
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 2)});
  EXPECT_TRUE(Run().status.ok());
  EXPECT_THAT(observer.seen, ElementsAre("a@1", "lost", "restored", "a@2"));
}

TEST_F(WatchLoopTest, AStreamThatTheServerCutOffIsALostOne) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1)}, absl::CancelledError("the server went down"));
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 2)});
  EXPECT_TRUE(Run().status.ok());
  EXPECT_THAT(observer.seen, ElementsAre("a@1", "lost", "restored", "a@2"));
}

TEST_F(WatchLoopTest, ThreeMissedHeartbeatsAreALostStream) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1), WatchStep::Silence(absl::Seconds(20)),
          WatchStep::Heartbeat(), WatchStep::Silence(absl::Seconds(31)),
          State("a", v1::JOB_STATE_PROCESSING, 2)});
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 3)});
  EXPECT_TRUE(Run().status.ok());
  EXPECT_THAT(observer.seen, ElementsAre("a@1", "lost", "restored", "a@3"));
}

TEST_F(WatchLoopTest, OtherErrorsAreNotRetried) {
  plan.targets = {{"a", 0}};
  Stream({}, absl::NotFoundError("no such job"));
  const WatchOutcome outcome = Run();
  EXPECT_TRUE(absl::IsNotFound(outcome.status));
  EXPECT_EQ(api.watch_requests.size(), 1u);
  EXPECT_TRUE(interrupt.waits.empty());
}

TEST_F(WatchLoopTest, AServerThatNeverAnsweredIsGivenUpSoon) {
  plan.targets = {{"a", 0}};
  const absl::Time start = clock.Now();
  const WatchOutcome outcome = Run();
  EXPECT_TRUE(absl::IsUnavailable(outcome.status));
  EXPECT_GT(api.watch_requests.size(), 1u);
  EXPECT_LE(clock.Now() - start, plan.first_connect_timeout);
}

TEST_F(WatchLoopTest, ALostServerIsTriedUntilTheReconnectTimeoutWithGrowingDelays) {
  plan.targets = {{"a", 0}};
  plan.reconnect_timeout = absl::Minutes(10);
  Stream({State("a", v1::JOB_STATE_QUEUED, 1)}, absl::UnavailableError("x"));
  const absl::Time start = clock.Now();
  const WatchOutcome outcome = Run();
  EXPECT_TRUE(absl::IsUnavailable(outcome.status));
  EXPECT_EQ(outcome.jobs.at("a").revision(), 1);
  EXPECT_LE(clock.Now() - start, absl::Minutes(10));
  EXPECT_GT(clock.Now() - start, absl::Minutes(9));
  ASSERT_GT(interrupt.waits.size(), 10u);
  EXPECT_LE(interrupt.waits[0], absl::Milliseconds(500));
  for (const absl::Duration wait : interrupt.waits) {
    EXPECT_GE(wait, absl::Milliseconds(250));
    EXPECT_LE(wait, absl::Seconds(10));
  }
  EXPECT_GE(interrupt.waits.back(), absl::Seconds(5));
}

TEST_F(WatchLoopTest, TheTimeoutStartsAnewWithEachLoss) {
  plan.targets = {{"a", 0}};
  plan.reconnect_timeout = absl::Seconds(30);
  for (int i = 1; i <= 5; ++i) {
    Stream({WatchStep::Silence(absl::Seconds(20)), State("a", v1::JOB_STATE_QUEUED, i)},
           absl::UnavailableError("x"));
  }
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 9)});
  EXPECT_TRUE(Run().status.ok());
}

TEST_F(WatchLoopTest, WaitsAsLongAsTheServerAsks) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1)},
         ErrorBuilder(absl::StatusCode::kUnavailable, "DRAINING", "the server stops")
             .RetryAfter(absl::Seconds(25))
             .Build());
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 2)});
  EXPECT_TRUE(Run().status.ok());
  EXPECT_THAT(interrupt.waits, ElementsAre(absl::Seconds(25)));
}

TEST_F(WatchLoopTest, ComesBackToAServerThatHasTooMuchToDoNow) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1)},
         ErrorBuilder(absl::StatusCode::kResourceExhausted, "TOO_MANY_WATCHES", "too many")
             .RetryAfter(absl::Seconds(25))
             .Build());
  Stream({State("a", v1::JOB_STATE_SUCCEEDED, 2)});
  EXPECT_TRUE(Run().status.ok());
  EXPECT_THAT(interrupt.waits, ElementsAre(absl::Seconds(25)));
}

TEST_F(WatchLoopTest, GivesUpOnALimitThatDoesNotPass) {
  plan.targets = {{"a", 0}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 1)},
         absl::ResourceExhaustedError("message larger than max"));
  EXPECT_EQ(Run().status.code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(WatchLoopTest, CtrlCStopsAtOnceInAStreamAndInAWait) {
  plan.targets = {{"a", 0}, {"b", 2}};
  Stream({State("a", v1::JOB_STATE_QUEUED, 7), WatchStep::Do([this] { interrupt.Raise(); }),
          State("a", v1::JOB_STATE_SUCCEEDED, 8)});
  WatchOutcome outcome = Run();
  EXPECT_TRUE(outcome.interrupted);
  const auto resume = ResumeTargets(plan, outcome);
  ASSERT_EQ(resume.size(), 2u);
  EXPECT_EQ(ToText(resume[0]), "a@7");
  EXPECT_EQ(ToText(resume[1]), "b@2");
}

TEST_F(WatchLoopTest, CtrlCCutsAReconnectDelayShort) {
  plan.targets = {{"a", 0}};
  interrupt.raise_at_wait = 2;
  EXPECT_TRUE(Run().interrupted);
  EXPECT_EQ(interrupt.waits.size(), 2u);
}

TEST(WatchedJobTest, ReadsRevisions) {
  EXPECT_EQ(ParseWatchedJob("job_1")->after_revision, 0);
  EXPECT_EQ(ParseWatchedJob("job_1@12")->after_revision, 12);
  EXPECT_EQ(ToText(*ParseWatchedJob("job_1@12")), "job_1@12");
  for (const char* bad :
       {"", "@1", "job_1@", "job_1@x", "job_1@-1", "job_1@99999999999999999999"}) {
    EXPECT_FALSE(ParseWatchedJob(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace cxscribe::client
