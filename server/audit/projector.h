// AuditProjector: keeps the audit file (JSON lines) equal to the store's audit table.
//
// The table is the log; the file is its projection, in order, line n being entry n. At the start
// the whole file is held against the table: a torn last line (a crash) is cut off, what is missing
// is written, and a file that says something else than the table is refused, naming the line. After
// that each new entry is appended and flushed to the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>

#include "server/base/executor.h"
#include "server/job/job_store.h"

namespace cxscribe {

// Start and the accessors are thread-safe. The file is read and written on `executor`, which must
// be a thread of its own in a server: disks block.
//
// | what goes wrong                 | status()                                    | then          |
// |---------------------------------|---------------------------------------------|---------------|
// | the file cannot be written      | UNAVAILABLE, AUDIT_FILE_UNWRITABLE          | tried again,  |
// | another process writes it       | UNAVAILABLE, AUDIT_FILE_IN_USE              | after 1 s,    |
// | the store cannot be read        | what the store said                         | 2 s, 4 s, ... |
// | file and table disagree         | FAILED_PRECONDITION, AUDIT_FILE_DISAGREES   | 1 min         |
class AuditProjector {
 public:
  // `store` and `executor` must outlive this, and `executor` also the callbacks of `store` and the
  // calls of Notifier(). Destroy it on the executor, or once the executor has stopped.
  AuditProjector(std::string path, JobStore& store, TimerExecutor& executor);
  ~AuditProjector();
  AuditProjector(const AuditProjector&) = delete;
  AuditProjector& operator=(const AuditProjector&) = delete;

  // Holds the file against the table and completes it. `ready` is called once, on the executor: OK
  // when the file was complete, or what was wrong first; in either case the projector goes on.
  // Once.
  void Start(absl::AnyInvocable<void(absl::Status)> ready);

  // To be called, from any thread, after a commit that appended entries. Never blocks; any number
  // of calls makes one read. May be called after the projector is gone.
  std::function<void()> Notifier();

  // OK while the file is complete or being completed; else why it cannot be: while that lasts, no
  // job may end.
  absl::Status status() const;
  // The last entry that is in the file and on the disk.
  int64_t written_sequence() const;

 private:
  class State;
  const std::shared_ptr<State> state_;
};

}  // namespace cxscribe
