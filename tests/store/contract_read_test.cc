// What every JobStore gives to read: lists, events and results.
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/hash.h"
#include "tests/store/job_store_contract.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Listing.

TEST_P(JobStoreTest, ListsAreNewestFirstAndPaged) {
  CreateJobs(5);
  ASSERT_TRUE(store_.Create(NewJob(6, "tenant-b")).ok());
  JobQuery query;
  query.tenant = "tenant-a";
  query.limit = 2;
  EXPECT_THAT(store_.List(query), ElementsAre(JobId(5), JobId(4)));
  query.after = JobId(4);
  EXPECT_THAT(store_.List(query), ElementsAre(JobId(3), JobId(2)));
  query.after = JobId(2);
  EXPECT_THAT(store_.List(query), ElementsAre(JobId(1)));
  query.tenant = "nobody";
  EXPECT_THAT(store_.List(query), IsEmpty());
}

TEST_P(JobStoreTest, ListsStopOnceTheyAreLargeEnough) {
  CreateJobs(5);
  JobQuery query;
  query.tenant = "tenant-a";
  query.max_bytes = 1;
  EXPECT_THAT(store_.List(query), ElementsAre(JobId(5)));
  query.max_bytes = static_cast<int64_t>(Record(5).ByteSizeLong());
  EXPECT_THAT(store_.List(query), ElementsAre(JobId(5), JobId(4)));
  query.max_bytes = 1'000'000;
  EXPECT_THAT(store_.List(query), SizeIs(5));
}

TEST_P(JobStoreTest, ReadsManyJobsAtOnceLeavingOutThoseThatAreNot) {
  CreateJobs(3);
  EXPECT_THAT(store_.GetMany({JobId(3), JobId(9), JobId(1)}), ElementsAre(JobId(3), JobId(1)));
  EXPECT_THAT(store_.GetMany({}), IsEmpty());
}

TEST_P(JobStoreTest, ListsFilterByStateTimeAndLabels) {
  for (int n = 1; n <= 4; ++n) {
    JobWrite write = NewJob(n);
    auto& labels = *write.record.mutable_job()->mutable_labels();
    labels["team"] = n % 2 == 0 ? "claims" : "sales";
    labels["n"] = std::to_string(n);
    ASSERT_TRUE(store_.Create(write).ok());
  }
  ASSERT_TRUE(store_.Update(Step(Record(2), v1::JOB_STATE_FAILED)).ok());
  ASSERT_TRUE(store_.Update(Step(Record(3), v1::JOB_STATE_VALIDATING)).ok());

  JobQuery by_state;
  by_state.tenant = "tenant-a";
  by_state.states = {v1::JOB_STATE_FAILED, v1::JOB_STATE_VALIDATING};
  EXPECT_THAT(store_.List(by_state), ElementsAre(JobId(3), JobId(2)));

  JobQuery by_time;
  by_time.tenant = "tenant-a";
  by_time.created_after = kStart + absl::Seconds(2);
  by_time.created_before = kStart + absl::Seconds(4);
  EXPECT_THAT(store_.List(by_time), ElementsAre(JobId(3), JobId(2)));

  JobQuery by_labels;
  by_labels.tenant = "tenant-a";
  by_labels.labels = {{"team", "claims"}};
  EXPECT_THAT(store_.List(by_labels), ElementsAre(JobId(4), JobId(2)));
  by_labels.labels.emplace_back("n", "4");
  EXPECT_THAT(store_.List(by_labels), ElementsAre(JobId(4)));
  by_labels.labels.emplace_back("team", "sales");
  EXPECT_THAT(store_.List(by_labels), IsEmpty());

  JobQuery all;
  all.tenant = "tenant-a";
  all.states = {v1::JOB_STATE_QUEUED};
  all.created_after = absl::InfinitePast();
  all.created_before = absl::InfiniteFuture();
  all.labels = {{"team", "claims"}};
  all.after = JobId(9);
  EXPECT_THAT(store_.List(all), ElementsAre(JobId(4)));
}

TEST_P(JobStoreTest, UnfinishedJobsAreThoseThatHaveNotEndedOldestFirst) {
  CreateJobs(9);
  for (int n = 1; n <= 9; ++n) {
    if (n != v1::JOB_STATE_QUEUED) {
      ASSERT_TRUE(store_.Update(Step(Record(n), static_cast<v1::JobState>(n))).ok());
    }
  }
  EXPECT_THAT(store_.ListUnfinished(), ElementsAre(JobId(1), JobId(2), JobId(3), JobId(4)));
}

TEST_P(JobStoreTest, EventsAreNumberedAndPaged) {
  CreateJobs(1);
  for (const v1::JobState state :
       {v1::JOB_STATE_VALIDATING, v1::JOB_STATE_TRANSCRIBING, v1::JOB_STATE_PROCESSING}) {
    ASSERT_TRUE(store_.Update(Step(Record(1), state)).ok());
  }
  const auto page = store_.ListEvents(JobId(1), 1, 1);
  ASSERT_TRUE(page.ok());
  ASSERT_THAT(*page, SizeIs(1));
  EXPECT_EQ(page->front().first, 2);
  EXPECT_EQ(page->front().second.state(), v1::JOB_STATE_TRANSCRIBING);
  EXPECT_THAT(*store_.ListEvents(JobId(1), 3, 10), IsEmpty());
}

// Results.

TEST_P(JobStoreTest, ResultsArePagedByWholeChunks) {
  JobWrite write = NewJob(1);
  write.result = MakeResult(4, 5, 100);
  ASSERT_TRUE(store_.Create(write).ok());
  const auto chunk_bytes = static_cast<int64_t>(write.result->chunks[1].ByteSizeLong());

  auto page = store_.GetResult(JobId(1), 0, 2 * chunk_bytes);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->chunks, SizeIs(2));
  EXPECT_FALSE(page->last);
  EXPECT_EQ(page->header.segment_count(), 20);

  // A segment in the middle of a chunk: the page begins with that chunk, and holds at least it.
  page = store_.GetResult(JobId(1), 12, 1);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->chunks, SizeIs(1));
  EXPECT_EQ(page->chunks[0].first_segment(), 10);
  EXPECT_FALSE(page->last);

  page = store_.GetResult(JobId(1), 19, 1);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->chunks[0].first_segment(), 15);
  EXPECT_TRUE(page->last);

  for (const int segment : {20, 1000, -1}) {
    const absl::Status status = store_.GetResult(JobId(1), segment).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange) << status;
    EXPECT_EQ(ReasonOf(status), "NO_SUCH_SEGMENT");
  }
}

TEST_P(JobStoreTest, AnEmptyTranscriptIsOneEmptyPage) {
  JobWrite write = NewJob(1);
  write.result = MakeResult(0, 0, 0);
  ASSERT_TRUE(store_.Create(write).ok());
  const auto page = store_.GetResult(JobId(1));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->chunks, IsEmpty());
  EXPECT_TRUE(page->last);
  EXPECT_EQ(page->audit.sequence(), 0);
  EXPECT_EQ(store_.GetResult(JobId(1), 1).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_P(JobStoreTest, AJobWithoutAResultSaysSo) {
  CreateJobs(1);
  const absl::Status status = store_.GetResult(JobId(1)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), "NO_RESULT");
}

TEST_P(JobStoreTest, ANewResultReplacesTheOld) {
  JobWrite write = NewJob(1);
  write.result = MakeResult(3, 2, 10);
  ASSERT_TRUE(store_.Create(write).ok());
  JobWrite redacted = Step(Record(1), v1::JOB_STATE_SUCCEEDED);
  redacted.result = MakeResult(1, 1, 10);
  redacted.audit = Draft("RESOLVED", JobId(1));
  ASSERT_TRUE(store_.Update(redacted).ok());
  const auto page = store_.GetResult(JobId(1));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->chunks, SizeIs(1));
  EXPECT_TRUE(page->last);
  EXPECT_EQ(page->audit.sequence(), 1);
}

}  // namespace
}  // namespace cxscribe
