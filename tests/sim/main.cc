// cxsim: a local stand-in for NICE CXone. Prints its address on the first line of standard output,
// then serves until SIGINT or SIGTERM. Exit codes: 0 stopped by a signal, 1 could not start, 2
// wrong usage.
#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <string>

#include <CLI/CLI.hpp>
#include <absl/time/time.h>

#include "server/base/version.h"
#include "tests/sim/sim_server.h"

namespace {

using cxscribe::sim::SimOptions;
using cxscribe::sim::SimServer;

constexpr int kCannotStart = 1;
constexpr int kUsage = 2;

// Makes `out` readable from durations such as 250ms, 3s and 1h; plain numbers are seconds.
CLI::Option* AddDuration(CLI::App& app, const std::string& name, absl::Duration& out,
                         const std::string& help) {
  return app.add_option_function<std::string>(
      name,
      [&out, name](const std::string& text) {
        const bool plain = text.find_first_not_of("0123456789.") == std::string::npos;
        absl::Duration value;
        if (!absl::ParseDuration(plain ? text + "s" : text, &value) ||
            value < absl::ZeroDuration() || value == absl::InfiniteDuration()) {
          throw CLI::ValidationError(name,
                                     "\"" + text + "\" is not a duration such as 250ms or 3s");
        }
        out = value;
      },
      help);
}

int Run(int argc, char** argv) {
  SimOptions options;
  std::string idempotency = "header";
  uint64_t seed = 0;
  CLI::App app("cxsim: a local stand-in for NICE CXone (OAuth, recordings, voice transcriptions)");
  app.set_version_flag("--version", std::string("cxsim ") + std::string(cxscribe::kVersion));
  app.add_option("--port", options.port, "port on 127.0.0.1; without it, a free one")
      ->check(CLI::Range(0, 65535));
  app.add_option(
      "--transcripts", options.transcripts_dir,
      "folder of transcripts in CXone's result form (*.json; the stem is the recording id)");
  app.add_option("--scenario", options.scenario_file, "YAML or JSON file of faults");
  app.add_option("--client-id", options.client_id, "OAuth client id")->capture_default_str();
  app.add_option("--client-secret", options.client_secret, "OAuth client secret")
      ->capture_default_str();
  AddDuration(app, "--token-lifetime", options.token_lifetime, "of an access token [3600]");
  CLI::Option* fixed = AddDuration(app, "--transcription-time", options.transcription_time,
                                   "that every transcription takes [3s]");
  app.add_option(
         "--speed", options.speed,
         "how many times faster than real time a transcription runs, instead of a fixed time")
      ->check(CLI::PositiveNumber)
      ->excludes(fixed);
  app.add_option("--idempotency", idempotency,
                 "header: Idempotency-Key deduplicates; none: ignored")
      ->check(CLI::IsMember({"header", "none"}))
      ->capture_default_str();
  app.add_option("--max-storage-mb", options.max_storage_mb, "MiB of audio for each submission")
      ->check(CLI::Range(1, 1024 * 1024))
      ->capture_default_str();
  CLI::Option* seeded =
      app.add_option("--seed", seed, "of ids, tokens and chance; without it, new");
  app.add_option("--synthetic-recordings", options.synthetic_recordings,
                 "adds rec_synthetic_000001, ... for load tests")
      ->check(CLI::Range(0, 1'000'000));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  options.idempotency_header = idempotency == "header";
  if (seeded->count() > 0) options.seed = seed;

  // Blocked before any thread starts, so that only sigwait() below gets them.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  SimServer server(options);
  const absl::StatusOr<int> port = server.Start();
  if (!port.ok()) {
    std::fprintf(stderr, "cxsim: %s\n", std::string(port.status().message()).c_str());
    return kCannotStart;
  }
  std::printf("%s\n", server.base_url().c_str());
  std::fflush(stdout);
  std::fprintf(stderr, "cxsim: %zu recordings, seed %llu; see %s/admin/state\n",
               server->RecordingIds().size(), static_cast<unsigned long long>(server->seed()),
               server.base_url().c_str());
  int signal_number = 0;
  sigwait(&ending, &signal_number);
  server.Stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return Run(argc, argv); }
