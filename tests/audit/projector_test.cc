#include "server/audit/projector.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "server/audit/entry.h"
#include "server/audit/verify.h"
#include "server/base/error.h"
#include "server/job/states.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/manual_loop.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;

// Keeps every file of this process below a size, as a full disk would.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

class ProjectorTest : public testing::Test {
 protected:
  // Commits `count` entries to the table.
  void AppendEntries(int count) {
    for (int i = 0; i < count; ++i) {
      JobWrite write;
      write.record.mutable_job()->set_job_id(absl::StrCat("job_", ++jobs_));
      StartJob(*write.record.mutable_job(), loop_.Now());
      write.audit.emplace();
      write.audit->set_event("SUBMITTED");
      *write.audit->mutable_job() = write.record.job();
      store_.Create(std::move(write), absl::InfinitePast(), 1'000'000,
                    [](const absl::StatusOr<CreateOutcome>& outcome) {
                      ASSERT_TRUE(outcome.ok()) << outcome.status();
                    });
    }
    loop_.RunReady();
  }

  // Starts a projector, as a server that starts does; what it says when it is ready.
  absl::Status Start() {
    projector_ = std::make_unique<AuditProjector>(path_, store_, loop_);
    store_.SetAuditListener(projector_->Notifier());
    std::optional<absl::Status> ready;
    projector_->Start([&ready](absl::Status status) {
      EXPECT_FALSE(ready.has_value()) << "called once";
      ready = std::move(status);
    });
    loop_.RunReady();
    EXPECT_TRUE(ready.has_value());
    return ready.value_or(absl::UnknownError("not ready"));
  }

  void Stop() {
    store_.SetAuditListener(nullptr);
    projector_.reset();
    loop_.RunReady();
  }

  // What the file should hold.
  std::string Table() const {
    std::string all;
    for (const AuditLine& line : store_.AuditLines()) all += line.line + "\n";
    return all;
  }

  TempDir dir_;
  const std::string path_ = dir_.File("var/audit.jsonl");
  ManualLoop loop_;
  FakeJobStore store_{loop_, SealAuditEntry};
  std::unique_ptr<AuditProjector> projector_;
  int jobs_ = 0;
};

TEST_F(ProjectorTest, AFileThatSaysSomethingElseIsRefusedWithTheLine) {
  AppendEntries(3);
  ASSERT_TRUE(Start().ok());
  Stop();
  std::string tampered = Table();
  tampered.replace(tampered.find("job_2\""), 6, "job_9\"");
  std::ofstream(path_, std::ios::trunc) << tampered;

  const absl::Status status = Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "AUDIT_FILE_DISAGREES");
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_ + ":2:"));
  EXPECT_FALSE(projector_->status().ok());
  AppendEntries(1);
  EXPECT_EQ(ReadFile(path_), tampered) << "evidence stays as it is";

  // Once a person has moved the file away, the log is written anew.
  std::filesystem::rename(path_, path_ + ".seized");
  loop_.Advance(absl::Minutes(2));
  EXPECT_TRUE(projector_->status().ok()) << projector_->status();
  EXPECT_EQ(ReadFile(path_), Table());
}

TEST_F(ProjectorTest, AFileThatIsAheadOfTheStoreIsRefused) {
  AppendEntries(2);
  ASSERT_TRUE(Start().ok());
  Stop();
  std::ofstream(path_, std::ios::app) << "{\"forged\":true}\n";
  const absl::Status status = Start();
  EXPECT_EQ(ReasonOf(status), "AUDIT_FILE_DISAGREES");
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_ + ":3:"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("ends at entry 2"));
}

TEST_F(ProjectorTest, ATornTailIsCutAndWrittenAgainWhereverItIsTorn) {
  AppendEntries(3);
  ASSERT_TRUE(Start().ok());
  Stop();
  const std::string whole = Table();
  for (size_t size = 0; size < whole.size(); size += 37) {
    std::ofstream(path_, std::ios::trunc) << whole.substr(0, size);
    ASSERT_TRUE(Start().ok()) << "cut at " << size;
    EXPECT_EQ(ReadFile(path_), whole) << "cut at " << size;
    EXPECT_EQ(projector_->written_sequence(), 3);
    Stop();
  }
}

TEST_F(ProjectorTest, AJunkTailWithoutANewlineIsCut) {
  AppendEntries(2);
  ASSERT_TRUE(Start().ok());
  Stop();
  // What a crash of the machine can leave: blocks that were never written.
  std::ofstream(path_, std::ios::app) << std::string(100'000, '\0');
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(ReadFile(path_), Table());
}

TEST_F(ProjectorTest, AFileThatCannotBeOpenedIsTriedAgainAndSaysSo) {
  dir_.Write("var", "a file where a folder should be");
  AppendEntries(1);
  const absl::Status status = Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "AUDIT_FILE_UNWRITABLE");
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  loop_.Advance(absl::Minutes(10));
  EXPECT_FALSE(projector_->status().ok());
  std::filesystem::remove(dir_.File("var"));
  loop_.Advance(absl::Minutes(1));
  EXPECT_TRUE(projector_->status().ok()) << projector_->status();
  EXPECT_EQ(ReadFile(path_), Table());
}

TEST_F(ProjectorTest, AFullDiskStopsTheProjectionAndNothingIsLostOrDoubled) {
  AppendEntries(2);
  ASSERT_TRUE(Start().ok());
  const auto size = static_cast<rlim_t>(std::filesystem::file_size(path_));
  {
    const FileSizeLimit limit(size + 100);  // the next line fits in part
    AppendEntries(1);
    EXPECT_EQ(ReasonOf(projector_->status()), "AUDIT_FILE_UNWRITABLE");
    EXPECT_EQ(projector_->written_sequence(), 2);
    EXPECT_EQ(std::filesystem::file_size(path_), size + 100) << "torn, until it is tried again";
    AppendEntries(1);
    loop_.Advance(absl::Seconds(30));
    EXPECT_FALSE(projector_->status().ok());
  }
  loop_.Advance(absl::Minutes(1));
  EXPECT_TRUE(projector_->status().ok()) << projector_->status();
  EXPECT_EQ(ReadFile(path_), Table());
  EXPECT_EQ(projector_->written_sequence(), 4);
}

TEST_F(ProjectorTest, ASecondServerDoesNotWriteTheSameFile) {
  AppendEntries(1);
  ASSERT_TRUE(Start().ok());
  FakeJobStore other_store(loop_, SealAuditEntry);
  AuditProjector other(path_, other_store, loop_);
  absl::Status status;
  other.Start([&status](absl::Status ready) { status = std::move(ready); });
  loop_.RunReady();
  EXPECT_EQ(ReasonOf(status), "AUDIT_FILE_IN_USE");
}

TEST_F(ProjectorTest, AStoreThatCannotBeReadIsTriedAgain) {
  AppendEntries(1);
  store_.FailReads(1, absl::UnavailableError("disk"));
  EXPECT_EQ(Start().code(), absl::StatusCode::kUnavailable);
  loop_.Advance(absl::Seconds(1));
  EXPECT_TRUE(projector_->status().ok());
  EXPECT_EQ(ReadFile(path_), Table());
}

TEST_F(ProjectorTest, AMissingFileIsWrittenWhole) {
  AppendEntries(1000);  // several pages
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(ReadFile(path_), Table());
  EXPECT_EQ(projector_->written_sequence(), 1000);
  struct stat info;
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(dir_.File("var").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(ProjectorTest, AnEmptyTableMakesAnEmptyFile) {
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(ReadFile(path_), "");
  EXPECT_TRUE(projector_->status().ok());
}

TEST_F(ProjectorTest, PagesThatEndTogetherWithTheTableAreNoSpecialCase) {
  for (const int count : {256, 256}) {
    AppendEntries(count);
    ASSERT_TRUE(Start().ok());
    EXPECT_EQ(ReadFile(path_), Table());
    Stop();
  }
}

TEST_F(ProjectorTest, NewEntriesAreAppendedAsTheyAreCommitted) {
  ASSERT_TRUE(Start().ok());
  for (int i = 1; i <= 5; ++i) {
    AppendEntries(i);
    EXPECT_EQ(ReadFile(path_), Table());
  }
  const auto report = VerifyAuditLogFile(path_);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->ok());
  EXPECT_EQ(report->entries, 15);
}

TEST_F(ProjectorTest, ANotifierMayOutliveItsProjector) {
  ASSERT_TRUE(Start().ok());
  const auto notify = projector_->Notifier();
  Stop();
  notify();
  loop_.RunReady();
}

TEST_F(ProjectorTest, IsNotWritableBeforeItHasStarted) {
  const AuditProjector projector(path_, store_, loop_);
  EXPECT_EQ(projector.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace cxscribe
