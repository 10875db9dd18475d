#include "plugins/check/syscall_guard.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <string_view>
#include <ucontext.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace cxscribe {
namespace {

struct NamedCall {
  int number;
  std::string_view name;
};

// What no plugin does: what ends a worker (plugins/worker/sandbox.cc), and what changes files.
constexpr NamedCall kForbidden[] = {
    {SYS_socket, "socket"},
    {SYS_socketpair, "socketpair"},
    {SYS_connect, "connect"},
    {SYS_execve, "execve"},
    {SYS_execveat, "execveat"},
    {SYS_ptrace, "ptrace"},
    {SYS_process_vm_readv, "process_vm_readv"},
    {SYS_process_vm_writev, "process_vm_writev"},
    {SYS_mkdirat, "mkdirat"},
    {SYS_unlinkat, "unlinkat"},
    {SYS_renameat2, "renameat2"},
    {SYS_linkat, "linkat"},
    {SYS_symlinkat, "symlinkat"},
    {SYS_mknodat, "mknodat"},
    {SYS_truncate, "truncate"},
    {SYS_fchmodat, "fchmodat"},
    {SYS_fchownat, "fchownat"},
    {SYS_mount, "mount"},
    {SYS_chdir, "chdir"},
    {SYS_fchdir, "fchdir"},
    {SYS_chroot, "chroot"},
    {SYS_bind, "bind"},
    {SYS_listen, "listen"},
    {SYS_accept4, "accept4"},
    {SYS_process_madvise, "process_madvise"},
    {SYS_pidfd_open, "pidfd_open"},
    {SYS_pidfd_getfd, "pidfd_getfd"},
    {SYS_pidfd_send_signal, "pidfd_send_signal"},
    {SYS_rt_sigqueueinfo, "rt_sigqueueinfo"},
    {SYS_rt_tgsigqueueinfo, "rt_tgsigqueueinfo"},
    {SYS_umount2, "umount2"},
    {SYS_pivot_root, "pivot_root"},
    {SYS_setns, "setns"},
    {SYS_unshare, "unshare"},
    {SYS_bpf, "bpf"},
    {SYS_perf_event_open, "perf_event_open"},
    {SYS_io_uring_setup, "io_uring_setup"},
    {SYS_io_uring_enter, "io_uring_enter"},
    {SYS_io_uring_register, "io_uring_register"},
    {SYS_keyctl, "keyctl"},
    {SYS_add_key, "add_key"},
    {SYS_request_key, "request_key"},
    {SYS_init_module, "init_module"},
    {SYS_finit_module, "finit_module"},
    {SYS_delete_module, "delete_module"},
    {SYS_userfaultfd, "userfaultfd"},
    {SYS_setuid, "setuid"},
    {SYS_setgid, "setgid"},
    {SYS_setresuid, "setresuid"},
    {SYS_setresgid, "setresgid"},
    {SYS_setreuid, "setreuid"},
    {SYS_setregid, "setregid"},
    {SYS_setgroups, "setgroups"},
    {SYS_capset, "capset"},
    {SYS_personality, "personality"},
    {SYS_open_by_handle_at, "open_by_handle_at"},
    {SYS_name_to_handle_at, "name_to_handle_at"},
    {SYS_fanotify_init, "fanotify_init"},
#if defined(__x86_64__)
    {SYS_fork, "fork"},
    {SYS_vfork, "vfork"},
    {SYS_creat, "creat"},
    {SYS_mkdir, "mkdir"},
    {SYS_rmdir, "rmdir"},
    {SYS_unlink, "unlink"},
    {SYS_rename, "rename"},
    {SYS_renameat, "renameat"},
    {SYS_link, "link"},
    {SYS_symlink, "symlink"},
    {SYS_mknod, "mknod"},
    {SYS_chmod, "chmod"},
    {SYS_chown, "chown"},
#endif
};

// Noted depending on their arguments.
constexpr NamedCall kConditional[] = {
    {SYS_openat, "openat"},
    {SYS_clone, "clone"},
#if defined(__x86_64__)
    {SYS_open, "open"},
#endif
};

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "cxscribe runs on 64-bit x86 and ARM"
#endif

constexpr uint32_t kWriteFlags = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

Board* noted_on = nullptr;  // for the signal handler

void OnForbidden(int /*signal*/, siginfo_t* info, void* context) {
  if (noted_on != nullptr) noted_on->NoteSystemCall(info->si_syscall);
  auto* machine = &static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  machine->gregs[REG_RAX] = -EPERM;
#else
  machine->regs[0] = static_cast<unsigned long long>(-EPERM);
#endif
}

// A BPF program that grows instruction by instruction.
class Filter {
 public:
  void Load(size_t offset) { Add(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset), 0, 0); }
  void LoadArgument(int index) {  // its low half: machines are little-endian here
    Load(offsetof(seccomp_data, args) + static_cast<size_t>(index) * sizeof(uint64_t));
  }
  void Return(uint32_t action) { Add(BPF_RET | BPF_K, action, 0, 0); }
  // Runs the next `count` instructions only where the loaded word equals `value`.
  void IfEqual(uint32_t value, uint8_t count) { Add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count); }
  void IfAnyOf(uint32_t bits, uint8_t count) { Add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, count); }
  void IfNoneOf(uint32_t bits, uint8_t count) { Add(BPF_JMP | BPF_JSET | BPF_K, bits, count, 0); }

  bool Install() {
    sock_fprog program = {static_cast<unsigned short>(code_.size()), code_.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  void Add(uint32_t code, uint32_t k, uint8_t jump_true, uint8_t jump_false) {
    code_.push_back(sock_filter{static_cast<uint16_t>(code), jump_true, jump_false, k});
  }
  std::vector<sock_filter> code_;
};

constexpr uint32_t kTrap = SECCOMP_RET_TRAP;
constexpr uint32_t kAllow = SECCOMP_RET_ALLOW;

void AddOpen(Filter& filter, int number, int flags_argument, GuardMode mode) {
  if (mode == GuardMode::kValidate) {
    filter.IfEqual(static_cast<uint32_t>(number), 1);
    filter.Return(kTrap);
    return;
  }
  filter.IfEqual(static_cast<uint32_t>(number), 4);
  filter.LoadArgument(flags_argument);
  filter.IfAnyOf(kWriteFlags, 1);
  filter.Return(kTrap);
  filter.Return(kAllow);
}

// How a plugin reaches into another process.
constexpr int kReachOthers[] = {SYS_ptrace,           SYS_process_vm_readv,  SYS_process_vm_writev,
                                SYS_pidfd_open,       SYS_pidfd_send_signal, SYS_rt_sigqueueinfo,
                                SYS_rt_tgsigqueueinfo};

}  // namespace

bool ForbidReachingOthers() {
  Filter filter;
  filter.Load(offsetof(seccomp_data, arch));
  filter.IfEqual(kArchitecture, 1);
  filter.Load(offsetof(seccomp_data, nr));
  for (const int number : kReachOthers) {
    filter.IfEqual(static_cast<uint32_t>(number), 1);
    filter.Return(SECCOMP_RET_KILL_PROCESS);
  }
  // abort() and raise() signal their own process.
  for (const int number : {SYS_kill, SYS_tgkill}) {
    filter.IfEqual(static_cast<uint32_t>(number), 4);
    filter.LoadArgument(0);
    filter.IfEqual(static_cast<uint32_t>(getpid()), 1);
    filter.Return(kAllow);
    filter.Return(SECCOMP_RET_KILL_PROCESS);
  }
  filter.Return(kAllow);
  return filter.Install();
}

bool InstallSyscallGuard(GuardMode mode, Board& board) {
  noted_on = &board;
  struct sigaction action = {};
  action.sa_sigaction = &OnForbidden;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  if (sigaction(SIGSYS, &action, nullptr) != 0) return false;

  Filter filter;
  filter.Load(offsetof(seccomp_data, arch));
  filter.IfEqual(kArchitecture, 1);
  filter.Load(offsetof(seccomp_data, nr));
  // Of another architecture: the number was not loaded, and is none of those below.
  for (const NamedCall& call : kForbidden) {
    filter.IfEqual(static_cast<uint32_t>(call.number), 1);
    filter.Return(kTrap);
  }
  AddOpen(filter, SYS_openat, 2, mode);
#if defined(__x86_64__)
  AddOpen(filter, SYS_open, 1, mode);
#endif
  // The flags of these two are behind a pointer, where a filter cannot look; the C library then
  // takes openat and clone.
  for (const int number : {SYS_openat2, SYS_clone3}) {
    filter.IfEqual(static_cast<uint32_t>(number), 1);
    filter.Return(SECCOMP_RET_ERRNO | ENOSYS);
  }
  if (mode == GuardMode::kValidate) {
    filter.IfEqual(SYS_clone, 1);
    filter.Return(kTrap);
  } else {
    filter.IfEqual(SYS_clone, 4);
    filter.LoadArgument(0);
    filter.IfNoneOf(CLONE_THREAD, 1);
    filter.Return(kTrap);
    filter.Return(kAllow);
  }
  filter.Return(kAllow);
  return filter.Install();
}

std::vector<std::string> NotedSystemCalls(const Board& board) {
  std::vector<std::string> names;
  for (size_t i = 0; i < Board::kMaxSystemCalls; ++i) {
    const int number = board.system_call(i);
    if (number < 0) continue;
    std::string name = "system call " + std::to_string(number);
    for (const NamedCall& call : kForbidden) {
      if (call.number == number) name = std::string(call.name);
    }
    for (const NamedCall& call : kConditional) {
      if (call.number == number) name = std::string(call.name);
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace cxscribe
