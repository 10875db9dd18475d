// What a worker gives up before it lets a plugin's code run:
//
// - At the start: descriptors, environment, controlling terminal, root, new privileges, core dumps,
//   ptrace by others, writing files.
// - Before dlopen, by the broad filter: network, exec, fork, signals to others, opening for writing.
// - After create, by the strict filter: opening anything at all, new executable memory.
//
// A system call that is not allowed is answered in one of three ways. What no plugin has any
// business with kills the process (SIGSYS, which the host reports): sockets, exec, fork, ptrace,
// mounts, other processes' memory, io_uring, keys, kernel modules. What libraries try and can do
// without fails: opening files for writing, and after create opening any, EACCES; executable memory
// after create EACCES; changing limits, owners, modes and the like EPERM. Everything else there is,
// and what later kernels add, ENOSYS; clone3 too, so that the C library falls back to clone, whose
// flags a filter can see: it may only make threads.
//
// The broad filter is the wall. The strict one is installed by a process in which the plugin's
// create has already run, and only narrows what later input can make an honest plugin do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace cxscribe {

// The names of the functions say when they are due; all must be called, in this order, and by the
// only thread there is until the last. Each ends the process, with a line on stderr, when it
// cannot do what it must.
class Sandbox {
 public:
  // `sanitized`: for a plugin that was built with a sanitizer, whose run-time library needs memory,
  // files and system calls as it likes; a worker that was built with one itself always is.
  explicit Sandbox(bool sanitized);

  // `keep`: the lowest descriptor that is closed. `parent`: whose death ends this process.
  void Enter(unsigned keep, pid_t parent);
  // Address space; 0: no limit. Not with sanitizers, which map far more than they use.
  void LimitMemory(uint64_t bytes) const;
  void RestrictFiles();
  void InstallBroadFilter() const;
  // For all threads of the process.
  void InstallStrictFilter() const;

  // What could not be given up so far, one sentence each: root, or reading files where the kernel
  // has no Landlock.
  const std::vector<std::string>& gaps() const { return gaps_; }

 private:
  bool sanitized_;
  std::vector<std::string> gaps_;
};

}  // namespace cxscribe
