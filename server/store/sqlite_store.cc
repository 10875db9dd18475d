#include "server/store/sqlite_store.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <pthread.h>

#include "server/base/error.h"
#include "server/job/store_errors.h"
#include "server/store/schema.h"

namespace cxscribe {
namespace {

using internal::v1::AuditDraft;
using internal::v1::JobRecord;
using internal::v1::WebhookDelivery;

// A group larger than this many bytes is not made larger.
constexpr size_t kGroupBytes = size_t{32} << 20;
// How long the writer waits at most before it looks again, and retries a checkpoint.
constexpr absl::Duration kLongestWait = absl::Seconds(1);

size_t SizeOf(const JobWrite& write) {
  size_t bytes = write.record.ByteSizeLong();
  for (const v1::JobEvent& event : write.events) bytes += event.ByteSizeLong();
  if (write.result.has_value()) {
    bytes += write.result->header.ByteSizeLong();
    for (const auto& chunk : write.result->chunks) bytes += chunk.ByteSizeLong();
  }
  if (write.audit.has_value()) bytes += write.audit->ByteSizeLong();
  if (write.webhook.has_value()) bytes += write.webhook->ByteSizeLong();
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteJobStore>> SqliteJobStore::Open(SqliteStoreOptions options) {
  if (absl::Status status = CreateDatabaseFile(options.path); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<FileLock>> lock = FileLock::Acquire(options.path);
  if (!lock.ok()) return lock.status();
  try {
    auto connection =
        std::make_unique<SqliteConnection>(options.path, SqliteConnection::Mode::kReadWrite);
    if (absl::Status status = PrepareDatabase(*connection, options.path); !status.ok()) {
      return status;
    }
    if (options.max_pages > 0) {
      connection->Pragma("max_page_count = " + std::to_string(options.max_pages));
    }
    auto writer =
        std::make_unique<SqliteWriter>(std::move(connection), options.path, options.sealer);
    std::vector<std::unique_ptr<SqliteReader>> readers;
    for (size_t i = 0; i < options.readers; ++i) {
      readers.push_back(std::make_unique<SqliteReader>(options.path));
    }
    return std::unique_ptr<SqliteJobStore>(new SqliteJobStore(
        std::move(options), *std::move(lock), std::move(writer), std::move(readers)));
  } catch (const SQLite::Exception& exception) {
    return SqliteError(exception, options.path);
  }
}

SqliteJobStore::SqliteJobStore(SqliteStoreOptions options, std::unique_ptr<FileLock> lock,
                               std::unique_ptr<SqliteWriter> writer,
                               std::vector<std::unique_ptr<SqliteReader>> readers)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      writer_(std::move(writer)),
      idle_readers_(std::move(readers)),
      read_pool_("store-read", options_.readers, options_.max_queued_reads),
      writer_thread_([this] { RunWriter(); }) {
  pthread_setname_np(writer_thread_.native_handle(), "store-write");
}

SqliteJobStore::~SqliteJobStore() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
  }
  wake_.NotifyAll();
  // The writer's thread ends last: it also answers the calls that come too late.
  writer_thread_.join();
  read_pool_.Stop();
  {
    MutexLock lock(mutex_);
    idle_readers_.clear();
  }
  writer_->Checkpoint();
}

void SqliteJobStore::SetAuditListener(std::function<void()> listener) {
  MutexLock lock(mutex_);
  audit_listener_ = std::move(listener);
}

// The writing side.

void SqliteJobStore::AddWrite(SqliteWriter::Write write, bool deletes) {
  absl::Status refused;
  {
    MutexLock lock(mutex_);
    if (closing_) {
      refused = StoreClosingError();
    } else if (writes_.size() >= options_.max_queued_writes ||
               (!writes_.empty() && write_bytes_ + write.bytes > options_.max_queued_write_bytes)) {
      refused = StoreBusyError();
    } else {
      write_bytes_ += write.bytes;
      checkpoint_wanted_ = checkpoint_wanted_ || deletes;
      writes_.push_back(std::move(write));
    }
  }
  if (!refused.ok()) {
    Answer([finish = std::move(write.finish), refused = std::move(refused)]() mutable {
      finish(std::move(refused));
    });
    return;
  }
  wake_.NotifyOne();
}

void SqliteJobStore::Answer(Task task) {
  {
    MutexLock lock(mutex_);
    answers_.push_back(std::move(task));
  }
  wake_.NotifyOne();
}

void SqliteJobStore::RunWriter() {
  std::vector<SqliteWriter::Write> group;
  std::vector<Task> answers;
  while (TakeWork(group, answers)) {
    for (Task& answer : answers) answer();
    answers.clear();
    if (!group.empty()) CommitGroup(group);
    group.clear();
  }
}

bool SqliteJobStore::TakeWork(std::vector<SqliteWriter::Write>& group, std::vector<Task>& answers) {
  bool checkpoint = false;
  {
    MutexLock lock(mutex_);
    while (writes_.empty() && answers_.empty()) {
      if (closing_ && reads_under_way_ == 0) return false;
      if (checkpoint_wanted_) {
        checkpoint = true;
        break;
      }
      wake_.WaitFor(mutex_, kLongestWait);
    }
    answers.swap(answers_);
    size_t count = 0;
    size_t bytes = 0;
    while (count < writes_.size() && count < options_.max_group &&
           (count == 0 || bytes + writes_[count].bytes <= kGroupBytes)) {
      bytes += writes_[count++].bytes;
    }
    write_bytes_ -= bytes;
    const auto end = writes_.begin() + static_cast<std::ptrdiff_t>(count);
    group.assign(std::make_move_iterator(writes_.begin()), std::make_move_iterator(end));
    writes_.erase(writes_.begin(), end);
  }
  if (checkpoint) {
    const bool complete = writer_->Checkpoint();
    MutexLock lock(mutex_);
    if (complete) {
      checkpoint_wanted_ = !writes_.empty() && checkpoint_wanted_;
    } else if (writes_.empty() && answers_.empty() && !closing_) {
      // A reader is in the way: later. What arrived meanwhile has notified nobody, and goes first.
      wake_.WaitFor(mutex_, kLongestWait);
    }
  }
  return true;
}

void SqliteJobStore::CommitGroup(std::vector<SqliteWriter::Write>& group) {
  const int64_t audit_before = writer_->audit_sequence();
  const auto start = std::chrono::steady_clock::now();
  std::vector<absl::Status> statuses = writer_->CommitGroup(group);
  if (options_.on_commit) {
    options_.on_commit(group.size(), absl::FromChrono(std::chrono::steady_clock::now() - start));
  }
  NoteHealth(statuses);
  if (writer_->audit_sequence() != audit_before) {
    std::function<void()> listener;
    {
      MutexLock lock(mutex_);
      listener = audit_listener_;
    }
    if (listener) listener();
  }
  for (size_t i = 0; i < group.size(); ++i) {
    group[i].finish(std::move(statuses[i]));
    group[i] = SqliteWriter::Write();  // what it captured goes before the next callback runs
  }
}

void SqliteJobStore::NoteHealth(const std::vector<absl::Status>& statuses) {
  // What the store is to blame for, and not the write (a stale revision, a full queue); a store
  // that took another write of the group is well.
  const bool took_one =
      std::any_of(statuses.begin(), statuses.end(), [](const auto& status) { return status.ok(); });
  const auto failed = std::find_if(statuses.begin(), statuses.end(), [](const auto& status) {
    const std::string reason = ReasonOf(status);
    return absl::IsDataLoss(status) || reason == "STORE_UNAVAILABLE" || reason == "STORE_FULL";
  });
  MutexLock lock(mutex_);
  health_ = {took_one || failed == statuses.end() ? absl::OkStatus() : *failed,
             std::chrono::steady_clock::now()};
}

SqliteJobStore::LastCommit SqliteJobStore::last_commit() const {
  MutexLock lock(mutex_);
  return {health_.first, absl::FromChrono(std::chrono::steady_clock::now() - health_.second)};
}

void SqliteJobStore::Create(JobWrite write, absl::Time request_ids_since, int max_unfinished,
                            Callback<CreateOutcome> done) {
  const size_t bytes = SizeOf(write);
  auto outcome = std::make_shared<CreateOutcome>();
  AddWrite({[write = std::move(write), request_ids_since, max_unfinished,
             outcome](SqliteWriter& writer) {
              return writer.Create(write, request_ids_since, max_unfinished, *outcome);
            },
            [outcome, done = std::move(done)](absl::Status status) mutable {
              if (status.ok()) {
                done(std::move(*outcome));
              } else {
                done(std::move(status));
              }
            },
            bytes});
}

void SqliteJobStore::Update(JobWrite write, Done done) {
  const size_t bytes = SizeOf(write);
  AddWrite({[write = std::move(write)](SqliteWriter& writer) { return writer.Update(write); },
            std::move(done), bytes});
}

void SqliteJobStore::Delete(const std::string& job_id, int64_t expected_revision, AuditDraft audit,
                            Done done) {
  const size_t bytes = audit.ByteSizeLong();
  AddWrite({[job_id, expected_revision, audit = std::move(audit)](SqliteWriter& writer) {
              return writer.Delete(job_id, expected_revision, audit);
            },
            std::move(done), bytes},
           /*deletes=*/true);
}

void SqliteJobStore::UpdateWebhook(WebhookDelivery delivery, Done done) {
  const size_t bytes = delivery.ByteSizeLong();
  AddWrite({[delivery = std::move(delivery)](SqliteWriter& writer) {
              return writer.UpdateWebhook(delivery);
            },
            std::move(done), bytes});
}

// The reading side.

template <typename T>
void SqliteJobStore::AddRead(Callback<T> done,
                             absl::AnyInvocable<absl::StatusOr<T>(SqliteReader&)> read) {
  // Shared, since a full pool drops its task: the callback must still be answered.
  auto shared_done = std::make_shared<Callback<T>>(std::move(done));
  absl::Status refused;
  {
    MutexLock lock(mutex_);
    if (closing_) {
      refused = StoreClosingError();
    } else {
      ++reads_under_way_;
    }
  }
  if (refused.ok()) {
    const bool taken = read_pool_.TryPost([this, shared_done, read = std::move(read)]() mutable {
      std::unique_ptr<SqliteReader> reader = BorrowReader();
      absl::StatusOr<T> answer = absl::UnknownError("");
      try {
        answer = read(*reader);
      } catch (const SQLite::Exception& exception) {
        answer = SqliteError(exception, options_.path);
      }
      ReturnReader(std::move(reader));
      (*shared_done)(std::move(answer));
      shared_done.reset();
      {
        MutexLock lock(mutex_);
        --reads_under_way_;
        if (!closing_) return;
        wake_.NotifyOne();
      }
    });
    if (taken) return;
    refused = StoreBusyError();
    MutexLock lock(mutex_);
    --reads_under_way_;
  }
  Answer([shared_done, refused = std::move(refused)]() mutable {
    (*shared_done)(std::move(refused));
  });
}

std::unique_ptr<SqliteReader> SqliteJobStore::BorrowReader() {
  MutexLock lock(mutex_);
  std::unique_ptr<SqliteReader> reader = std::move(idle_readers_.back());
  idle_readers_.pop_back();
  return reader;
}

void SqliteJobStore::ReturnReader(std::unique_ptr<SqliteReader> reader) {
  MutexLock lock(mutex_);
  idle_readers_.push_back(std::move(reader));
}

void SqliteJobStore::Get(const std::string& job_id, Callback<JobRecord> done) {
  AddRead<JobRecord>(std::move(done),
                     [job_id](SqliteReader& reader) { return reader.Get(job_id); });
}

void SqliteJobStore::GetMany(std::vector<std::string> job_ids,
                             Callback<std::vector<JobRecord>> done) {
  AddRead<std::vector<JobRecord>>(
      std::move(done),
      [job_ids = std::move(job_ids)](SqliteReader& reader) { return reader.GetMany(job_ids); });
}

void SqliteJobStore::List(JobQuery query, Callback<std::vector<JobRecord>> done) {
  AddRead<std::vector<JobRecord>>(
      std::move(done),
      [query = std::move(query)](SqliteReader& reader) { return reader.List(query); });
}

void SqliteJobStore::ListEvents(const std::string& job_id, int64_t after, int limit,
                                Callback<std::vector<std::pair<int64_t, v1::JobEvent>>> done) {
  AddRead<std::vector<std::pair<int64_t, v1::JobEvent>>>(
      std::move(done), [job_id, after, limit](SqliteReader& reader) {
        return reader.ListEvents(job_id, after, limit);
      });
}

void SqliteJobStore::GetResult(const std::string& job_id, int first_segment, int64_t max_bytes,
                               Callback<ResultPage> done) {
  AddRead<ResultPage>(std::move(done), [job_id, first_segment, max_bytes](SqliteReader& reader) {
    return reader.GetResult(job_id, first_segment, max_bytes);
  });
}

void SqliteJobStore::ListUnfinished(Callback<std::vector<JobRecord>> done) {
  AddRead<std::vector<JobRecord>>(std::move(done),
                                  [](SqliteReader& reader) { return reader.ListUnfinished(); });
}

void SqliteJobStore::ListPendingWebhooks(int limit, Callback<std::vector<WebhookDelivery>> done) {
  AddRead<std::vector<WebhookDelivery>>(
      std::move(done), [limit](SqliteReader& reader) { return reader.ListPendingWebhooks(limit); });
}

void SqliteJobStore::ListAuditLines(int64_t after_sequence, int limit,
                                    Callback<std::vector<AuditLine>> done) {
  AddRead<std::vector<AuditLine>>(std::move(done), [after_sequence, limit](SqliteReader& reader) {
    return reader.ListAuditLines(after_sequence, limit);
  });
}

void SqliteJobStore::GetAuditHead(Callback<AuditLine> done) {
  AddRead<AuditLine>(std::move(done), [](SqliteReader& reader) { return reader.GetAuditHead(); });
}

}  // namespace cxscribe
