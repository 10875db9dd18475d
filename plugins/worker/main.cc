// cx-plugin-worker: runs one plugin for a cxscribed or cxctl that started it, confined.
//
//   cx-plugin-worker --serve PARENT_PID [--sanitized]     descriptor 3: the socket; 4: this program
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "plugins/worker/sandbox.h"
#include "plugins/worker/serve.h"
#include "server/base/version.h"

namespace {

constexpr int kSocket = 3;
constexpr int kUsage = 2;

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("cx-plugin-worker %s\n", cxscribe::kVersion);
    return 0;
  }
  struct stat stat {};
  const bool sanitized = argc == 4 && std::strcmp(argv[3], "--sanitized") == 0;
  const bool started = (argc == 3 || sanitized) && std::strcmp(argv[1], "--serve") == 0 &&
                       fstat(kSocket, &stat) == 0 && S_ISSOCK(stat.st_mode);
  if (!started) {
    std::fprintf(stderr,
                 "cx-plugin-worker is started by cxscribed and cxctl, to run a plugin in a process "
                 "of its own; there is nothing to start by hand\n");
    return kUsage;
  }
  const long parent = std::strtol(argv[2], nullptr, 10);
  cxscribe::Sandbox sandbox(sanitized);
  sandbox.Enter(kSocket + 1, static_cast<pid_t>(parent));
  cxscribe::Serve(kSocket, std::move(sandbox));
}
