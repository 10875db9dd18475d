// SqliteJobStore: the JobStore in one SQLite file.
//
// One thread writes: it takes everything that arrived while the last commit ran into the next one,
// so that writes share the disk's flush and one that is alone waits for nobody. A few threads read,
// each on a connection of its own, never waiting for the writer (write-ahead log). Both queues are
// bounded: what does not fit is answered STORE_BUSY.
//
// One server at a time: the file is locked while open.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/base/thread_pool.h"
#include "server/job/job_store.h"
#include "server/store/file_lock.h"
#include "server/store/sqlite_reader.h"
#include "server/store/sqlite_writer.h"

namespace cxscribe {

struct SqliteStoreOptions {
  std::string path;
  AuditSealer sealer = nullptr;  // required
  size_t readers = 2;
  // Calls that may wait.
  size_t max_queued_writes = 10'000;
  size_t max_queued_write_bytes = size_t{256} << 20;
  size_t max_queued_reads = 10'000;
  // The largest group: bounds how long one commit takes.
  size_t max_group = 512;
  // Most pages (4 KiB each) that the file may take; 0: as many as the disk holds.
  int64_t max_pages = 0;
  // After each commit, on the writer's thread: how many writes it held and how long it took. May be
  // null.
  std::function<void(size_t writes, absl::Duration took)> on_commit;
};

class SqliteJobStore final : public JobStore {
 public:
  // Opens the store, making the file (mode 0600) and its folders (0700) where they are missing and
  // bringing an older schema up to date. Blocks. FAILED_PRECONDITION: another server holds the file
  // (STORE_IN_USE), a newer program wrote it (STORE_TOO_NEW), it is another program's
  // (STORE_FOREIGN) or cannot be created (STORE_FILE); DATA_LOSS: it is not a database.
  static absl::StatusOr<std::unique_ptr<SqliteJobStore>> Open(SqliteStoreOptions options);

  // Finishes what was asked, then closes. Calls that callbacks make meanwhile are answered
  // STORE_UNAVAILABLE.
  ~SqliteJobStore() override;

  // Called after each commit that appended audit entries, before the callbacks of its writes, on
  // the writer's thread; must not block. Replaces the one before, which may still be running when
  // this returns.
  void SetAuditListener(std::function<void()> listener);

  // What became of the last commit. Not OK: the disk is full or fails.
  struct LastCommit {
    absl::Status status;
    absl::Duration age;
  };
  LastCommit last_commit() const;

  void Create(JobWrite write, absl::Time request_ids_since, int max_unfinished,
              Callback<CreateOutcome> done) override;
  void Update(JobWrite write, Done done) override;
  void Delete(const std::string& job_id, int64_t expected_revision, internal::v1::AuditDraft audit,
              Done done) override;
  void Get(const std::string& job_id, Callback<internal::v1::JobRecord> done) override;
  void GetMany(std::vector<std::string> job_ids,
               Callback<std::vector<internal::v1::JobRecord>> done) override;
  void List(JobQuery query, Callback<std::vector<internal::v1::JobRecord>> done) override;
  void ListEvents(const std::string& job_id, int64_t after, int limit,
                  Callback<std::vector<std::pair<int64_t, v1::JobEvent>>> done) override;
  void GetResult(const std::string& job_id, int first_segment, int64_t max_bytes,
                 Callback<ResultPage> done) override;
  void ListUnfinished(Callback<std::vector<internal::v1::JobRecord>> done) override;
  void ListPendingWebhooks(int limit,
                           Callback<std::vector<internal::v1::WebhookDelivery>> done) override;
  void UpdateWebhook(internal::v1::WebhookDelivery delivery, Done done) override;
  void ListAuditLines(int64_t after_sequence, int limit,
                      Callback<std::vector<AuditLine>> done) override;
  void GetAuditHead(Callback<AuditLine> done) override;

 private:
  SqliteJobStore(SqliteStoreOptions options, std::unique_ptr<FileLock> lock,
                 std::unique_ptr<SqliteWriter> writer,
                 std::vector<std::unique_ptr<SqliteReader>> readers);

  void AddWrite(SqliteWriter::Write write, bool deletes = false);
  template <typename T>
  void AddRead(Callback<T> done, absl::AnyInvocable<absl::StatusOr<T>(SqliteReader&)> read);
  // Runs `task` on the writer's thread, whatever waits there.
  void Answer(Task task);

  void RunWriter();
  // Waits for work and takes it. False: closing, and nothing is left.
  bool TakeWork(std::vector<SqliteWriter::Write>& group, std::vector<Task>& answers);
  void NoteHealth(const std::vector<absl::Status>& statuses);
  void CommitGroup(std::vector<SqliteWriter::Write>& group);

  std::unique_ptr<SqliteReader> BorrowReader();
  void ReturnReader(std::unique_ptr<SqliteReader> reader);

  const SqliteStoreOptions options_;
  const std::unique_ptr<FileLock> lock_;
  const std::unique_ptr<SqliteWriter> writer_;  // the writer's thread alone

  mutable Mutex mutex_;
  CondVar wake_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<SqliteWriter::Write> writes_ ABSL_GUARDED_BY(mutex_);
  size_t write_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Task> answers_ ABSL_GUARDED_BY(mutex_);
  // The last commit, and when it ended.
  std::pair<absl::Status, std::chrono::steady_clock::time_point> health_ ABSL_GUARDED_BY(mutex_);
  size_t reads_under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  // Something was deleted, and may still stand in the write-ahead log.
  bool checkpoint_wanted_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> audit_listener_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<SqliteReader>> idle_readers_ ABSL_GUARDED_BY(mutex_);

  ThreadPool read_pool_;
  std::thread writer_thread_;
};

}  // namespace cxscribe
