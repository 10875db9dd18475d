// What a watcher is owed: the state at once, then the newest state only, never an older one.
#include "server/watch/session.h"

#include <gtest/gtest.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

WatchSession::JobPtr MakeJob(const std::string& id, int64_t revision,
                             v1::JobState state = v1::JOB_STATE_TRANSCRIBING) {
  auto job = std::make_shared<v1::Job>();
  job->set_job_id(id);
  job->set_revision(revision);
  job->set_state(state);
  return job;
}

int64_t NextRevision(WatchSession& session) {
  const auto job = session.Next();
  return job == nullptr ? 0 : job->revision();
}

TEST(WatchSessionTest, OwesNothingBeforeTheStoreHasSpoken) {
  WatchSession session({{"a", 0}});
  EXPECT_FALSE(session.HasNext());
  EXPECT_EQ(session.Next(), nullptr);
  EXPECT_FALSE(session.Finished());
}

TEST(WatchSessionTest, SendsTheJobAsItIsAlsoWhenTheCursorIsCurrent) {
  WatchSession session({{"a", 4}});
  ASSERT_TRUE(session.Begin(MakeJob("a", 4)).ok());
  EXPECT_EQ(NextRevision(session), 4);
  EXPECT_EQ(session.Next(), nullptr);
}

TEST(WatchSessionTest, RefusesACursorAheadOfTheStore) {
  WatchSession session({{"a", 9}});
  const absl::Status status = session.Begin(MakeJob("a", 4));
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ReasonOf(status), "CURSOR_AHEAD");
}

TEST(WatchSessionTest, HoldsAChangeBackUntilTheWatcherMaySeeTheJob) {
  WatchSession session({{"a", 0}});
  EXPECT_FALSE(session.Offer(MakeJob("a", 5)));
  EXPECT_EQ(session.Next(), nullptr);
  ASSERT_TRUE(session.Begin(MakeJob("a", 4)).ok());
  EXPECT_EQ(NextRevision(session), 5) << "the change came after the store was read";
  EXPECT_EQ(session.Next(), nullptr) << "and the older read is not sent after it";
}

TEST(WatchSessionTest, ACursorThatAChangeHasReachedIsNotAhead) {
  WatchSession session({{"a", 5}});
  session.Offer(MakeJob("a", 5));
  EXPECT_TRUE(session.Begin(MakeJob("a", 4)).ok());
  EXPECT_EQ(NextRevision(session), 5);
}

TEST(WatchSessionTest, ConflatesToTheNewestForASlowReader) {
  WatchSession session({{"a", 0}});
  ASSERT_TRUE(session.Begin(MakeJob("a", 1)).ok());
  for (int64_t revision = 2; revision <= 50; ++revision) session.Offer(MakeJob("a", revision));
  EXPECT_EQ(NextRevision(session), 50);
  EXPECT_EQ(session.Next(), nullptr);
}

TEST(WatchSessionTest, NeverGoesBack) {
  WatchSession session({{"a", 0}});
  ASSERT_TRUE(session.Begin(MakeJob("a", 3)).ok());
  EXPECT_EQ(NextRevision(session), 3);
  EXPECT_FALSE(session.Offer(MakeJob("a", 2)));
  EXPECT_FALSE(session.Offer(MakeJob("a", 3)));
  EXPECT_EQ(session.Next(), nullptr);
  EXPECT_TRUE(session.Offer(MakeJob("a", 4)));
  EXPECT_FALSE(session.Offer(MakeJob("a", 3))) << "not over a pending one either";
  EXPECT_EQ(NextRevision(session), 4);
}

TEST(WatchSessionTest, ServesJobsInTheOrderInWhichTheyBeganToWait) {
  WatchSession session({{"a", 0}, {"b", 0}});
  ASSERT_TRUE(session.Begin(MakeJob("a", 1)).ok());
  ASSERT_TRUE(session.Begin(MakeJob("b", 1)).ok());
  session.Offer(MakeJob("a", 2));  // keeps its place
  EXPECT_EQ(session.Next()->job_id(), "a");
  session.Offer(MakeJob("a", 3));  // to the end of the line: "b" is not starved
  EXPECT_EQ(session.Next()->job_id(), "b");
  EXPECT_EQ(session.Next()->job_id(), "a");
}

TEST(WatchSessionTest, IsFinishedOnceEveryEndStateWasTaken) {
  WatchSession session({{"a", 0}, {"b", 0}});
  ASSERT_TRUE(session.Begin(MakeJob("a", 7, v1::JOB_STATE_SUCCEEDED)).ok());
  ASSERT_TRUE(session.Begin(MakeJob("b", 2)).ok());
  session.Next();
  session.Next();
  EXPECT_FALSE(session.Finished());
  session.Offer(MakeJob("b", 3, v1::JOB_STATE_QUARANTINED));
  EXPECT_FALSE(session.Finished());
  session.Next();
  EXPECT_TRUE(session.Finished());
}

TEST(WatchSessionTest, IgnoresJobsThatAreNoTargets) {
  WatchSession session({{"a", 0}});
  EXPECT_TRUE(session.Begin(MakeJob("x", 1)).ok());
  EXPECT_FALSE(session.Offer(MakeJob("x", 2)));
  EXPECT_EQ(session.Next(), nullptr);
}

}  // namespace
}  // namespace cxscribe
