// The contract that every JobStore keeps: run against the real store and against the fake, so that
// tests of the engine prove something. The tests are in contract_*_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "server/store/sqlite_store.h"
#include "tests/store/store_fixture.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/manual_loop.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {

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

inline void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

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

}  // namespace cxscribe
