// InstallSyscallGuard: from here on, system calls that a plugin must not make fail with EPERM and
// are noted.
//
// A look at /proc before and after sees what was left behind; this also sees what was tidied away:
// a socket that was closed again, a process that has ended. The filter is a few lines of BPF over
// <linux/seccomp.h>: cxctl needs no further library for it.
#pragma once

#include <string>
#include <vector>

#include "plugins/check/board.h"

namespace cxscribe {

enum class GuardMode {
  // Processes, sockets, programs, and every change of the file system are noted.
  kProcess,
  // So are opening a file at all, and starting a thread.
  kValidate,
};

// For all threads of this process that are started from the calling one, until it ends; `board`
// must live as long. False: the kernel does not take the filter. Call once.
bool InstallSyscallGuard(GuardMode mode, Board& board);

// From here on, a system call that reaches into another process ends this one with SIGSYS: ptrace,
// and signals. What is checked must not stop who checks it. False: the kernel does not take it.
bool ForbidReachingOthers();

// What has been noted so far, by name: "socket".
std::vector<std::string> NotedSystemCalls(const Board& board);

}  // namespace cxscribe
