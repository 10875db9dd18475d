// The fixture of the SQLite store's tests.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/store/sqlite_store.h"
#include "tests/store/store_fixture.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {

// Holds the store's writer in a callback, so that what is asked meanwhile waits.
class Gate {
 public:
  void Open() {
    MutexLock lock(mutex_);
    open_ = true;
    changed_.NotifyAll();
  }
  void Pass() {
    MutexLock lock(mutex_);
    entered_ = true;
    changed_.NotifyAll();
    for (int i = 0; i < 30 && !open_; ++i) changed_.WaitFor(mutex_, absl::Seconds(1));
  }
  void WaitUntilEntered() {
    MutexLock lock(mutex_);
    for (int i = 0; i < 30 && !entered_; ++i) changed_.WaitFor(mutex_, absl::Seconds(1));
    EXPECT_TRUE(entered_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  bool entered_ ABSL_GUARDED_BY(mutex_) = false;
};

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreOptions Options() {
    SqliteStoreOptions options;
    options.path = path_;
    options.sealer = SealPlainly;
    return options;
  }

  void Open(SqliteStoreOptions options) {
    auto opened = SqliteJobStore::Open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  void Open() { Open(Options()); }
  void Close() { store_.reset(); }

  Blocking Calls() { return Blocking(*store_); }

  // Starts a create whose callback holds the writer's thread until `gate` opens.
  void HoldWriter(Gate& gate, int n) {
    store_->Create(NewJob(n), absl::InfinitePast(), 1'000'000,
                   [&gate](const absl::StatusOr<CreateOutcome>&) { gate.Pass(); });
    gate.WaitUntilEntered();
  }

  // Changes the closed database behind the store's back.
  void Tamper(const std::string& sql) {
    SQLite::Database database(path_, SQLite::OPEN_READWRITE);
    database.exec(sql);
  }

  // Copies the database and its write-ahead log as a crash would leave them.
  std::string CopyFiles(const std::string& name) {
    std::string copy = dir_.File(name);
    std::filesystem::copy_file(path_, copy);
    if (std::filesystem::exists(path_ + "-wal")) {
      std::filesystem::copy_file(path_ + "-wal", copy + "-wal");
    }
    return copy;
  }

  TempDir dir_;
  const std::string path_ = dir_.File("var/store.db");
  std::unique_ptr<SqliteJobStore> store_;
};

}  // namespace cxscribe
