// How the SQLite store groups and bounds what it is asked, and how it closes.
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/base/error.h"
#include "server/store/sqlite_store.h"
#include "tests/store/sqlite_store_fixture.h"
#include "tests/store/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Groups.

TEST_F(SqliteStoreTest, WritesThatWaitAreCommittedTogether) {
  Mutex mutex;
  std::vector<size_t> groups;
  SqliteStoreOptions options = Options();
  options.max_group = 300;
  options.on_commit = [&](size_t writes, absl::Duration took) {
    EXPECT_GT(took, absl::ZeroDuration());
    MutexLock lock(mutex);
    groups.push_back(writes);
  };
  Open(options);
  Gate gate;
  HoldWriter(gate, 1);
  std::vector<std::thread> callers;
  callers.reserve(4);
  std::atomic<int> created = 0;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([this, caller, &created] {
      for (int i = 0; i < 250; ++i) {
        JobWrite write = NewJob(2 + caller * 250 + i);
        write.audit = Draft("SUBMITTED", write.record.job().job_id());
        store_->Create(std::move(write), absl::InfinitePast(), 1'000'000,
                       [&created](const absl::StatusOr<CreateOutcome>& outcome) {
                         created += outcome.ok() ? 1 : 0;
                       });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  gate.Open();
  ASSERT_TRUE(Calls().Create(NewJob(5000)).ok());
  EXPECT_EQ(created, 1000);
  {
    MutexLock lock(mutex);
    EXPECT_EQ(groups[0], 1u);
    EXPECT_THAT(std::vector<size_t>(groups.begin() + 1, groups.begin() + 4),
                ElementsAre(300, 300, 300));
    EXPECT_LE(groups.size(), 6u);
  }
  const auto lines = Calls().ListAuditLines();
  ASSERT_THAT(lines, SizeIs(1000));
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].sequence, static_cast<int64_t>(i) + 1);
  }
}

TEST_F(SqliteStoreTest, WritesThatFailLeaveTheirGroupAlone) {
  Open();
  Gate gate;
  HoldWriter(gate, 1);
  std::vector<Answer<absl::StatusOr<CreateOutcome>>> answers(30);
  for (int i = 0; i < 30; ++i) {
    // Every third one takes the message id of the one before, after its job row was written.
    JobWrite write = NewJob(10 + i);
    write.webhook = Message(i % 3 == 2 ? i - 1 : i, kStart);
    write.audit = Draft("SUBMITTED", JobId(10 + i));
    store_->Create(std::move(write), absl::InfinitePast(), 1'000'000,
                   answers[static_cast<size_t>(i)].Callback());
  }
  gate.Open();
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(answers[static_cast<size_t>(i)].Get().ok(), i % 3 != 2) << i;
    EXPECT_EQ(Calls().Get(JobId(10 + i)).ok(), i % 3 != 2) << i;
  }
  const auto lines = Calls().ListAuditLines();
  ASSERT_THAT(lines, SizeIs(20));
  std::string prev(64, '0');
  for (const AuditLine& line : lines) {
    EXPECT_THAT(line.line, HasSubstr(prev)) << "the chain has no link of a failed write";
    prev = line.hash;
  }
  // Unfinished: job 1 and the 20.
  EXPECT_TRUE(Calls().Create(NewJob(100), absl::InfinitePast(), 22).ok());
  EXPECT_EQ(ReasonOf(Calls().Create(NewJob(101), absl::InfinitePast(), 22).status()), "QUEUE_FULL");
}

// Limits.

TEST_F(SqliteStoreTest, AFullQueueIsAnsweredBusyWithoutWaiting) {
  SqliteStoreOptions options = Options();
  options.max_queued_writes = 3;
  Open(options);
  Gate gate;
  HoldWriter(gate, 1);
  std::vector<Answer<absl::StatusOr<CreateOutcome>>> answers(5);
  for (int i = 0; i < 5; ++i) {
    store_->Create(NewJob(2 + i), absl::InfinitePast(), 1'000'000,
                   answers[static_cast<size_t>(i)].Callback());
  }
  gate.Open();
  for (size_t i = 0; i < 5; ++i) {
    const absl::Status status = answers[i].Get().status();
    if (i < 3) {
      EXPECT_TRUE(status.ok()) << status;
    } else {
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
      EXPECT_EQ(ReasonOf(status), "STORE_BUSY");
    }
  }
}

TEST_F(SqliteStoreTest, TheQueueIsBoundedInBytesToo) {
  SqliteStoreOptions options = Options();
  options.max_queued_write_bytes = 100'000;
  Open(options);
  Gate gate;
  HoldWriter(gate, 1);
  std::vector<Answer<absl::StatusOr<CreateOutcome>>> answers(3);
  for (int i = 0; i < 3; ++i) {
    JobWrite write = NewJob(2 + i);
    write.result = MakeResult(1, 1, 60'000);
    store_->Create(std::move(write), absl::InfinitePast(), 1'000'000,
                   answers[static_cast<size_t>(i)].Callback());
  }
  gate.Open();
  EXPECT_TRUE(answers[0].Get().ok());
  EXPECT_EQ(ReasonOf(answers[1].Get().status()), "STORE_BUSY");
  EXPECT_EQ(ReasonOf(answers[2].Get().status()), "STORE_BUSY");
  // One write larger than the bound still passes when it is alone.
  JobWrite large = NewJob(9);
  large.result = MakeResult(1, 1, 200'000);
  EXPECT_TRUE(Calls().Create(large).ok());
}

TEST_F(SqliteStoreTest, FullReadQueuesAreAnsweredBusy) {
  SqliteStoreOptions options = Options();
  options.readers = 1;
  options.max_queued_reads = 2;
  Open(options);
  ASSERT_TRUE(Calls().Create(NewJob(1)).ok());
  Gate gate;
  store_->Get(JobId(1), [&gate](const absl::StatusOr<internal::v1::JobRecord>&) { gate.Pass(); });
  gate.WaitUntilEntered();
  std::vector<Answer<absl::StatusOr<internal::v1::JobRecord>>> answers(4);
  for (auto& answer : answers) store_->Get(JobId(1), answer.Callback());
  EXPECT_EQ(ReasonOf(answers[2].Get().status()), "STORE_BUSY");
  EXPECT_EQ(ReasonOf(answers[3].Get().status()), "STORE_BUSY");
  gate.Open();
  EXPECT_TRUE(answers[0].Get().ok());
  EXPECT_TRUE(answers[1].Get().ok());
}

// Closing.

TEST_F(SqliteStoreTest, ClosingFinishesWhatWasAsked) {
  Open();
  Gate gate;
  HoldWriter(gate, 1);
  std::atomic<int> answered = 0;
  for (int n = 2; n <= 100; ++n) {
    store_->Create(NewJob(n), absl::InfinitePast(), 1'000'000,
                   [&answered](const absl::StatusOr<CreateOutcome>& outcome) {
                     EXPECT_TRUE(outcome.ok()) << outcome.status();
                     ++answered;
                   });
    store_->Get(JobId(1), [&answered](const absl::StatusOr<internal::v1::JobRecord>& record) {
      EXPECT_TRUE(record.ok()) << record.status();
      ++answered;
    });
  }
  gate.Open();
  Close();
  EXPECT_EQ(answered, 198);
  Open();
  EXPECT_THAT(Calls().ListUnfinished(), SizeIs(100));
}

TEST_F(SqliteStoreTest, CallsThatCallbacksMakeWhileClosingAreAnswered) {
  Open();
  SqliteJobStore* const store = store_.get();
  // Each answer asks again, until the store refuses since it closes.
  std::atomic<bool> write_refused = false;
  std::atomic<bool> read_refused = false;
  std::function<void()> write = [&] {
    store->Update(JobWrite(), [&](const absl::Status& status) {
      if (ReasonOf(status) != "STORE_UNAVAILABLE") return write();
      write_refused = true;
    });
  };
  std::function<void()> read = [&] {
    store->Get(JobId(1), [&](const absl::StatusOr<internal::v1::JobRecord>& record) {
      if (ReasonOf(record.status()) != "STORE_UNAVAILABLE") return read();
      read_refused = true;
    });
  };
  write();
  read();
  Close();
  EXPECT_TRUE(write_refused);
  EXPECT_TRUE(read_refused);
}

}  // namespace
}  // namespace cxscribe
