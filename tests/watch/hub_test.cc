// The hub: attach, change, heartbeat, drain, and jobs that are none of the watcher's business.
#include "server/watch/hub.h"

#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/job/store_errors.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

constexpr absl::Duration kHeartbeat = absl::Seconds(30);

// Takes everything as soon as it is there, as a fast stream would.
class RecordingWatcher final : public Watcher {
 public:
  void OnWatchReady() override { Take(); }
  void OnWatchHeartbeat(absl::Time) override { ++heartbeats; }
  void OnWatchEnded(const absl::Status& status) override { ends.push_back(status); }
  void Take() {
    if (paused || subscription == nullptr) return;
    while (const auto job = subscription->Next()) revisions.push_back(job->revision());
  }

  std::shared_ptr<WatchHub::Subscription> subscription;
  bool paused = false;
  std::vector<int64_t> revisions;
  std::vector<absl::Status> ends;
  int heartbeats = 0;
};

class WatchHubTest : public testing::Test {
 protected:
  void Store(const std::string& job_id, const std::string& tenant = "default") {
    JobWrite write;
    write.record.set_tenant(tenant);
    write.record.mutable_job()->set_job_id(job_id);
    write.record.mutable_job()->set_state(v1::JOB_STATE_QUEUED);
    write.record.mutable_job()->set_revision(1);
    store_.Create(std::move(write), absl::InfinitePast(), 100,
                  [](const absl::StatusOr<CreateOutcome>& outcome) { ASSERT_TRUE(outcome.ok()); });
    loop_.RunReady();
  }

  void Change(const std::string& job_id, int64_t revision,
              v1::JobState state = v1::JOB_STATE_TRANSCRIBING) {
    v1::Job job;
    job.set_job_id(job_id);
    job.set_revision(revision);
    job.set_state(state);
    hub_.OnJobChanged(job);
  }

  std::shared_ptr<RecordingWatcher> Watch(std::vector<WatchTargetSpec> targets) {
    auto watcher = std::make_shared<RecordingWatcher>();
    watcher->subscription = hub_.Watch("default", targets, kHeartbeat, watcher);
    watchers_.push_back(watcher);
    return watcher;
  }

  // A watch that goes on keeps its watcher.
  void TearDown() override {
    for (const auto& watcher : watchers_) {
      if (watcher->subscription != nullptr) watcher->subscription->Stop();
      watcher->subscription.reset();
    }
  }

  ManualLoop loop_;
  FakeJobStore store_{loop_};
  WatchHub hub_{store_, loop_};
  std::vector<std::shared_ptr<RecordingWatcher>> watchers_;
};

TEST_F(WatchHubTest, AnUnknownJobEndsTheWatch) {
  const auto watcher = Watch({{"job_none"}});
  loop_.RunReady();
  ASSERT_EQ(watcher->ends.size(), 1u);
  EXPECT_EQ(watcher->ends[0].code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(hub_.watches(), 0u);
}

TEST_F(WatchHubTest, AnotherTenantsJobIsAsUnknownAsNone) {
  Store("job_theirs", "rivals");
  const auto watcher = Watch({{"job_theirs"}});
  Change("job_theirs", 2);  // comes before the tenant is known
  loop_.RunReady();
  Change("job_theirs", 3);
  ASSERT_EQ(watcher->ends.size(), 1u);
  EXPECT_EQ(watcher->ends[0].code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(watcher->revisions.empty()) << "nothing of it was shown";
}

TEST_F(WatchHubTest, SendsTheStateAtOnceThenEachChange) {
  Store("job_a");
  const auto watcher = Watch({{"job_a"}});
  loop_.RunReady();
  EXPECT_EQ(watcher->revisions, (std::vector<int64_t>{1}));
  Change("job_a", 2);
  Change("job_a", 3);
  EXPECT_EQ(watcher->revisions, (std::vector<int64_t>{1, 2, 3}));
}

TEST_F(WatchHubTest, AChangeWhileTheStoreIsReadIsNeitherLostNorSentTwice) {
  Store("job_a");
  const auto watcher = Watch({{"job_a"}});
  Change("job_a", 2);
  loop_.RunReady();
  EXPECT_EQ(watcher->revisions, (std::vector<int64_t>{2}));
}

TEST_F(WatchHubTest, ASlowWatcherGetsTheNewestOnly) {
  Store("job_a");
  const auto watcher = Watch({{"job_a"}});
  watcher->paused = true;
  loop_.RunReady();
  for (int64_t revision = 2; revision <= 100; ++revision) Change("job_a", revision);
  watcher->paused = false;
  watcher->Take();
  EXPECT_EQ(watcher->revisions, (std::vector<int64_t>{100}));
}

TEST_F(WatchHubTest, OneUnreadableJobEndsTheWatchWithTheStoresError) {
  Store("job_a");
  store_.FailReads(1, absl::UnavailableError("the disk is gone"));
  const auto watcher = Watch({{"job_a"}});
  loop_.RunReady();
  ASSERT_EQ(watcher->ends.size(), 1u);
  EXPECT_EQ(watcher->ends[0].code(), absl::StatusCode::kUnavailable);
}

TEST_F(WatchHubTest, HeartbeatsOnlyWhenThereIsNothingElseToSay) {
  Store("job_a");
  const auto watcher = Watch({{"job_a"}});
  loop_.Advance(absl::Seconds(29));
  Change("job_a", 2);
  loop_.Advance(absl::Seconds(29));
  EXPECT_EQ(watcher->heartbeats, 0);
  loop_.Advance(absl::Seconds(2));
  EXPECT_EQ(watcher->heartbeats, 1);
  loop_.Advance(kHeartbeat * 3);
  EXPECT_EQ(watcher->heartbeats, 4);
}

TEST_F(WatchHubTest, ABusyStoreIsAskedAgain) {
  Store("job_a");
  store_.FailReads(3, StoreBusyError());
  const auto watcher = Watch({{"job_a"}});
  loop_.Advance(absl::Seconds(10));
  EXPECT_TRUE(watcher->ends.empty()) << watcher->ends[0];
  EXPECT_EQ(watcher->revisions, (std::vector<int64_t>{1}));
}

TEST_F(WatchHubTest, AStoreThatStaysBusyEndsTheWatchWithWhenToComeBack) {
  Store("job_a");
  store_.FailReads(1000, StoreBusyError());
  const auto watcher = Watch({{"job_a"}});
  loop_.Advance(absl::Seconds(30));
  ASSERT_EQ(watcher->ends.size(), 1u);
  EXPECT_EQ(watcher->ends[0].code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(watcher->ends[0].GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
}

TEST_F(WatchHubTest, ALargeWatchReadsALittleAtATimeAndOnlyWhatIsTaken) {
  std::vector<WatchTargetSpec> targets;
  for (int i = 0; i < 100; ++i) {
    targets.push_back({"job_" + std::to_string(100 + i)});
    Store(targets.back().job_id);
  }
  const int64_t before = store_.reads();
  const auto slow = std::make_shared<RecordingWatcher>();
  slow->paused = true;
  slow->subscription = hub_.Watch("default", targets, kHeartbeat, slow);
  watchers_.push_back(slow);
  loop_.RunReady();
  EXPECT_EQ(store_.reads() - before, 1) << "nobody has taken anything yet";
  slow->paused = false;
  while (slow->revisions.size() < 100 && (slow->Take(), loop_.RunReady() > 0)) {
  }
  slow->Take();
  EXPECT_EQ(slow->revisions.size(), 100u);
  EXPECT_LE(store_.reads() - before, 4) << "not one read for each job";
}

TEST_F(WatchHubTest, AWatchThatEndedReadsNoMore) {
  std::vector<WatchTargetSpec> targets = {{"job_none"}};
  for (int i = 0; i < 100; ++i) targets.push_back({"job_" + std::to_string(100 + i)});
  const int64_t before = store_.reads();
  const auto watcher = Watch(targets);
  loop_.Advance(absl::Seconds(10));
  EXPECT_EQ(watcher->ends.size(), 1u);
  EXPECT_EQ(store_.reads() - before, 1);
}

TEST_F(WatchHubTest, RefusesMoreWatchesAndTargetsThanItsLimits) {
  Store("job_a");
  Store("job_b");
  WatchHub hub(store_, loop_, WatchLimits{2, 3});
  const auto watch = [&](std::vector<WatchTargetSpec> targets) {
    auto watcher = std::make_shared<RecordingWatcher>();
    watcher->subscription = hub.Watch("default", targets, kHeartbeat, watcher);
    loop_.RunReady();
    return watcher;
  };
  const auto first = watch({{"job_a"}, {"job_b"}});
  const auto too_large = watch({{"job_a"}, {"job_b"}});
  ASSERT_EQ(too_large->ends.size(), 1u);
  EXPECT_EQ(ReasonOf(too_large->ends[0]), "TOO_MANY_WATCHES");
  EXPECT_TRUE(
      too_large->ends[0].GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
  const auto second = watch({{"job_a"}});
  EXPECT_TRUE(second->ends.empty());
  const auto one_more = watch({{"job_a"}});
  EXPECT_EQ(one_more->ends.size(), 1u);
  first->subscription->Stop();
  const auto third = watch({{"job_a"}, {"job_b"}});
  EXPECT_TRUE(third->ends.empty()) << "there is room again";
  third->subscription->Stop();
  second->subscription->Stop();
}

TEST_F(WatchHubTest, AStoppedWatchIsForgotten) {
  Store("job_a");
  const auto watcher = Watch({{"job_a"}});
  loop_.RunReady();
  watcher->subscription->Stop();
  EXPECT_EQ(hub_.watches(), 0u);
  Change("job_a", 2);
  loop_.Advance(kHeartbeat * 2);
  EXPECT_EQ(watcher->revisions, (std::vector<int64_t>{1}));
  EXPECT_EQ(watcher->heartbeats, 0);
  EXPECT_TRUE(watcher->ends.empty());
}

TEST_F(WatchHubTest, DrainingTellsEveryWatcherToComeBack) {
  Store("job_a");
  const auto before = Watch({{"job_a"}});
  loop_.RunReady();
  hub_.Drain(absl::Seconds(5));
  const auto after = Watch({{"job_a"}});
  for (const auto& watcher : {before, after}) {
    ASSERT_EQ(watcher->ends.size(), 1u);
    EXPECT_EQ(watcher->ends[0].code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(watcher->ends[0]), "DRAINING");
    EXPECT_TRUE(
        watcher->ends[0].GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
  }
  EXPECT_EQ(hub_.watches(), 0u);
}

TEST_F(WatchHubTest, FinishesWhenTheLastJobHasEnded) {
  Store("job_a");
  Store("job_b");
  const auto watcher = Watch({{"job_a"}, {"job_b"}});
  loop_.RunReady();
  Change("job_a", 2, v1::JOB_STATE_FAILED);
  EXPECT_FALSE(watcher->subscription->Finished());
  Change("job_b", 2, v1::JOB_STATE_SUCCEEDED);
  EXPECT_TRUE(watcher->subscription->Finished());
}

}  // namespace
}  // namespace cxscribe
