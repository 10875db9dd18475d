#include "plugins/check/process_state.h"

#include <clocale>
#include <cstdlib>
#include <dirent.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>

#include "plugins/host/text.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxNamed = 5;

std::set<std::string> NamesIn(const std::string& directory) {
  std::set<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(directory.c_str()), &closedir);
  if (open == nullptr) return names;
  const std::string own = std::to_string(dirfd(open.get()));
  const bool descriptors = directory == "/proc/self/fd";
  while (const dirent* entry = readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && !(descriptors && name == own)) names.emplace(name);
  }
  return names;
}

std::string LinkTarget(const std::string& path) {
  std::error_code error;
  return std::filesystem::read_symlink(path, error).string();
}

std::string ReadLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

template <typename Range>
std::string Some(const Range& names) {
  std::vector<std::string> shown;
  for (const auto& name : names) {
    if (shown.size() == kMaxNamed) break;
    shown.push_back(Printable(name, 80));
  }
  const size_t more = names.size() - shown.size();
  return absl::StrCat(absl::StrJoin(shown, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "");
}

// What `after` has that `before` has not.
std::vector<std::string> Added(const std::set<std::string>& before,
                               const std::set<std::string>& after) {
  std::vector<std::string> added;
  for (const std::string& name : after) {
    if (before.count(name) == 0) added.push_back(name);
  }
  return added;
}

void CompareDescriptors(const ProcessState& before, const ProcessState& after,
                        std::vector<std::string>& changes) {
  std::vector<std::string> opened;
  std::vector<std::string> lost;
  for (const auto& [number, what] : after.descriptors) {
    const auto old = before.descriptors.find(number);
    if (old == before.descriptors.end() || old->second != what) opened.push_back(what);
  }
  for (const auto& [number, what] : before.descriptors) {
    const auto now = after.descriptors.find(number);
    if (now == after.descriptors.end() || now->second != what) {
      lost.push_back(std::to_string(number));
    }
  }
  if (!opened.empty()) changes.push_back(absl::StrCat("it left open: ", Some(opened)));
  if (!lost.empty()) {
    changes.push_back(absl::StrCat("it closed descriptors that it had not opened: ", Some(lost)));
  }
}

void CompareEnvironment(const ProcessState& before, const ProcessState& after,
                        std::vector<std::string>& changes) {
  std::set<std::string> changed;
  for (const auto& [name, value] : after.environment) {
    const auto old = before.environment.find(name);
    if (old == before.environment.end() || old->second != value) changed.insert(name);
  }
  for (const auto& entry : before.environment) {
    if (after.environment.count(entry.first) == 0) changed.insert(entry.first);
  }
  if (!changed.empty())
    changes.push_back(absl::StrCat("it changed the environment: ", Some(changed)));
}

// "SigCgt:\t0000000180000000". Two signals the C library handles itself, from a process's first
// thread on: SIGCANCEL and SIGSETXID, 32 and 33.
uint64_t SignalMask(std::string_view line) {
  constexpr uint64_t kReserved = uint64_t{3} << 31;
  return std::strtoull(std::string(line.substr(line.find('\t') + 1)).c_str(), nullptr, 16) &
         ~kReserved;
}

}  // namespace

ProcessState ReadProcessState() {
  ProcessState state;
  for (const std::string& number : NamesIn("/proc/self/fd")) {
    const std::string target = LinkTarget("/proc/self/fd/" + number);
    if (!target.empty()) state.descriptors[std::stoi(number)] = target;
  }
  state.threads = NamesIn("/proc/self/task");
  for (const std::string& thread : state.threads) {
    std::istringstream children(ReadLine(absl::StrCat("/proc/self/task/", thread, "/children")));
    for (std::string child; children >> child;) state.children.insert(child);
  }
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    state.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  state.working_directory = LinkTarget("/proc/self/cwd");
  state.files = NamesIn(".");
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, "SigCgt:")) state.caught_signals = SignalMask(line);
    if (absl::StartsWith(line, "SigIgn:")) state.ignored_signals = SignalMask(line);
    if (absl::StartsWith(line, "Umask:")) state.file_mode_mask = line;
  }
  const char* locale = std::setlocale(LC_ALL, nullptr);
  state.locale = locale == nullptr ? "" : locale;
  return state;
}

ProcessState ReadSettledState(const ProcessState& before) {
  constexpr absl::Duration kMostForThreads = absl::Milliseconds(500);
  const absl::Time end = absl::Now() + kMostForThreads;
  ProcessState state = ReadProcessState();
  while (!Added(before.threads, state.threads).empty() && absl::Now() < end) {
    std::this_thread::yield();
    state = ReadProcessState();
  }
  return state;
}

bool UnderSanitizer() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return true;
#endif
#endif
  const char* preload = std::getenv("LD_PRELOAD");
  return preload != nullptr && absl::StrContains(preload, "san.so");
}

std::vector<std::string> StateChanges(const ProcessState& before, const ProcessState& after) {
  std::vector<std::string> changes;
  CompareDescriptors(before, after, changes);
  if (const auto threads = Added(before.threads, after.threads); !threads.empty()) {
    changes.push_back(absl::StrCat("it left ", threads.size(), " thread(s) running"));
  }
  if (const auto children = Added(before.children, after.children); !children.empty()) {
    changes.push_back(absl::StrCat("it started ", children.size(), " process(es)"));
  }
  if (const auto files = Added(before.files, after.files); !files.empty()) {
    changes.push_back(absl::StrCat("it made files in the working directory: ", Some(files)));
  }
  CompareEnvironment(before, after, changes);
  if (before.working_directory != after.working_directory) {
    changes.emplace_back("it changed the working directory");
  }
  if (before.caught_signals != after.caught_signals ||
      before.ignored_signals != after.ignored_signals) {
    changes.emplace_back("it changed signal handlers");
  }
  if (before.file_mode_mask != after.file_mode_mask) changes.emplace_back("it changed the umask");
  if (before.locale != after.locale) changes.emplace_back("it changed the locale");
  return changes;
}

}  // namespace cxscribe
