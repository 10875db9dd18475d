// cxbench: what cxscribe costs, as ratios to comparators measured in the same run.
//
// Exit codes: 0 measured, 1 something failed, 2 wrong usage.
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "server/base/version.h"
#include "tests/bench/benches.h"

namespace {

int Run(int argc, char** argv) {
  CLI::App cli("cxbench: what cxscribe costs, as ratios to comparators measured in the same run");
  int rounds = 2000;
  std::string format = "table";
  std::string plugins;
  cli.set_version_flag("--version", std::string("cxbench ") + cxscribe::kVersion);
  cli.add_option("--rounds", rounds, "how often each is timed; default 2000")
      ->check(CLI::Range(10, 10'000'000));
  cli.add_option("--plugins", plugins,
                 "the built-in plugins' folder; default ../lib/cxscribe/plugins from this program");
  cli.add_option("--output,-o", format, "table or json")->check(CLI::IsMember({"table", "json"}));
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  if (plugins.empty()) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    plugins = (self.parent_path() / "../lib/cxscribe/plugins").lexically_normal().string();
  }
  const auto comparisons = cxscribe::BenchPlugins(plugins, rounds);
  if (!comparisons.ok()) {
    std::fprintf(stderr, "cxbench: %s\n", std::string(comparisons.status().message()).c_str());
    return 1;
  }
  if (format == "json") {
    std::fputs(cxscribe::FormatJson(*comparisons).c_str(), stdout);
    return 0;
  }
  std::printf("cxbench %s: plugins; %d rounds, %u cores\n\n", cxscribe::kVersion, rounds,
              std::thread::hardware_concurrency());
  std::fputs(cxscribe::FormatTable(*comparisons).c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const int code = Run(argc, argv);
  std::fflush(nullptr);
  _exit(code);  // plugins' threads may still run
}
