#include "server/job/states.h"

#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'705'312'800);

constexpr v1::JobState kQueued = v1::JOB_STATE_QUEUED;
constexpr v1::JobState kValidating = v1::JOB_STATE_VALIDATING;
constexpr v1::JobState kTranscribing = v1::JOB_STATE_TRANSCRIBING;
constexpr v1::JobState kProcessing = v1::JOB_STATE_PROCESSING;
constexpr v1::JobState kSucceeded = v1::JOB_STATE_SUCCEEDED;
constexpr v1::JobState kFailed = v1::JOB_STATE_FAILED;
constexpr v1::JobState kCancelled = v1::JOB_STATE_CANCELLED;
constexpr v1::JobState kQuarantined = v1::JOB_STATE_QUARANTINED;
constexpr v1::JobState kNeedsAttention = v1::JOB_STATE_NEEDS_ATTENTION;

// Every allowed step; all others are forbidden.
const std::set<std::pair<v1::JobState, v1::JobState>> kAllowed = {
    {kQueued, kValidating},
    {kQueued, kFailed},
    {kQueued, kCancelled},
    {kValidating, kTranscribing},
    {kValidating, kNeedsAttention},
    {kValidating, kFailed},
    {kValidating, kCancelled},
    {kTranscribing, kProcessing},
    {kTranscribing, kNeedsAttention},
    {kTranscribing, kFailed},
    {kTranscribing, kCancelled},
    {kProcessing, kSucceeded},
    {kProcessing, kQuarantined},
    {kProcessing, kFailed},
    {kProcessing, kCancelled},
    {kQuarantined, kSucceeded},
    {kQuarantined, kFailed},
    {kNeedsAttention, kTranscribing},
    {kNeedsAttention, kFailed},
};

v1::Job JobIn(v1::JobState state) {
  v1::Job job;
  job.set_job_id("job_1");
  StartJob(job, kNow);
  job.set_state(state);
  return job;
}

int64_t Seconds(const google::protobuf::Timestamp& timestamp) { return timestamp.seconds(); }

TEST(States, AllowExactlyTheStepsOfTheDesign) {
  for (int from = v1::JobState_MIN; from <= v1::JobState_MAX; ++from) {
    for (int to = v1::JobState_MIN; to <= v1::JobState_MAX; ++to) {
      const auto from_state = static_cast<v1::JobState>(from);
      const auto to_state = static_cast<v1::JobState>(to);
      const bool allowed = kAllowed.count({from_state, to_state}) != 0;
      SCOPED_TRACE(std::string(StateName(from_state)) + " -> " + std::string(StateName(to_state)));
      EXPECT_EQ(CanTransition(from_state, to_state), allowed);

      v1::Job job = JobIn(from_state);
      const v1::Job before = job;
      const absl::Status status = Advance(job, to_state, kNow + absl::Seconds(1));
      EXPECT_EQ(status.ok(), allowed) << status;
      if (allowed) {
        EXPECT_EQ(job.state(), to_state);
        EXPECT_EQ(job.status(), SeedStatus(to_state));
        EXPECT_EQ(job.revision(), before.revision() + 1);
        EXPECT_EQ(Seconds(job.update_time()), Seconds(before.update_time()) + 1);
        EXPECT_EQ(job.has_end_time(), IsEnd(to_state));
      } else {
        EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
        EXPECT_EQ(ReasonOf(status), "BAD_TRANSITION");
        EXPECT_EQ(job.SerializeAsString(), before.SerializeAsString());
      }
    }
  }
}

TEST(States, UnknownValuesAreNoStateAtAll) {
  const auto unknown = static_cast<v1::JobState>(99);
  EXPECT_EQ(StateName(unknown), "UNSPECIFIED");
  EXPECT_FALSE(IsEnd(unknown));
  EXPECT_FALSE(CanTransition(unknown, kFailed));
  EXPECT_FALSE(CanTransition(kQueued, unknown));
}

TEST(States, EndsAreTheFiveOfTheTable) {
  for (int value = v1::JobState_MIN; value <= v1::JobState_MAX; ++value) {
    EXPECT_EQ(IsEnd(static_cast<v1::JobState>(value)), value >= kSucceeded) << value;
  }
}

TEST(States, OnlyJobsThatHaveNotEndedCanBeCancelledAndOnlyEndedOnesDeleted) {
  for (const v1::JobState state : {kQueued, kValidating, kTranscribing, kProcessing}) {
    EXPECT_TRUE(CanCancel(state)) << StateName(state);
    EXPECT_FALSE(CanDelete(state)) << StateName(state);
  }
  for (const v1::JobState state :
       {kSucceeded, kFailed, kCancelled, kQuarantined, kNeedsAttention}) {
    EXPECT_FALSE(CanCancel(state)) << StateName(state);
    EXPECT_TRUE(CanDelete(state)) << StateName(state);
  }
}

TEST(States, SeedStatusFollowsTheTable) {
  EXPECT_EQ(SeedStatus(kQueued), "queued");
  EXPECT_EQ(SeedStatus(kValidating), "in_progress");
  EXPECT_EQ(SeedStatus(kTranscribing), "in_progress");
  EXPECT_EQ(SeedStatus(kProcessing), "in_progress");
  EXPECT_EQ(SeedStatus(kSucceeded), "completed");
  EXPECT_EQ(SeedStatus(kFailed), "failed");
  EXPECT_EQ(SeedStatus(kCancelled), "failed");
  EXPECT_EQ(SeedStatus(kQuarantined), "completed");
  EXPECT_EQ(SeedStatus(kNeedsAttention), "in_progress");
}

TEST(States, NamesCarryNoPrefix) {
  EXPECT_EQ(StateName(kNeedsAttention), "NEEDS_ATTENTION");
  EXPECT_EQ(StateName(v1::JOB_STATE_UNSPECIFIED), "UNSPECIFIED");
}

TEST(States, ProgressRangesOfRunningStatesFollowEachOther) {
  EXPECT_EQ(ProgressIn(kQueued, 100), 0);
  EXPECT_EQ(ProgressIn(kValidating, 0), 0);
  EXPECT_EQ(ProgressIn(kValidating, 100), 5);
  EXPECT_EQ(ProgressIn(kTranscribing, 0), 5);
  EXPECT_EQ(ProgressIn(kTranscribing, 50), 47);
  EXPECT_EQ(ProgressIn(kTranscribing, 100), 90);
  EXPECT_EQ(ProgressIn(kProcessing, 0), 90);
  EXPECT_EQ(ProgressIn(kProcessing, 100), 99);
  EXPECT_EQ(ProgressIn(kSucceeded, 0), 100);
  EXPECT_EQ(ProgressIn(kTranscribing, -7), 5);
  EXPECT_EQ(ProgressIn(kTranscribing, 1000), 90);
}

TEST(States, ProgressNeverGoesBack) {
  v1::Job job = JobIn(kTranscribing);
  ASSERT_TRUE(RaiseProgress(job, 60, kNow));
  const v1::Job before = job;
  EXPECT_FALSE(RaiseProgress(job, 60, kNow)) << "no change makes no revision";
  EXPECT_FALSE(RaiseProgress(job, 40, kNow));
  EXPECT_EQ(job.SerializeAsString(), before.SerializeAsString());
  EXPECT_TRUE(RaiseProgress(job, 80, kNow));
  EXPECT_EQ(job.revision(), before.revision() + 1);

  ASSERT_TRUE(Advance(job, kNeedsAttention, kNow).ok());
  ASSERT_TRUE(Advance(job, kTranscribing, kNow).ok());
  EXPECT_EQ(job.progress_percent(), ProgressIn(kTranscribing, 80));
  EXPECT_FALSE(RaiseProgress(job, 10, kNow));
}

TEST(States, OnlyAResultMakesProgressComplete) {
  v1::Job failed = JobIn(kTranscribing);
  ASSERT_TRUE(RaiseProgress(failed, 50, kNow));
  ASSERT_TRUE(Advance(failed, kFailed, kNow).ok());
  EXPECT_EQ(failed.progress_percent(), 47);

  v1::Job quarantined = JobIn(kProcessing);
  ASSERT_TRUE(Advance(quarantined, kQuarantined, kNow).ok());
  EXPECT_EQ(quarantined.progress_percent(), 100);
}

TEST(States, ErrorStaysOnlyWhereItMeansSomething) {
  v1::Job job = JobIn(kTranscribing);
  job.mutable_error()->set_code(14);
  ASSERT_TRUE(Advance(job, kNeedsAttention, kNow).ok());
  EXPECT_TRUE(job.has_error());
  EXPECT_TRUE(job.has_end_time());
  ASSERT_TRUE(Advance(job, kTranscribing, kNow).ok());
  EXPECT_FALSE(job.has_error());
  EXPECT_FALSE(job.has_end_time());
}

TEST(States, UpdateTimeDoesNotFollowAClockThatStepsBack) {
  v1::Job job = JobIn(kQueued);
  ASSERT_TRUE(Advance(job, kValidating, kNow - absl::Hours(1)).ok());
  EXPECT_EQ(Seconds(job.update_time()), absl::ToUnixSeconds(kNow));
  EXPECT_EQ(job.revision(), 2);
}

TEST(States, ANewJobStartsFromNothing) {
  v1::Job job;
  StartJob(job, kNow + absl::Milliseconds(250));
  EXPECT_EQ(job.state(), kQueued);
  EXPECT_EQ(job.status(), "queued");
  EXPECT_EQ(job.revision(), 1);
  EXPECT_EQ(job.create_time().nanos(), 250'000'000);
  EXPECT_EQ(job.create_time().seconds(), job.update_time().seconds());
}

}  // namespace
}  // namespace cxscribe
