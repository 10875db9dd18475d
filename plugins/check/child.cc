#include "plugins/check/child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "plugins/check/process_state.h"
#include "plugins/check/syscall_guard.h"
#include "plugins/host/descriptor.h"
#include "plugins/host/text.h"

namespace cxscribe {
namespace {

constexpr char kGoldenPrefix[] = "golden:";
constexpr char kBoard[] = "/board";
constexpr char kRequest[] = "/request";
constexpr char kOutput[] = "/output";
constexpr char kGoldenOutput[] = "/golden.json";
constexpr char kWork[] = "/work";
constexpr size_t kMaxOutputBytes = 200;
constexpr int kInterruptPollMs = 200;

// A folder that goes away with everything in it.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::error_code error;
    std::filesystem::path base = std::filesystem::temp_directory_path(error);
    if (error) base = "/tmp";
    std::string name = (base / "cxctl-plugin-check-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool WriteWhole(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.flush();
  return file.good();
}

// The last line that was written to standard output or error.
std::string LastLine(const std::string& path) {
  const std::string output = ReadWhole(path);
  const size_t end = output.find_last_not_of("\r\n");
  if (end == std::string::npos) return "";
  const size_t begin = output.find_last_of('\n', end);
  const size_t first = begin == std::string::npos ? 0 : begin + 1;
  return Printable(std::string_view(output).substr(first, end - first + 1), kMaxOutputBytes);
}

std::string SignalName(int number) {
  const char* name = sigabbrev_np(number);
  const char* description = sigdescr_np(number);
  return absl::StrCat("SIG", name == nullptr ? std::to_string(number) : name, " (",
                      description == nullptr ? "unknown" : description, ")");
}

// Starts the process; its pid, or -errno.
int Spawn(const std::string& program, const std::string& directory, const std::string& name) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string output = directory + kOutput;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::string words[] = {program, std::string(kCheckChildArgument), directory, name,
                         std::to_string(getpid())};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : -error;
}

enum class Ended { kByItself, kTimedOut, kInterrupted };

Ended Await(int pid, absl::Duration timeout, const std::function<bool()>& interrupted) {
  // Not pidfd_open: the header of this glibc declares it as C++.
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  const absl::Time end = absl::Now() + timeout;
  while (true) {
    if (interrupted && interrupted()) return Ended::kInterrupted;
    const int64_t left = absl::ToInt64Milliseconds(end - absl::Now());
    if (left <= 0) return Ended::kTimedOut;
    pollfd ready = {process.get(), POLLIN, 0};
    const int wait = static_cast<int>(std::min<int64_t>(left + 1, kInterruptPollMs));
    if (poll(&ready, 1, wait) > 0) return Ended::kByItself;
  }
}

// Where it was, and the last that it wrote.
std::string Circumstances(const Board& board, const std::string& directory, bool with_output) {
  std::string text;
  if (const std::string phase = board.phase(); !phase.empty()) text = absl::StrCat(" in: ", phase);
  const std::string line = with_output ? LastLine(directory + kOutput) : "";
  if (!line.empty()) absl::StrAppend(&text, " (it wrote: ", line, ")");
  return text;
}

void LimitResources(const CheckRequest& request) {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (UnderSanitizer() || request.memory_bytes == 0) return;
  const rlimit memory = {request.memory_bytes, request.memory_bytes};
  setrlimit(RLIMIT_AS, &memory);
}

}  // namespace

ChildResult RunInChild(const Check* check, int golden, const CheckRequest& request,
                       const ChildOptions& options) {
  const absl::Time start = absl::Now();
  ChildResult result;
  const auto undone = [&result](const std::string& why) {
    result.verdict = Block("the check could not be started: " + why);
    return result;
  };
  const ScratchDirectory scratch;
  const std::string& directory = scratch.path();
  if (directory.empty()) return undone(absl::StrCat("no temporary folder: ", strerror(errno)));
  std::error_code error;
  std::filesystem::create_directory(directory + kWork, error);
  absl::StatusOr<Board> board = Board::Make(directory + kBoard);
  if (!board.ok()) return undone(std::string(board.status().message()));
  if (error || !WriteWhole(directory + kRequest, SerializeRequest(request))) {
    return undone("cannot write to " + directory);
  }
  const std::string name =
      check != nullptr ? std::string(check->name) : absl::StrCat(kGoldenPrefix, golden);
  const int pid = Spawn(options.program, directory, name);
  if (pid < 0) return undone(absl::StrCat(options.program, ": ", strerror(-pid)));

  const Ended ended = Await(pid, request.timeout, options.interrupted);
  // Not reaped yet, so the group is still its own. What the plugin started goes with it.
  kill(-pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.duration = absl::Now() - start;
  result.info = board->info();
  result.fingerprint = board->fingerprint();
  result.golden_json = ReadWhole(directory + kGoldenOutput);
  // Golden input is somebody's own: what was written about it stays out of messages.
  const std::string where = Circumstances(*board, directory, check != nullptr);
  if (board->reported() && ended == Ended::kByItself) {
    result.verdict = board->verdict();
  } else if (ended == Ended::kInterrupted) {
    result.verdict = Skip("interrupted");
  } else if (ended == Ended::kTimedOut) {
    result.verdict = Block(
        absl::StrCat("it did not return within ", absl::FormatDuration(request.timeout), where));
  } else if (WIFSIGNALED(status)) {
    result.verdict = Block(absl::StrCat("killed by ", SignalName(WTERMSIG(status)), where));
  } else {
    result.verdict =
        Block(absl::StrCat("it ended the process with exit code ", WEXITSTATUS(status), where));
  }
  return result;
}

int CheckChildMain(const std::string& directory, const std::string& name,
                   const std::string& parent_pid) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::to_string(getppid()) != parent_pid) return 1;  // it has died already
  const auto request = ParseRequest(ReadWhole(directory + kRequest));
  auto board = Board::Open(directory + kBoard);
  if (!request.ok() || !board.ok() || chdir((directory + kWork).c_str()) != 0) return 1;
  LimitResources(*request);
  ForbidReachingOthers();  // as far as the kernel can
  Subject subject(*request, *board);
  absl::string_view index_text = name;
  Verdict verdict = Fail("there is no check \"" + name + "\"");
  size_t index = 0;
  if (absl::ConsumePrefix(&index_text, kGoldenPrefix) && absl::SimpleAtoi(index_text, &index) &&
      index < request->golden.size()) {
    std::string golden_json;
    verdict = RunGoldenCheck(index, subject, golden_json);
    WriteWhole(directory + kGoldenOutput, golden_json);
  }
  for (const Check& check : AllChecks()) {
    if (check.name == name) verdict = RunCheck(check, subject);
  }
  board->Report(verdict);
  // Threads that a broken plugin left behind must not meet the end of static objects.
  _exit(0);
}

}  // namespace cxscribe
