#include "plugins/host/worker_process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <deque>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <absl/strings/str_cat.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "plugins/host/pidfd.h"
#include "plugins/host/run_clock.h"
#include "server/base/error.h"
#include "server/base/mutex.h"

namespace cxscribe {
namespace {

constexpr char kProgramName[] = "cx-plugin-worker";
// Above the numbers that a worker's own descriptors have.
constexpr int kFirstFree = 10;
// A process that was killed and does not end is stuck in the kernel; it is reaped later.
constexpr absl::Duration kDeathTimeout = absl::Seconds(5);

absl::Status SpawnError(std::string_view what, int error) {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "WORKER_SPAWN",
                      absl::StrCat("cannot start a plugin worker: ", std::string(what), ": ",
                                   strerror(error)))
      .Build();
}

absl::Status NotFound(std::string message) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "WORKER_NOT_FOUND", std::move(message))
      .Build();
}

// Waits until `descriptor` is readable; false when `deadline` passed first.
bool AwaitReadable(int descriptor, SteadyTime deadline) {
  while (true) {
    pollfd poll_entry{descriptor, POLLIN, 0};
    const auto milliseconds = static_cast<int>(
        absl::ToInt64Milliseconds(absl::Ceil(Until(deadline), absl::Milliseconds(1))));
    const int count = poll(&poll_entry, 1, milliseconds);
    if (count > 0) return true;
    if (count < 0 && errno != EINTR) return false;
    if (SteadyNow() >= deadline) return false;
  }
}

struct Spawned {
  pid_t pid = -1;
  int pidfd = -1;
  int error = 0;
};

// What one worker is started with.
struct SpawnRequest {
  int program = -1;
  int socket = -1;
  int output = -1;
  std::string sanitizer_runtime;
};

Spawned SpawnNow(const SpawnRequest& request) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, request.output, 1);
  posix_spawn_file_actions_adddup2(&actions, request.output, 2);
  posix_spawn_file_actions_adddup2(&actions, request.socket, 3);
  posix_spawn_file_actions_adddup2(&actions, request.program, 4);
  posix_spawn_file_actions_addclosefrom_np(&actions, 5);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::string parent = absl::StrCat(getpid());
  std::string name = kProgramName;
  std::string serve = "--serve";
  char* arguments[] = {name.data(), serve.data(), parent.data(), nullptr, nullptr};
  char* environment[] = {nullptr, nullptr, nullptr};
  std::string sanitized = "--sanitized";
  std::string preload = absl::StrCat("LD_PRELOAD=", request.sanitizer_runtime);
  // Looking for leaks needs another process, and a plugin's instances may live for ever.
  std::string asan = "ASAN_OPTIONS=detect_leaks=0";
  if (!request.sanitizer_runtime.empty()) {
    arguments[3] = sanitized.data();
    environment[0] = preload.data();
    environment[1] = asan.data();
  }
  Spawned spawned;
  // By descriptor: the very file that was opened when the server started.
  spawned.error =
      posix_spawn(&spawned.pid, "/proc/self/fd/4", &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (spawned.error != 0) return spawned;
  // Nobody else reaps it, so its number is still its own.
  spawned.pidfd = PidfdOpen(spawned.pid);
  if (spawned.pidfd < 0) {
    spawned.error = errno;
    kill(spawned.pid, SIGKILL);
    while (waitpid(spawned.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  return spawned;
}

// The one thread that starts workers. Never destroyed, and never ends.
class Spawner {
 public:
  static Spawner& Get() {
    static Spawner& spawner = *new Spawner();
    return spawner;
  }

  Spawned Spawn(SpawnRequest what) {
    Request request{std::move(what), std::nullopt};
    MutexLock lock(mutex_);
    requests_.push_back(&request);
    changed_.NotifyAll();
    // The thread answers every request; exec takes milliseconds.
    while (!request.result.has_value()) changed_.Wait(mutex_);
    return *request.result;
  }

  // For a process that does not die: it is reaped when it has.
  void ReapLater(Descriptor pidfd) {
    MutexLock lock(mutex_);
    dying_.push_back(std::move(pidfd));
  }

 private:
  struct Request {
    SpawnRequest what;
    std::optional<Spawned> result;
  };

  Spawner() {
    std::thread([this] { Run(); }).detach();
  }

  [[noreturn]] void Run() {
    while (true) {
      Request* request = nullptr;
      {
        MutexLock lock(mutex_);
        while (requests_.empty()) changed_.Wait(mutex_);
        request = requests_.front();
        requests_.pop_front();
        Reap();
      }
      const Spawned spawned = SpawnNow(request->what);
      MutexLock lock(mutex_);
      request->result = spawned;
      changed_.NotifyAll();
    }
  }

  void Reap() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (auto it = dying_.begin(); it != dying_.end();) {
      siginfo_t info = {};
      const bool there =
          waitid(P_PIDFD, static_cast<id_t>(it->get()), &info, WEXITED | WNOHANG) == 0 &&
          info.si_pid == 0;
      it = there ? it + 1 : dying_.erase(it);
    }
  }

  Mutex mutex_;
  CondVar changed_;
  std::deque<Request*> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<Descriptor> dying_ ABSL_GUARDED_BY(mutex_);
};

// A copy of `descriptor` that no dup2 of a spawn runs over.
Descriptor MoveUp(Descriptor descriptor) {
  return Descriptor(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kFirstFree));
}

}  // namespace

absl::StatusOr<WorkerProgram> WorkerProgram::Find(const std::string& path) {
  std::string found = path;
  if (found.empty()) {
    char self[4'096];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof(self));
    if (size <= 0) return NotFound("cannot tell where this program lies, to find cx-plugin-worker");
    const std::string_view program(self, static_cast<size_t>(size));
    found = absl::StrCat(std::string(program.substr(0, program.rfind('/') + 1)), kProgramName);
  }
  Descriptor opened(open(found.c_str(), O_PATH | O_CLOEXEC));
  struct stat stat {};
  if (!opened.valid() || fstat(opened.get(), &stat) != 0 || !S_ISREG(stat.st_mode) ||
      access(found.c_str(), X_OK) != 0) {
    return NotFound(absl::StrCat(
        found,
        " is not there or cannot be run: isolation: process needs cx-plugin-worker (install "
        "it beside this program, set plugins.worker, or use isolation: in_process)"));
  }
  Descriptor kept = MoveUp(std::move(opened));
  if (!kept.valid()) return NotFound(absl::StrCat(found, ": ", strerror(errno)));
  return WorkerProgram(std::move(found), std::make_shared<const Descriptor>(std::move(kept)));
}

std::string WorkerEnd::SignalName() const {
  if (signal == 0) return "";
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? absl::StrCat("signal ", signal) : absl::StrCat("SIG", name);
}

std::string WorkerEnd::ToString() const {
  if (signal == 0) return absl::StrCat("exit status ", status);
  if (signal == SIGSYS) return "signal SIGSYS: it made a forbidden system call";
  if (signal == SIGXCPU) return "signal SIGXCPU: its CPU time was used up";
  const char* description = sigdescr_np(signal);
  return absl::StrCat("signal ", SignalName(),
                      description == nullptr ? "" : absl::StrCat(" (", description, ")"));
}

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerProcess::Spawn(
    const WorkerProgram& program, const std::string& sanitizer_runtime) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return SpawnError("socketpair", errno);
  }
  Descriptor host(pair[0]);
  Descriptor worker = MoveUp(Descriptor(pair[1]));
  int pipe_ends[2];
  // Non-blocking for the worker too: what nobody reads in time is lost, and stops nobody.
  if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return SpawnError("pipe", errno);
  Descriptor output(pipe_ends[0]);
  Descriptor worker_output = MoveUp(Descriptor(pipe_ends[1]));
  if (!worker.valid() || !worker_output.valid() || fcntl(host.get(), F_SETFL, O_NONBLOCK) != 0) {
    return SpawnError("fcntl", errno);
  }
  const Spawned spawned = Spawner::Get().Spawn(
      {program.descriptor(), worker.get(), worker_output.get(), sanitizer_runtime});
  if (spawned.error != 0) return SpawnError(program.path(), spawned.error);
  std::unique_ptr<WorkerProcess> process(new WorkerProcess);
  process->pid_ = spawned.pid;
  process->pidfd_ = Descriptor(spawned.pidfd);
  process->socket_ = std::move(host);
  process->output_ = std::move(output);
  return process;
}

WorkerProcess::~WorkerProcess() {
  if (ended_) return;
  socket_.Reset();
  Kill();
  if (!AwaitEnd(kDeathTimeout)) Spawner::Get().ReapLater(std::move(pidfd_));
}

void WorkerProcess::LimitCpu(absl::Duration more) const {
  if (ended_) return;
  // All that the machine can give: a plugin may have threads.
  static const int64_t kProcessors = std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L);
  clockid_t clock;
  timespec used = {};
  rlimit limit = {};
  // Best effort: the deadline is what ends a call.
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0 ||
      prlimit(pid_, RLIMIT_CPU, nullptr, &limit) != 0) {
    return;
  }
  limit.rlim_cur = limit.rlim_max;
  if (more < absl::Hours(24 * 365)) {
    const int64_t seconds = used.tv_sec + 2 + absl::ToInt64Seconds(more * kProcessors);
    limit.rlim_cur = std::min<rlim_t>(static_cast<rlim_t>(seconds), limit.rlim_max);
  }
  prlimit(pid_, RLIMIT_CPU, &limit, nullptr);
}

void WorkerProcess::Kill() const {
  if (!ended_) PidfdSendSignal(pidfd_.get(), SIGKILL);
}

bool WorkerProcess::AwaitEnd(absl::Duration at_most) {
  if (ended_) return true;
  const SteadyTime deadline = After(SteadyNow(), at_most);
  if (!AwaitReadable(pidfd_.get(), deadline)) return false;
  siginfo_t info = {};
  int result = 0;
  do {
    result = waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);
  if (result == 0 && info.si_pid == 0) return false;
  // An error means that somebody else reaps this process's children; it has ended all the same.
  ended_ = true;
  if (info.si_code == CLD_EXITED) {
    end_.status = info.si_status;
  } else {
    end_.signal = info.si_status;
  }
  return true;
}

}  // namespace cxscribe
