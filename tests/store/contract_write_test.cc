// What every JobStore does with what is written: jobs, steps, webhooks, the audit log.
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
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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
