// What is particular to the SQLite store: its file, its durability and its failures. Groups and
// queues: sqlite_queue_test.cc.
#include "server/store/sqlite_store.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/base/error.h"
#include "server/store/schema.h"
#include "tests/store/sqlite_store_fixture.h"
#include "tests/store/store_fixture.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Opening.

TEST_F(SqliteStoreTest, AStoreIsUsedByOneServerAtATime) {
  Open();
  const absl::Status status = SqliteJobStore::Open(Options()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "STORE_IN_USE");
  EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("process ", getpid())));
  Close();
  Open();
}

TEST_F(SqliteStoreTest, ANewerSchemaIsRefusedUntouched) {
  Open();
  Close();
  Tamper(absl::StrCat("PRAGMA user_version = ", SchemaVersion() + 1));
  const std::string before = ReadFile(path_);
  const absl::Status status = SqliteJobStore::Open(Options()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "STORE_TOO_NEW");
  EXPECT_THAT(std::string(status.message()), HasSubstr("run the newer program"));
  EXPECT_EQ(ReadFile(path_), before);
}

TEST_F(SqliteStoreTest, AnotherProgramsDatabaseIsRefusedUntouched) {
  std::filesystem::create_directory(dir_.File("var"));
  SQLite::Database(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
  const std::string before = ReadFile(path_);
  EXPECT_EQ(ReasonOf(SqliteJobStore::Open(Options()).status()), "STORE_FOREIGN");
  EXPECT_EQ(ReadFile(path_), before);
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsDataLoss) {
  std::filesystem::create_directory(dir_.File("var"));
  dir_.Write("var/store.db", std::string(8192, 'x'));
  const absl::Status status = SqliteJobStore::Open(Options()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_EQ(ReasonOf(status), "STORE_CORRUPT");
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
}

TEST_F(SqliteStoreTest, AFolderThatCannotBeMadeIsNamed) {
  dir_.Write("var", "not a folder");
  const absl::Status status = SqliteJobStore::Open(Options()).status();
  EXPECT_EQ(ReasonOf(status), "STORE_FILE");
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
}

TEST_F(SqliteStoreTest, FilesAreForTheServerAlone) {
  Open();
  ASSERT_TRUE(Calls().Create(NewJob(1)).ok());
  const auto mode = [](const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 0777;
  };
  EXPECT_EQ(mode(path_), 0600u);
  EXPECT_EQ(mode(path_ + "-wal"), 0600u);
  EXPECT_EQ(mode(path_ + "-shm"), 0600u);
  EXPECT_EQ(mode(path_ + ".lock"), 0600u);
  EXPECT_EQ(mode(dir_.File("var")), 0700u);
}

TEST_F(SqliteStoreTest, CarriesItsIdentityAndVersion) {
  Open();
  Close();
  SQLite::Database database(path_);
  EXPECT_EQ(database.execAndGet("PRAGMA application_id").getInt64(), kApplicationId);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt64(), SchemaVersion());
}

// Durability.

TEST_F(SqliteStoreTest, EverythingIsThereAfterReopening) {
  Open();
  JobWrite write = NewJob(1);
  write.record.mutable_job()->set_request_id("r");
  write.audit = Draft("SUBMITTED", JobId(1));
  write.webhook = Message(1, kStart);
  ASSERT_TRUE(Calls().Create(write).ok());
  JobWrite end = Step(write.record, v1::JOB_STATE_SUCCEEDED);
  end.result = MakeResult(3, 10, 100);
  end.audit = Draft("COMPLETED", JobId(1));
  ASSERT_TRUE(Calls().Update(end).ok());
  ASSERT_TRUE(Calls().Create(NewJob(2)).ok());
  Close();
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal")) << "a clean end leaves no log";

  Open();
  EXPECT_EQ(Calls().Get(JobId(1))->SerializeAsString(), end.record.SerializeAsString());
  EXPECT_THAT(Calls().GetResult(JobId(1))->chunks, SizeIs(3));
  EXPECT_THAT(Calls().ListPendingWebhooks(), ElementsAre("msg_1"));
  EXPECT_THAT(Calls().ListUnfinished(), ElementsAre(JobId(2)));
  EXPECT_TRUE(Calls().Create(write)->already_existed);
  // The chain and the count of unfinished jobs go on where they stood.
  JobWrite third = NewJob(3);
  third.audit = Draft("SUBMITTED", JobId(3));
  EXPECT_EQ(ReasonOf(Calls().Create(third, absl::InfinitePast(), 1).status()), "QUEUE_FULL");
  ASSERT_TRUE(Calls().Create(third, absl::InfinitePast(), 2).ok());
  const auto lines = Calls().ListAuditLines();
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[2].line, SealPlainly(*third.audit, 3, lines[1].hash).line);
}

TEST_F(SqliteStoreTest, AnOkMeansOnDisk) {
  Open();
  for (int n = 1; n <= 20; ++n) {
    ASSERT_TRUE(Calls().Create(NewJob(n)).ok());
    // What the files hold at this very moment, as after a kill -9.
    const std::string copy = CopyFiles(absl::StrCat("copy", n));
    SqliteStoreOptions options = Options();
    options.path = copy;
    const auto reopened = SqliteJobStore::Open(options);
    ASSERT_TRUE(reopened.ok()) << reopened.status();
    EXPECT_THAT(Blocking(**reopened).ListUnfinished(), SizeIs(static_cast<size_t>(n)));
  }
}

TEST_F(SqliteStoreTest, AnAbandonedTransactionLeavesNothing) {
  Open();
  JobWrite write = NewJob(1);
  write.audit = Draft("SUBMITTED", JobId(1));
  ASSERT_TRUE(Calls().Create(write).ok());
  std::string copy;
  {
    // Another writer dies in the middle; its pages are in the log already, its commit is not.
    SQLite::Database dying(path_, SQLite::OPEN_READWRITE);
    dying.exec("PRAGMA cache_size = 1");
    dying.exec("PRAGMA cache_spill = 1");
    const auto log_size = std::filesystem::file_size(path_ + "-wal");
    dying.exec("BEGIN IMMEDIATE");
    dying.exec(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
        "INSERT INTO audit SELECT i, 'h', randomblob(4000) FROM n");
    ASSERT_GT(std::filesystem::file_size(path_ + "-wal"), log_size + 1'000'000);
    copy = CopyFiles("copy");
  }
  SqliteStoreOptions options = Options();
  options.path = copy;
  auto reopened = SqliteJobStore::Open(options);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  Blocking calls(**reopened);
  EXPECT_THAT(calls.ListUnfinished(), ElementsAre(JobId(1)));
  ASSERT_THAT(calls.ListAuditLines(), SizeIs(1));
  JobWrite next = NewJob(2);
  next.audit = Draft("SUBMITTED", JobId(2));
  ASSERT_TRUE(calls.Create(next).ok());
  EXPECT_EQ(calls.ListAuditLines().back().sequence, 2);
}

TEST_F(SqliteStoreTest, ATornLogLosesWholeStepsFromItsEndOnly) {
  Open();
  constexpr int kJobs = 12;
  for (int n = 1; n <= kJobs; ++n) {
    JobWrite write = NewJob(n);
    write.record.mutable_job()->set_state(v1::JOB_STATE_SUCCEEDED);
    write.result = MakeResult(2, 5, 500);
    write.audit = Draft("COMPLETED", JobId(n));
    write.webhook = Message(n, kStart + absl::Seconds(n));
    ASSERT_TRUE(Calls().Create(write).ok());
  }
  const std::string whole = CopyFiles("whole");
  const auto log_size = std::filesystem::file_size(whole + "-wal");
  std::set<size_t> seen;
  constexpr int kCuts = 40;
  for (int cut = 0; cut <= kCuts; ++cut) {
    const std::string copy = dir_.File(absl::StrCat("cut", cut));
    std::filesystem::copy_file(whole, copy);
    std::filesystem::copy_file(whole + "-wal", copy + "-wal");
    std::filesystem::resize_file(copy + "-wal", log_size * static_cast<size_t>(cut) / kCuts);
    SqliteStoreOptions options = Options();
    options.path = copy;
    const auto reopened = SqliteJobStore::Open(options);
    ASSERT_TRUE(reopened.ok()) << reopened.status();
    Blocking calls(**reopened);
    JobQuery query;
    query.tenant = "tenant-a";
    const size_t jobs = calls.List(query).size();
    seen.insert(jobs);
    // All of a step, or none of it.
    EXPECT_THAT(calls.ListAuditLines(), SizeIs(jobs)) << "cut " << cut;
    EXPECT_THAT(calls.ListPendingWebhooks(), SizeIs(jobs)) << "cut " << cut;
    for (int n = 1; n <= kJobs; ++n) {
      const bool there = static_cast<size_t>(n) <= jobs;
      EXPECT_EQ(calls.Get(JobId(n)).ok(), there) << "cut " << cut << ", job " << n;
      EXPECT_EQ(calls.GetResult(JobId(n)).ok(), there) << "cut " << cut << ", job " << n;
    }
  }
  EXPECT_EQ(*seen.rbegin(), static_cast<size_t>(kJobs));
  EXPECT_GT(seen.size(), 5u) << "the cuts meet different steps";
}

TEST_F(SqliteStoreTest, DeletedTextIsGoneFromTheFiles) {
  Open();
  JobWrite write = NewJob(1);
  write.record.mutable_job()->set_state(v1::JOB_STATE_SUCCEEDED);
  write.result = MakeResult(1, 1, 1);
  write.result->chunks[0].mutable_segments(0)->set_text("a very particular sentence");
  ASSERT_TRUE(Calls().Create(write).ok());
  EXPECT_THAT(ReadFile(path_) + ReadFile(path_ + "-wal"), HasSubstr("very particular"));
  ASSERT_TRUE(Calls().Delete(JobId(1), 1).ok());
  Close();
  EXPECT_THAT(ReadFile(path_), testing::Not(HasSubstr("very particular")));
}

TEST_F(SqliteStoreTest, DeletingEmptiesTheWriteAheadLogSoonWithoutARestart) {
  Open();
  JobWrite write = NewJob(1);
  write.result = MakeResult(4, 10, 1000);
  ASSERT_TRUE(Calls().Create(write).ok());
  ASSERT_GT(std::filesystem::file_size(path_ + "-wal"), 0u);
  ASSERT_TRUE(Calls().Delete(JobId(1), 1).ok());
  // The writer checkpoints as soon as nothing waits: these calls give it the time.
  for (int n = 2; n <= 200; ++n) {
    if (std::filesystem::file_size(path_ + "-wal") == 0) break;
    ASSERT_EQ(Calls().Delete(JobId(n), 1).code(), absl::StatusCode::kNotFound);
  }
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0u);
}

TEST_F(SqliteStoreTest, AuditEntriesCannotBeChangedOrDeleted) {
  Open();
  JobWrite write = NewJob(1);
  write.audit = Draft("SUBMITTED", JobId(1));
  ASSERT_TRUE(Calls().Create(write).ok());
  EXPECT_THROW(Tamper("UPDATE audit SET line = x'00'"), SQLite::Exception);
  EXPECT_THROW(Tamper("DELETE FROM audit"), SQLite::Exception);
}

// Limits and failures.

TEST_F(SqliteStoreTest, AFullDiskFailsWhatDoesNotFitAndNothingElse) {
  SqliteStoreOptions options = Options();
  options.max_pages = 100;
  Open(options);
  ASSERT_TRUE(Calls().Create(NewJob(1)).ok());
  Gate gate;
  HoldWriter(gate, 2);
  // Small, too large, small: in one group.
  std::vector<Answer<absl::StatusOr<CreateOutcome>>> answers(3);
  for (int i = 0; i < 3; ++i) {
    JobWrite write = NewJob(3 + i);
    write.audit = Draft("SUBMITTED", JobId(3 + i));
    if (i == 1) write.result = MakeResult(1, 10, 100'000);
    store_->Create(std::move(write), absl::InfinitePast(), 1'000'000,
                   answers[static_cast<size_t>(i)].Callback());
  }
  gate.Open();
  EXPECT_TRUE(answers[0].Get().ok());
  const absl::Status status = answers[1].Get().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(ReasonOf(status), "STORE_FULL");
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  EXPECT_TRUE(answers[2].Get().ok());
  EXPECT_EQ(Calls().Get(JobId(4)).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Calls().ListAuditLines(), SizeIs(2));

  // When all is full, everything is refused and everything stays readable; deleting helps.
  int created = 0;
  absl::Status last;
  for (int n = 10; n < 1000 && last.ok(); ++n) {
    JobWrite write = NewJob(n);
    write.result = MakeResult(1, 1, 4000);
    last = Calls().Create(write).status();
    created += last.ok() ? 1 : 0;
  }
  EXPECT_EQ(ReasonOf(last), "STORE_FULL");
  EXPECT_EQ(ReasonOf(store_->last_commit().status), "STORE_FULL") << "for the readiness probe";
  ASSERT_GT(created, 10);
  EXPECT_TRUE(Calls().GetResult(JobId(10)).ok());
  for (int n = 10; n < 15; ++n) ASSERT_TRUE(Calls().Delete(JobId(n), 1).ok());
  EXPECT_TRUE(Calls().Create(NewJob(2000)).ok());
  EXPECT_TRUE(store_->last_commit().status.ok());
}

TEST_F(SqliteStoreTest, RowsThatDoNotHoldWhatTheyShouldAreDataLoss) {
  Open();
  JobWrite write = NewJob(1);
  write.result = MakeResult(3, 2, 10);
  write.webhook = Message(1, kStart);
  v1::JobEvent event;
  event.set_type("SUBMITTED");
  write.events.push_back(event);
  ASSERT_TRUE(Calls().Create(write).ok());
  ASSERT_TRUE(Calls().Create(NewJob(2)).ok());

  const auto expect_loss = [](const absl::Status& status, const char* table) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_EQ(ReasonOf(status), "STORE_CORRUPT");
    EXPECT_THAT(std::string(status.message()), HasSubstr(table));
  };
  Tamper("UPDATE events SET event = x'ffff'");
  expect_loss(Calls().ListEvents(JobId(1)).status(), "events");
  Tamper("UPDATE result_chunks SET chunk = x'ffff' WHERE first_segment = 2");
  expect_loss(Calls().GetResult(JobId(1)).status(), "result_chunks");
  Tamper("DELETE FROM result_chunks WHERE first_segment = 2");
  expect_loss(Calls().GetResult(JobId(1)).status(), "result_chunks");
  Tamper("DELETE FROM result_chunks");
  expect_loss(Calls().GetResult(JobId(1)).status(), "result_chunks");
  Tamper("UPDATE results SET header = x'ffff'");
  expect_loss(Calls().GetResult(JobId(1)).status(), "results");
  Tamper("UPDATE webhooks SET delivery = x'ffff'");
  Answer<absl::StatusOr<std::vector<internal::v1::WebhookDelivery>>> webhooks;
  store_->ListPendingWebhooks(10, webhooks.Callback());
  expect_loss(webhooks.Get().status(), "webhooks");
  // Parses, but is another job's.
  Tamper("UPDATE jobs SET record = (SELECT record FROM jobs ORDER BY job_id DESC LIMIT 1)");
  expect_loss(Calls().Get(JobId(1)).status(), "jobs");
  Answer<absl::StatusOr<std::vector<internal::v1::JobRecord>>> unfinished;
  store_->ListUnfinished(unfinished.Callback());
  expect_loss(unfinished.Get().status(), "jobs");
  EXPECT_TRUE(Calls().Get(JobId(2)).ok()) << "other rows are not touched by it";
}

TEST_F(SqliteStoreTest, ADamagedFileIsDataLossNotACrash) {
  Open();
  for (int n = 1; n <= 50; ++n) {
    JobWrite write = NewJob(n);
    write.result = MakeResult(2, 2, 5000);
    ASSERT_TRUE(Calls().Create(write).ok());
  }
  Close();
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path_));
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff offset = 4096 * 2; offset + 4096 < size; offset += 4096) {
    file.seekp(offset);
    file << std::string(200, '\xff');
  }
  file.close();
  auto opened = SqliteJobStore::Open(Options());
  if (opened.ok()) {
    Blocking calls(**opened);
    int lost = 0;
    for (int n = 1; n <= 50; ++n) {
      const absl::Status status = calls.GetResult(JobId(n)).status();
      if (status.ok()) continue;
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
      ++lost;
    }
    EXPECT_GT(lost, 0);
  } else {
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss) << opened.status();
  }
}

}  // namespace
}  // namespace cxscribe
