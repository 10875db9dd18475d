// WorkerProcess: one process of cx-plugin-worker, from its start until it has been reaped.
//
// All are started by one thread that lives as long as the server: a worker is killed by the kernel
// when the thread that started it ends. They are known by pidfd, so no signal ever meets a stranger
// that got the same number.
#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <sys/types.h>

#include "plugins/host/descriptor.h"

namespace cxscribe {

// The program that workers run. Opened once: an upgrade of the file changes nothing for a server
// that runs. Copies share the descriptor.
class WorkerProgram {
 public:
  // `path` empty: cx-plugin-worker in the folder of this process's own program. Errors:
  // FAILED_PRECONDITION, reason WORKER_NOT_FOUND.
  static absl::StatusOr<WorkerProgram> Find(const std::string& path);

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_->get(); }

 private:
  WorkerProgram(std::string path, std::shared_ptr<const Descriptor> descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  std::string path_;
  std::shared_ptr<const Descriptor> descriptor_;
};

// How a worker ended.
struct WorkerEnd {
  int signal = 0;  // or 0, and:
  int status = 0;

  // "signal SIGSEGV (Segmentation fault)", "exit status 3"
  std::string ToString() const;
  // "SIGSEGV"; empty where there was none.
  std::string SignalName() const;
};

// Not thread-safe.
class WorkerProcess {
 public:
  // `sanitizer_runtime`: the library that must be the worker's first (elf.h); such a worker is
  // confined less. Usually empty. UNAVAILABLE, reason WORKER_SPAWN.
  static absl::StatusOr<std::unique_ptr<WorkerProcess>> Spawn(
      const WorkerProgram& program, const std::string& sanitizer_runtime = "");
  // Kills and reaps it, if that was not done.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // The host's end of the socket, and of the pipe that is the worker's stdout and stderr;
  // non-blocking.
  int socket() const { return socket_.get(); }
  int output() const { return output_.get(); }
  // Becomes readable when the worker ends.
  int pidfd() const { return pidfd_.get(); }
  pid_t pid() const { return pid_; }

  // From now on it may keep all processors busy for so long until the kernel ends it.
  void LimitCpu(absl::Duration more) const;
  void Kill() const;
  // Whether it has ended within `at_most`; then it has been reaped, too.
  bool AwaitEnd(absl::Duration at_most);
  const WorkerEnd& end() const { return end_; }

 private:
  WorkerProcess() = default;

  pid_t pid_ = -1;
  Descriptor pidfd_;
  Descriptor socket_;
  Descriptor output_;
  bool ended_ = false;
  WorkerEnd end_;
};

}  // namespace cxscribe
