#include "plugins/worker/sandbox.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <initializer_list>
#include <sched.h>
#include <seccomp.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "plugins/host/descriptor.h"

namespace cxscribe {
namespace {

constexpr rlim_t kMaxDescriptors = 64;
// Counted over all processes of the user, so it leaves room for a busy server of the same one; it
// binds this process only, and ends a plugin that makes threads without end.
constexpr rlim_t kMaxThreads = 4096;
constexpr uid_t kNobody = 65'534;
constexpr int kCannotConfine = 71;
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

#ifdef CXSCRIBE_SANITIZED
constexpr bool kBuiltSanitized = true;
#else
constexpr bool kBuiltSanitized = false;
#endif

// Shared libraries, and what the C library and numeric ones look at. Nothing of the server's own:
// its configuration, its database.
constexpr std::array<const char*, 12> kReadablePaths = {
    "/usr",          "/lib",        "/lib64",        "/etc/ld.so.cache", "/etc/localtime",
    "/etc/timezone", "/proc/self",  "/proc/cpuinfo", "/proc/meminfo",    "/sys/devices/system/cpu",
    "/dev/null",     "/dev/urandom"};
// All rights of the first version of Landlock.
constexpr uint64_t kAllFileAccess = (uint64_t{LANDLOCK_ACCESS_FS_MAKE_SYM} << 1) - 1;

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "cx-plugin-worker: %s: %s\n", what, strerror(errno));
  _exit(kCannotConfine);
}

void Limit(__rlimit_resource resource, rlim_t value) {
  rlimit limit = {};
  if (getrlimit(resource, &limit) != 0) Fail("getrlimit");
  limit.rlim_max = limit.rlim_max < value ? limit.rlim_max : value;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(resource, &limit) != 0) Fail("setrlimit");
}

// Whether this process may change its user, and its host, who may do the same, kill it then.
bool MayChangeUser() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  const auto has = [&data](unsigned capability) {
    return (data[capability / 32].effective & (1U << (capability % 32))) != 0;
  };
  return has(CAP_SETUID) && has(CAP_SETGID) && has(CAP_KILL);
}

std::string DropRoot() {
  if (geteuid() != 0 && getuid() != 0) return "";
  if (!MayChangeUser()) return "it lacks the capabilities SETUID, SETGID and KILL";
  if (setgroups(0, nullptr) != 0 || setresgid(kNobody, kNobody, kNobody) != 0) {
    return std::string("cannot change the group: ") + strerror(errno);
  }
  if (setresuid(kNobody, kNobody, kNobody) != 0) {
    return std::string("cannot change the user: ") + strerror(errno);
  }
  return "";
}

// A filter in the making. What is not there on this architecture is left out.
class Filter {
 public:
  explicit Filter(uint32_t default_action)
      : default_(default_action), context_(seccomp_init(default_action)) {
    if (context_ == nullptr) Fail("seccomp_init");
  }
  ~Filter() { seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  void Add(uint32_t action, std::initializer_list<const char*> names) {
    for (const char* name : names) Rule(action, name, nullptr, 0);
  }
  template <size_t kCount>
  void AddIf(uint32_t action, const char* name, const scmp_arg_cmp (&arguments)[kCount]) {
    Rule(action, name, arguments, kCount);
  }
  void AddIf(uint32_t action, const char* name, const scmp_arg_cmp& argument) {
    Rule(action, name, &argument, 1);
  }
  void Load() {
    // All threads: create may have started some.
    if (seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1) != 0) Fail("seccomp TSYNC");
    // Done already, and after the first filter no longer possible.
    if (seccomp_attr_set(context_, SCMP_FLTATR_CTL_NNP, 0) != 0) Fail("seccomp NNP");
    // The tree makes a call cost the same wherever its rule stands.
    seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    const int result = seccomp_load(context_);
    if (result != 0) {
      errno = -result;
      Fail("cannot load the seccomp filter");
    }
  }

 private:
  void Rule(uint32_t action, const char* name, const scmp_arg_cmp* arguments, size_t count) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number < 0) return;  // not of this architecture
    if (action == default_) return;                       // the library refuses what says nothing
    const int result =
        seccomp_rule_add_array(context_, action, number, static_cast<unsigned>(count), arguments);
    if (result != 0) {
      errno = -result;
      Fail(name);
    }
  }

  const uint32_t default_;
  scmp_filter_ctx context_;
};

constexpr uint32_t kKill = SCMP_ACT_KILL_PROCESS;
constexpr uint32_t kAllow = SCMP_ACT_ALLOW;
constexpr uint32_t kNotThere = SCMP_ACT_ERRNO(ENOSYS);
constexpr uint32_t kDenied = SCMP_ACT_ERRNO(EPERM);
constexpr uint32_t kNoAccess = SCMP_ACT_ERRNO(EACCES);

// What no plugin has any business with.
void ForbidAttacks(Filter& filter) {
  filter.Add(kKill, {"socket",
                     "socketpair",
                     "connect",
                     "bind",
                     "listen",
                     "accept",
                     "accept4",
                     "execve",
                     "execveat",
                     "fork",
                     "vfork",
                     "ptrace",
                     "process_vm_readv",
                     "process_vm_writev",
                     "process_madvise",
                     "pidfd_getfd",
                     "pidfd_open",
                     "pidfd_send_signal",
                     "rt_sigqueueinfo",
                     "rt_tgsigqueueinfo",
                     "mount",
                     "umount2",
                     "move_mount",
                     "open_tree",
                     "fsopen",
                     "pivot_root",
                     "chroot",
                     "setns",
                     "unshare",
                     "bpf",
                     "perf_event_open",
                     "io_uring_setup",
                     "io_uring_enter",
                     "io_uring_register",
                     "keyctl",
                     "add_key",
                     "request_key",
                     "init_module",
                     "finit_module",
                     "delete_module",
                     "kexec_load",
                     "kexec_file_load",
                     "reboot",
                     "swapon",
                     "swapoff",
                     "userfaultfd",
                     "setuid",
                     "setgid",
                     "setresuid",
                     "setresgid",
                     "setreuid",
                     "setregid",
                     "setgroups",
                     "setfsuid",
                     "setfsgid",
                     "capset",
                     "personality",
                     "quotactl",
                     "acct",
                     "syslog",
                     "sethostname",
                     "setdomainname",
                     "settimeofday",
                     "clock_settime",
                     "adjtimex",
                     "iopl",
                     "ioperm",
                     "open_by_handle_at",
                     "name_to_handle_at",
                     "fanotify_init"});
  filter.AddIf(kKill, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  filter.AddIf(kAllow, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
}

// What both filters allow: memory, threads, time, and the descriptors that are there.
void AllowComputing(Filter& filter) {
  filter.Add(kAllow, {"read",
                      "readv",
                      "pread64",
                      "preadv",
                      "write",
                      "writev",
                      "close",
                      "close_range",
                      "lseek",
                      "fstat",
                      "poll",
                      "ppoll",
                      "select",
                      "pselect6",
                      "epoll_create1",
                      "epoll_ctl",
                      "epoll_wait",
                      "epoll_pwait",
                      "eventfd2",
                      "pipe",
                      "pipe2",
                      "dup",
                      "dup2",
                      "dup3",
                      "sendmsg",
                      "recvmsg",
                      "sendto",
                      "recvfrom",
                      "shutdown",
                      "munmap",
                      "mremap",
                      "brk",
                      "madvise",
                      "mincore",
                      "futex",
                      "futex_waitv",
                      "set_robust_list",
                      "get_robust_list",
                      "set_tid_address",
                      "rseq",
                      "membarrier",
                      "sched_yield",
                      "sched_getaffinity",
                      "sched_getparam",
                      "sched_getscheduler",
                      "sched_get_priority_max",
                      "sched_get_priority_min",
                      "getcpu",
                      "clock_gettime",
                      "clock_getres",
                      "clock_nanosleep",
                      "nanosleep",
                      "gettimeofday",
                      "time",
                      "times",
                      "getpid",
                      "gettid",
                      "getppid",
                      "getpgrp",
                      "getpgid",
                      "getsid",
                      "getuid",
                      "geteuid",
                      "getgid",
                      "getegid",
                      "getresuid",
                      "getresgid",
                      "getgroups",
                      "getpriority",
                      "getrusage",
                      "getrlimit",
                      "sysinfo",
                      "uname",
                      "getrandom",
                      "getcwd",
                      "rt_sigaction",
                      "rt_sigprocmask",
                      "rt_sigreturn",
                      "rt_sigpending",
                      "rt_sigtimedwait",
                      "sigaltstack",
                      "restart_syscall",
                      "pause",
                      "exit",
                      "exit_group"});
  const auto own = static_cast<scmp_datum_t>(getpid());
  // abort() and raise() signal their own process.
  for (const char* name : {"kill", "tgkill"}) {
    filter.AddIf(kAllow, name, SCMP_A0(SCMP_CMP_EQ, own, 0));
    filter.AddIf(kDenied, name, SCMP_A0(SCMP_CMP_NE, own, 0));
  }
  filter.AddIf(kAllow, "prlimit64", SCMP_A2(SCMP_CMP_EQ, 0, 0));
  filter.AddIf(kDenied, "prlimit64", SCMP_A2(SCMP_CMP_NE, 0, 0));
  for (const scmp_datum_t option : {scmp_datum_t{PR_SET_NAME}, scmp_datum_t{PR_GET_NAME},
                                    scmp_datum_t{PR_SET_VMA}, scmp_datum_t{PR_GET_DUMPABLE}}) {
    filter.AddIf(kAllow, "prctl", SCMP_A0(SCMP_CMP_EQ, option, 0));
  }
  for (const scmp_datum_t command :
       {scmp_datum_t{F_DUPFD}, scmp_datum_t{F_DUPFD_CLOEXEC}, scmp_datum_t{F_GETFD},
        scmp_datum_t{F_SETFD}, scmp_datum_t{F_GETFL}, scmp_datum_t{F_SETFL}}) {
    filter.AddIf(kAllow, "fcntl", SCMP_A1(SCMP_CMP_EQ, command, 0));
  }
  // isatty() of stdio.
  filter.AddIf(SCMP_ACT_ERRNO(ENOTTY), "ioctl", SCMP_A1(SCMP_CMP_EQ, TCGETS, 0));
  filter.Add(kDenied, {"setrlimit",
                       "fchmod",
                       "fchmodat",
                       "chmod",
                       "fchown",
                       "fchownat",
                       "chown",
                       "lchown",
                       "flock",
                       "fsetxattr",
                       "ftruncate",
                       "fallocate",
                       "sched_setaffinity",
                       "sched_setscheduler",
                       "sched_setparam",
                       "setpriority",
                       "mlock",
                       "mlock2",
                       "mlockall",
                       "setsid",
                       "setpgid"});
  filter.Add(kNotThere, {"clone3"});
}

}  // namespace

Sandbox::Sandbox(bool sanitized) : sanitized_(sanitized || kBuiltSanitized) {
  if (sanitized_) gaps_.emplace_back("a sanitizer needs memory, files and most system calls");
}

void Sandbox::Enter(unsigned keep, pid_t parent) {
  if (close_range(keep, ~0U, 0) != 0) Fail("close_range");
  prctl(PR_SET_NAME, "cx-plugin-worker");
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_FSIZE, 0);
  Limit(RLIMIT_NOFILE, kMaxDescriptors);
  const std::string kept_root = DropRoot();
  Limit(RLIMIT_NPROC, kMaxThreads);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) Fail("no_new_privs");
  // A sanitizer reads /proc/self/maps for its report.
  if (!sanitized_ && prctl(PR_SET_DUMPABLE, 0) != 0) Fail("dumpable");
  // Last: a change of user takes it back.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) Fail("pdeathsig");
  if (getppid() != parent) _exit(kCannotConfine);  // it has died before it could be told
  if (!kept_root.empty()) gaps_.push_back("it runs as root: " + kept_root);
}

void Sandbox::LimitMemory(uint64_t bytes) const {
  if (bytes > 0 && !sanitized_) Limit(RLIMIT_AS, bytes);
}

void Sandbox::RestrictFiles() {
  if (sanitized_) return;
  landlock_ruleset_attr handled = {};
  handled.handled_access_fs = kAllFileAccess;
  const Descriptor rules(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0)));
  if (!rules.valid()) {
    // Not built in, not enabled, or not let through by the container: the user's rights are the
    // bound.
    if (errno != ENOSYS && errno != EOPNOTSUPP && errno != EPERM) Fail("landlock");
    gaps_.push_back(std::string("create can read whatever files its user can: no Landlock here (") +
                    strerror(errno) + ")");
    return;
  }
  for (const char* path : kReadablePaths) {
    const Descriptor opened(open(path, O_PATH | O_CLOEXEC));
    struct stat stat {};
    if (!opened.valid() || fstat(opened.get(), &stat) != 0) continue;
    landlock_path_beneath_attr rule = {};
    rule.parent_fd = opened.get();
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
    if (S_ISDIR(stat.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
      Fail("landlock rule");
    }
  }
  if (syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) Fail("landlock");
}

void Sandbox::InstallBroadFilter() const {
  Filter filter(sanitized_ ? kAllow : kNotThere);
  ForbidAttacks(filter);
  if (sanitized_) {
    // What kills a process is enough to test with.
    filter.Add(kNotThere, {"clone3"});
    filter.Load();
    return;
  }
  AllowComputing(filter);
  filter.Add(kAllow, {"mmap", "mprotect", "stat", "lstat", "newfstatat", "statx", "statfs",
                      "fstatfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
                      "getdents64", "arch_prctl", "seccomp", "get_mempolicy"});
  // Shared libraries are opened to be read. The mask leaves O_CLOEXEC, O_NOFOLLOW and such free.
  constexpr scmp_datum_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_TMPFILE;
  constexpr scmp_datum_t kWritingOnly = kWriting & ~scmp_datum_t{O_DIRECTORY};
  filter.AddIf(kAllow, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, kWritingOnly, O_RDONLY));
  filter.AddIf(kAllow, "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, kWritingOnly, O_RDONLY));
  for (const scmp_datum_t bit : {scmp_datum_t{O_WRONLY}, scmp_datum_t{O_RDWR},
                                 scmp_datum_t{O_CREAT}, scmp_datum_t{O_TRUNC}}) {
    filter.AddIf(kNoAccess, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
    filter.AddIf(kNoAccess, "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
  }
  filter.Add(kNoAccess,
             {"creat", "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir", "rename", "renameat",
              "renameat2", "link", "linkat", "symlink", "symlinkat", "truncate"});
  filter.Load();
}

void Sandbox::InstallStrictFilter() const {
  if (sanitized_) return;
  Filter filter(kNotThere);
  ForbidAttacks(filter);
  AllowComputing(filter);
  for (const char* name : {"mmap", "mprotect"}) {
    filter.AddIf(kAllow, name, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    filter.AddIf(kNoAccess, name, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
  }
  filter.Add(kNoAccess,
             {"open",       "openat", "openat2",    "creat",     "stat",       "lstat",
              "newfstatat", "statx",  "access",     "faccessat", "faccessat2", "readlink",
              "readlinkat", "statfs", "getdents64", "mkdir",     "mkdirat",    "unlink",
              "unlinkat",   "rename", "renameat",   "renameat2"});
  filter.Load();
}

}  // namespace cxscribe
