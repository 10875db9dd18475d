// cxctl: the command line of cxscribe. Connects the world to RunCxctl.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include <sys/ioctl.h>

#include "client/connection.h"
#include "client/interrupt.h"
#include "client/session.h"
#include "plugins/check/child.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace {

using cxscribe::client::Environment;

void MeasureTerminal(Environment& environment) {
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size = {};
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
      environment.width = size.ws_col;
      environment.height = size.ws_row;
      return;
    }
  }
  environment.width = 120;  // a pipe or a file
}

}  // namespace

int main(int argc, char** argv) {
  // Whoever started this may ignore it, and then nobody could be told how a plugin's process ended.
  std::signal(SIGCHLD, SIG_DFL);
  // A process of `plugin check`, which must be as bare as a process can be.
  if (argc == 5 && argv[1] == cxscribe::kCheckChildArgument) {
    return cxscribe::CheckChildMain(argv[2], argv[3], argv[4]);
  }
  std::ios::sync_with_stdio(false);
  const auto interrupt = cxscribe::client::InterruptBySignals();  // before any other thread
  const cxscribe::SystemClock clock;
  cxscribe::SystemRandom random;
  Environment environment;
  environment.in = &std::cin;
  environment.out = &std::cout;
  environment.err = &std::cerr;
  environment.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  environment.err_is_terminal = isatty(STDERR_FILENO) != 0;
  MeasureTerminal(environment);
  environment.zone = absl::LocalTimeZone();
  std::error_code ignored;
  environment.executable_dir =
      std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string();
  environment.getenv = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  environment.clock = &clock;
  environment.random = &random;
  environment.interrupt = interrupt.get();
  environment.connect = cxscribe::client::Connect;
  return cxscribe::client::RunCxctl(std::vector<std::string>(argv + 1, argv + argc), environment);
}
