// pidfds, through the system calls: the header of glibc 2.36 declares its functions for C only.
#pragma once

#include <csignal>
#include <unistd.h>

#include <sys/syscall.h>

namespace cxscribe {

// A descriptor of the process `pid`, or -1 and errno.
inline int PidfdOpen(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

inline int PidfdSendSignal(int pidfd, int signal) {
  return static_cast<int>(syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

}  // namespace cxscribe
