// What every JobStore does. Runs against the real store and against the fake, so that tests of the
// engine prove something.
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/store/sqlite_store.h"
#include "tests/store/store_fixture.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/manual_loop.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A store with what it stands on.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual JobStore& store() = 0;
  virtual void SetAuditListener(std::function<void()> listener) = 0;
  // Lets the store work where it has no thread of its own.
  virtual void Pump() {}
};

class SqliteSubject final : public Subject {
 public:
  SqliteSubject() {
    SqliteStoreOptions options;
    options.path = dir_.File("store.db");
    options.sealer = SealPlainly;
    auto opened = SqliteJobStore::Open(std::move(options));
    EXPECT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  JobStore& store() override { return *store_; }
  void SetAuditListener(std::function<void()> listener) override {
    store_->SetAuditListener(std::move(listener));
  }

 private:
  TempDir dir_;
  std::unique_ptr<SqliteJobStore> store_;
};

class FakeSubject final : public Subject {
 public:
  JobStore& store() override { return store_; }
  void SetAuditListener(std::function<void()> listener) override {
    store_.SetAuditListener(std::move(listener));
  }
  void Pump() override { loop_.RunReady(); }

 private:
  ManualLoop loop_;
  FakeJobStore store_{loop_};
};

struct Kind {
  const char* name;
  std::unique_ptr<Subject> (*make)();
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class JobStoreTest : public testing::TestWithParam<Kind> {
 protected:
  JobStoreTest() : subject_(GetParam().make()), store_(subject_->store(), [this] { Pump(); }) {}
  void Pump() { subject_->Pump(); }

  // Creates the jobs 1 to `count`.
  void CreateJobs(int count) {
    for (int n = 1; n <= count; ++n) ASSERT_TRUE(store_.Create(NewJob(n)).ok());
  }
  internal::v1::JobRecord Record(int n) {
    auto record = store_.Get(JobId(n));
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() ? *record : internal::v1::JobRecord();
  }

  std::unique_ptr<Subject> subject_;
  Blocking store_;
};

// Creating.

TEST_P(JobStoreTest, UnknownJobsAreNotFound) {
  for (const absl::Status& status :
       {store_.Get(JobId(1)).status(), store_.ListEvents(JobId(1)).status(),
        store_.GetResult(JobId(1)).status(), store_.Delete(JobId(1), 1)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    EXPECT_EQ(ReasonOf(status), "JOB_NOT_FOUND");
  }
  EXPECT_THAT(store_.ListAuditLines(), IsEmpty());
}

TEST_P(JobStoreTest, ACreatedJobIsReadBackWhole) {
  JobWrite write = NewJob(1);
  write.record.set_webhook_url("https://example.com/hook");
  v1::JobEvent event;
  event.set_type("SUBMITTED");
  write.events.push_back(event);
  write.audit = Draft("SUBMITTED", JobId(1));
  const std::string bytes = write.record.SerializeAsString();
  const auto outcome = store_.Create(write);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_FALSE(outcome->already_existed);
  EXPECT_EQ(outcome->record.SerializeAsString(), bytes);
  EXPECT_EQ(Record(1).SerializeAsString(), bytes);
  const auto events = store_.ListEvents(JobId(1));
  ASSERT_TRUE(events.ok());
  ASSERT_THAT(*events, SizeIs(1));
  EXPECT_EQ(events->front().first, 1);
  EXPECT_EQ(events->front().second.type(), "SUBMITTED");
  EXPECT_THAT(store_.ListAuditLines(), SizeIs(1));
}

TEST_P(JobStoreTest, AJobIdIsUsedOnce) {
  CreateJobs(1);
  const absl::Status status = store_.Create(NewJob(1)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), "STALE_REVISION");
}

TEST_P(JobStoreTest, WritesThatContradictThemselvesAreRefused) {
  JobWrite no_id = NewJob(1);
  no_id.record.mutable_job()->clear_job_id();
  JobWrite revision = NewJob(1);
  revision.record.mutable_job()->set_revision(2);
  JobWrite chunks = NewJob(1);
  chunks.result = MakeResult(2, 2, 1);
  chunks.result->chunks.back().set_first_segment(3);
  for (const JobWrite& write : {no_id, revision, chunks}) {
    const absl::Status status = store_.Create(write).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(ReasonOf(status), "BAD_WRITE");
  }
  EXPECT_EQ(ReasonOf(store_.Update(NewJob(1))), "BAD_WRITE");
  CreateJobs(1);
  JobWrite jump = Step(Record(1), v1::JOB_STATE_VALIDATING);
  jump.record.mutable_job()->set_revision(7);
  EXPECT_EQ(ReasonOf(store_.Update(jump)), "BAD_WRITE");
  EXPECT_EQ(Record(1).job().revision(), 1);
}

TEST_P(JobStoreTest, ARepeatedRequestIdNamesTheFirstJob) {
  JobWrite first = NewJob(1);
  first.record.mutable_job()->set_request_id("r");
  ASSERT_TRUE(store_.Create(first).ok());
  JobWrite again = NewJob(2);
  again.record.mutable_job()->set_request_id("r");
  const auto outcome = store_.Create(again);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->already_existed);
  EXPECT_EQ(outcome->record.SerializeAsString(), first.record.SerializeAsString());
  EXPECT_EQ(store_.Get(JobId(2)).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(JobStoreTest, ARepeatedRequestIdIsAnsweredAlsoWhenTheQueueIsFull) {
  JobWrite first = NewJob(1);
  first.record.mutable_job()->set_request_id("r");
  ASSERT_TRUE(store_.Create(first, absl::InfinitePast(), 1).ok());
  first.record.mutable_job()->set_job_id(JobId(2));
  const auto outcome = store_.Create(first, absl::InfinitePast(), 1);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->already_existed);
}

TEST_P(JobStoreTest, ARequestIdWithOtherFieldsIsRefused) {
  JobWrite first = NewJob(1);
  first.record.mutable_job()->set_request_id("r");
  ASSERT_TRUE(store_.Create(first).ok());
  JobWrite other = NewJob(2);
  other.record.mutable_job()->set_request_id("r");
  other.record.set_request_sha256("another");
  const absl::Status status = store_.Create(other).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(status), "REQUEST_ID_REUSED");
  EXPECT_THAT(std::string(status.message()), HasSubstr(JobId(1)));
}

TEST_P(JobStoreTest, RequestIdsOfTenantsAreApart) {
  JobWrite mine = NewJob(1, "tenant-a");
  JobWrite theirs = NewJob(2, "tenant-b");
  mine.record.mutable_job()->set_request_id("r");
  theirs.record.mutable_job()->set_request_id("r");
  ASSERT_TRUE(store_.Create(mine).ok());
  const auto outcome = store_.Create(theirs);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->already_existed);
}

TEST_P(JobStoreTest, JobsWithoutARequestIdAreNeverTheSame) {
  CreateJobs(2);
  EXPECT_THAT(store_.ListUnfinished(), SizeIs(2));
}

TEST_P(JobStoreTest, AnExpiredRequestIdStartsAnotherJob) {
  JobWrite first = NewJob(1);
  first.record.mutable_job()->set_request_id("r");
  ASSERT_TRUE(store_.Create(first).ok());
  JobWrite later = NewJob(2);
  later.record.mutable_job()->set_request_id("r");
  later.record.set_request_sha256("another");
  // The id was used at kStart + 1 s: still counts at exactly that age.
  EXPECT_EQ(ReasonOf(store_.Create(later, kStart + absl::Seconds(1)).status()),
            "REQUEST_ID_REUSED");
  const auto outcome = store_.Create(later, kStart + absl::Seconds(1) + absl::Nanoseconds(1));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_FALSE(outcome->already_existed);
}

TEST_P(JobStoreTest, ADeletedJobsRequestIdStillAnswersWithItsIdAlone) {
  JobWrite first = NewJob(1);
  first.record.mutable_job()->set_request_id("r");
  ASSERT_TRUE(store_.Create(first).ok());
  ASSERT_TRUE(store_.Delete(JobId(1), 1).ok());
  JobWrite again = NewJob(2);
  again.record.mutable_job()->set_request_id("r");
  const auto outcome = store_.Create(again);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->already_existed);
  internal::v1::JobRecord only_id;
  only_id.mutable_job()->set_job_id(JobId(1));
  EXPECT_EQ(outcome->record.SerializeAsString(), only_id.SerializeAsString());
}

TEST_P(JobStoreTest, AFullQueueRefusesUntilAJobEnds) {
  ASSERT_TRUE(store_.Create(NewJob(1), absl::InfinitePast(), 2).ok());
  ASSERT_TRUE(store_.Create(NewJob(2), absl::InfinitePast(), 2).ok());
  const absl::Status status = store_.Create(NewJob(3), absl::InfinitePast(), 2).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "QUEUE_FULL");
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
  ASSERT_TRUE(store_.Update(Step(Record(1), v1::JOB_STATE_NEEDS_ATTENTION)).ok());
  EXPECT_TRUE(store_.Create(NewJob(3), absl::InfinitePast(), 2).ok());
  // A job that a person moves on counts again.
  ASSERT_TRUE(store_.Update(Step(Record(1), v1::JOB_STATE_TRANSCRIBING)).ok());
  EXPECT_EQ(ReasonOf(store_.Create(NewJob(4), absl::InfinitePast(), 3).status()), "QUEUE_FULL");
  ASSERT_TRUE(store_.Delete(JobId(2), 1).ok());
  EXPECT_TRUE(store_.Create(NewJob(4), absl::InfinitePast(), 3).ok());
}

// Updating.

TEST_P(JobStoreTest, AStaleRevisionChangesNothing) {
  CreateJobs(1);
  const auto first = Record(1);
  ASSERT_TRUE(store_.Update(Step(first, v1::JOB_STATE_VALIDATING)).ok());
  JobWrite stale = Step(first, v1::JOB_STATE_FAILED);
  stale.audit = Draft("FAILED", JobId(1));
  stale.webhook = Message(1, kStart);
  stale.result = MakeResult(1, 1, 1);
  const absl::Status status = store_.Update(stale);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), "STALE_REVISION");
  EXPECT_EQ(Record(1).job().state(), v1::JOB_STATE_VALIDATING);
  EXPECT_THAT(*store_.ListEvents(JobId(1)), SizeIs(1));
  EXPECT_THAT(store_.ListAuditLines(), IsEmpty());
  EXPECT_THAT(store_.ListPendingWebhooks(), IsEmpty());
  EXPECT_EQ(ReasonOf(store_.GetResult(JobId(1)).status()), "NO_RESULT");
  EXPECT_EQ(ReasonOf(store_.Delete(JobId(1), 1)), "STALE_REVISION");
}

TEST_P(JobStoreTest, AnUpdateOfAJobThatIsGoneIsStale) {
  CreateJobs(1);
  const auto record = Record(1);
  ASSERT_TRUE(store_.Delete(JobId(1), 1).ok());
  const absl::Status status = store_.Update(Step(record, v1::JOB_STATE_VALIDATING));
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), "STALE_REVISION");
}

TEST_P(JobStoreTest, AnInvisibleChangeKeepsTheRevision) {
  CreateJobs(1);
  JobWrite write;
  write.expected_revision = 1;
  write.record = Record(1);
  write.record.set_submission_phase(internal::v1::SUBMISSION_PHASE_INTENT);
  ASSERT_TRUE(store_.Update(write).ok());
  EXPECT_EQ(Record(1).submission_phase(), internal::v1::SUBMISSION_PHASE_INTENT);
  EXPECT_EQ(Record(1).job().revision(), 1);
}

TEST_P(JobStoreTest, TheLastStepIsAllThereOrNotAtAll) {
  CreateJobs(2);
  JobWrite end = Step(Record(1), v1::JOB_STATE_SUCCEEDED);
  end.result = MakeResult(2, 3, 10);
  end.audit = Draft("SUCCEEDED", JobId(1));
  end.webhook = Message(1, kStart);
  ASSERT_TRUE(store_.Update(end).ok());
  EXPECT_EQ(Record(1).job().state(), v1::JOB_STATE_SUCCEEDED);
  const auto page = store_.GetResult(JobId(1));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->header.transcription_id(), "txn_1");
  const auto lines = store_.ListAuditLines();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(page->audit.sequence(), lines[0].sequence);
  EXPECT_EQ(page->audit.head_hash(), lines[0].hash);
  EXPECT_THAT(store_.ListPendingWebhooks(), ElementsAre("msg_1"));

  // The same message id again: the whole step of the other job is refused.
  JobWrite twice = Step(Record(2), v1::JOB_STATE_FAILED);
  twice.audit = Draft("FAILED", JobId(2));
  twice.webhook = Message(1, kStart);
  EXPECT_EQ(ReasonOf(store_.Update(twice)), "WEBHOOK_MESSAGE_EXISTS");
  EXPECT_EQ(Record(2).job().state(), v1::JOB_STATE_QUEUED);
  EXPECT_THAT(store_.ListAuditLines(), SizeIs(1));
}

TEST_P(JobStoreTest, CallbacksOfWritesRunInTheirOrder) {
  std::vector<Answer<absl::StatusOr<CreateOutcome>>> answers(20);
  Mutex mutex;
  std::vector<int> order;
  for (int n = 1; n <= 20; ++n) {
    auto answer = answers[static_cast<size_t>(n) - 1].Callback();
    subject_->store().Create(NewJob(n), absl::InfinitePast(), 100,
                             [&, n, answer](absl::StatusOr<CreateOutcome> outcome) {
                               {
                                 MutexLock lock(mutex);
                                 order.push_back(n);
                               }
                               answer(std::move(outcome));
                             });
  }
  for (auto& answer : answers) ASSERT_TRUE(answer.Get([this] { Pump(); }).ok());
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_THAT(order, SizeIs(20));
}

TEST_P(JobStoreTest, OneFailedWriteDoesNotFailItsNeighbours) {
  std::vector<Answer<absl::StatusOr<CreateOutcome>>> answers(9);
  for (int i = 0; i < 9; ++i) {
    JobWrite write = NewJob(i / 3 + 1);  // each id three times: one wins
    write.audit = Draft("SUBMITTED", JobId(i / 3 + 1));
    subject_->store().Create(std::move(write), absl::InfinitePast(), 100,
                             answers[static_cast<size_t>(i)].Callback());
  }
  int created = 0;
  for (auto& answer : answers) created += answer.Get([this] { Pump(); }).ok() ? 1 : 0;
  EXPECT_EQ(created, 3);
  EXPECT_THAT(store_.ListUnfinished(), ElementsAre(JobId(1), JobId(2), JobId(3)));
  const auto lines = store_.ListAuditLines();
  ASSERT_THAT(lines, SizeIs(3));
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(lines[i].sequence, static_cast<int64_t>(i) + 1);
}

// Deleting.

TEST_P(JobStoreTest, DeletingRemovesTheJobAndKeepsTheAudit) {
  JobWrite write = NewJob(1);
  (*write.record.mutable_job()->mutable_labels())["team"] = "claims";
  write.audit = Draft("SUBMITTED", JobId(1));
  ASSERT_TRUE(store_.Create(write).ok());
  JobWrite end = Step(Record(1), v1::JOB_STATE_SUCCEEDED);
  end.result = MakeResult(2, 2, 10);
  end.webhook = Message(1, kStart);
  ASSERT_TRUE(store_.Update(end).ok());
  ASSERT_TRUE(store_.Delete(JobId(1), 2).ok());
  EXPECT_EQ(store_.Get(JobId(1)).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(store_.GetResult(JobId(1)).status()), "JOB_NOT_FOUND");
  JobQuery query;
  query.tenant = "tenant-a";
  query.labels = {{"team", "claims"}};
  EXPECT_THAT(store_.List(query), IsEmpty());
  EXPECT_THAT(store_.ListAuditLines(), SizeIs(2));
  EXPECT_THAT(store_.ListPendingWebhooks(), ElementsAre("msg_1"));
}

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

// Webhooks.

TEST_P(JobStoreTest, PendingWebhooksComeSoonestFirstUntilDone) {
  for (int n = 1; n <= 3; ++n) {
    JobWrite write = NewJob(n);
    write.webhook = Message(n, kStart + absl::Seconds(10 - n));
    ASSERT_TRUE(store_.Create(write).ok());
  }
  EXPECT_THAT(store_.ListPendingWebhooks(), ElementsAre("msg_3", "msg_2", "msg_1"));
  EXPECT_THAT(store_.ListPendingWebhooks(1), ElementsAre("msg_3"));
  ASSERT_TRUE(store_.UpdateWebhook(Message(3, kStart + absl::Hours(1))).ok());
  auto delivered = Message(2, kStart);
  delivered.set_delivered(true);
  *delivered.mutable_done_time() = ToTimestamp(kStart);
  ASSERT_TRUE(store_.UpdateWebhook(delivered).ok());
  EXPECT_THAT(store_.ListPendingWebhooks(), ElementsAre("msg_1", "msg_3"));
  const absl::Status status = store_.UpdateWebhook(Message(4, kStart));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), "WEBHOOK_MESSAGE_NOT_FOUND");
}

// Audit.

TEST_P(JobStoreTest, AuditEntriesMakeAChain) {
  EXPECT_EQ(store_.GetAuditHead()->sequence, 0);
  for (int n = 1; n <= 5; ++n) {
    JobWrite write = NewJob(n);
    write.audit = Draft("SUBMITTED", JobId(n));
    ASSERT_TRUE(store_.Create(write).ok());
  }
  const auto lines = store_.ListAuditLines();
  ASSERT_THAT(lines, SizeIs(5));
  std::string prev(64, '0');
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto sequence = static_cast<int64_t>(i) + 1;
    const AuditLine expected =
        SealPlainly(Draft("SUBMITTED", JobId(static_cast<int>(sequence))), sequence, prev);
    EXPECT_EQ(lines[i].sequence, sequence);
    EXPECT_EQ(lines[i].line, expected.line);
    EXPECT_EQ(lines[i].hash, expected.hash);
    prev = lines[i].hash;
  }
  EXPECT_EQ(store_.GetAuditHead()->hash, prev);
  const auto page = store_.ListAuditLines(2, 2);
  ASSERT_THAT(page, SizeIs(2));
  EXPECT_EQ(page[0].sequence, 3);
}

TEST_P(JobStoreTest, TheAuditListenerIsToldOfNewEntriesOnlyAndFirst) {
  std::atomic<int> told = 0;
  subject_->SetAuditListener([&told] { ++told; });
  CreateJobs(1);
  EXPECT_EQ(told, 0);
  JobWrite write = NewJob(2);
  write.audit = Draft("SUBMITTED", JobId(2));
  Answer<absl::StatusOr<CreateOutcome>> answer;
  subject_->store().Create(write, absl::InfinitePast(), 100,
                           [&, done = answer.Callback()](absl::StatusOr<CreateOutcome> outcome) {
                             EXPECT_EQ(told, 1) << "the listener comes before the callback";
                             done(std::move(outcome));
                           });
  ASSERT_TRUE(answer.Get([this] { Pump(); }).ok());
  JobWrite refused = NewJob(2);
  refused.audit = Draft("SUBMITTED", JobId(2));
  EXPECT_FALSE(store_.Create(refused).ok());
  EXPECT_EQ(told, 1);
  subject_->SetAuditListener(nullptr);
  ASSERT_TRUE(store_.Delete(JobId(1), 1).ok());
  EXPECT_EQ(told, 1);
}

INSTANTIATE_TEST_SUITE_P(, JobStoreTest,
                         testing::Values(Kind{"Sqlite",
                                              []() -> std::unique_ptr<Subject> {
                                                return std::make_unique<SqliteSubject>();
                                              }},
                                         Kind{"Fake",
                                              []() -> std::unique_ptr<Subject> {
                                                return std::make_unique<FakeSubject>();
                                              }}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace cxscribe
