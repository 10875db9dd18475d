// cxscribed: the server. Flags, configuration, signals; server/app.h puts the rest together.
//
// Exit codes: 0 stopped by a signal, or the configuration is valid; 1 a configuration or start-up
// error; 2 wrong usage.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <pthread.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "server/app.h"
#include "server/base/version.h"
#include "server/config/loader.h"
#include "server/pipeline/pipeline.h"
#include "server/store/check.h"
#include "server/telemetry/log.h"

namespace {

using namespace cxscribe;  // NOLINT: this is the program

constexpr int kOk = 0;
constexpr int kCannotStart = 1;
constexpr int kUsage = 2;

std::string ExecutableDirectory() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "" : path.parent_path().string();
}

// "key=value" pairs as a map; exits the program's way through CLI11 when one is malformed.
std::map<std::string, std::string> ParseOverrides(const std::vector<std::string>& pairs) {
  std::map<std::string, std::string> overrides;
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw CLI::ValidationError("--set", "\"" + pair +
                                              "\" is not KEY=VALUE, for example "
                                              "storage.path=/var/lib/cxscribe/jobs.db");
    }
    overrides[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return overrides;
}

// What plugins log outside a job.
void LogStageLine(std::string_view stage, PluginLogLevel level, std::string_view line) {
  LogLevel log_level = LogLevel::kInfo;
  if (level == PluginLogLevel::kDebug) log_level = LogLevel::kDebug;
  if (level == PluginLogLevel::kWarning) log_level = LogLevel::kWarn;
  if (level == PluginLogLevel::kError) log_level = LogLevel::kError;
  Log(log_level, "plugin_log", {{"stage", stage}, {"message", line}});
}

// The file's settings, as far as they could be read, and its pipelines; null when `errors` was
// added to. An error in the file does not hide those of its plugins.
std::shared_ptr<const PipelineSet> LoadAll(const std::string& config, LoadOptions options,
                                           const PipelineReloader::AbandonFlag& abandon,
                                           Settings& settings, std::vector<ConfigError>& errors) {
  static const SystemClock clock;
  options.partial = &settings;
  if (auto loaded = LoadSettings(config, options, errors)) settings = *std::move(loaded);
  auto pipelines = LoadPipelines(settings, clock, errors, {&LogStageLine, abandon});
  SortErrors(errors);
  return errors.empty() ? pipelines : nullptr;
}

// SIGINT and SIGTERM end the server, SIGHUP has it read its configuration again.
sigset_t HandledSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  return signals;
}

int Serve(Settings settings, std::shared_ptr<const PipelineSet> pipelines,
          PipelineReloader::Load load) {
  const sigset_t handled = HandledSignals();
  std::signal(SIGPIPE, SIG_IGN);

  auto app = App::Start(std::move(settings), std::move(pipelines), std::move(load));
  if (!app.ok()) {
    std::fprintf(stderr, "cxscribed: %s\n", std::string(app.status().message()).c_str());
    return kCannotStart;
  }
  // For scripts: where the server listens, which they cannot know when the port is 0.
  std::printf("cxscribed %s grpc_port=%d metrics_port=%d\n", kVersion, (*app)->grpc_port(),
              (*app)->metrics_port());
  std::fflush(stdout);

  int signal_number = 0;
  while (sigwait(&handled, &signal_number) == 0 && signal_number == SIGHUP) {
    (*app)->ReloadPipelines();
  }
  LogInfo("draining", {{"signal", signal_number}});
  // A second signal while draining ends the program at once, as users expect of it.
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGHUP, SIG_IGN);
  pthread_sigmask(SIG_UNBLOCK, &handled, nullptr);
  if ((*app)->Drain()) {
    app->reset();
  } else {
    // The rooms stay for the thread that is stuck in one of them; main() ends the process under it.
    (void)app->release();
  }
  LogInfo("stopped");
  return kOk;
}

int Run(int argc, char** argv) {
  CLI::App cli("cxscribed: turns CXone compliance recordings into verified transcripts");
  std::string config;
  std::vector<std::string> set;
  std::string log_level;
  bool validate = false;
  cli.set_version_flag("--version", std::string("cxscribed ") + kVersion);
  cli.add_option("--config,-c", config, "configuration file (YAML)")->required();
  cli.add_option("--set", set, "KEY=VALUE, for example listen.grpc=127.0.0.1:0; wins over the file")
      ->take_all();
  cli.add_option("--log-level", log_level, "debug, info, warn or error; wins over the file");
  cli.add_flag("--validate", validate,
               "load everything, report every error, and exit without serving");
  LoadOptions options;
  try {
    cli.parse(argc, argv);
    options.overrides = ParseOverrides(set);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? kOk : kUsage;
  }
  if (!log_level.empty()) options.overrides["server.log_level"] = log_level;
  options.executable_dir = ExecutableDirectory();

  // Whoever started this may ignore it, and then nobody could be told how a plugin's worker ended.
  std::signal(SIGCHLD, SIG_DFL);
  // Blocked before any thread starts (plugins have theirs), so that only sigwait() gets them.
  const sigset_t handled = HandledSignals();
  pthread_sigmask(SIG_BLOCK, &handled, nullptr);

  std::vector<ConfigError> errors;
  Settings settings;
  const auto pipelines = LoadAll(config, options, nullptr, settings, errors);
  if (const auto level = ParseLogLevel(settings.server.log_level); level.has_value()) {
    SetLogLevel(*level);
  }
  if (validate && !settings.storage.path_where.file.empty()) {
    const auto problems = CheckFiles(settings.storage, settings.audit);
    errors.insert(errors.end(), problems.begin(), problems.end());
    SortErrors(errors);
  }
  if (!errors.empty()) {
    std::fputs(FormatErrors(errors).c_str(), stderr);
    std::fprintf(stderr, "cxscribed: %zu %s in the configuration\n", errors.size(),
                 errors.size() == 1 ? "error" : "errors");
    return kCannotStart;
  }
  if (validate) {
    std::printf("%s is valid: %zu %s, %zu plugins, %zu %s\n", config.c_str(),
                settings.accounts.size(), settings.accounts.size() == 1 ? "account" : "accounts",
                pipelines->plugins.size(), pipelines->pipelines.size(),
                pipelines->pipelines.size() == 1 ? "pipeline" : "pipelines");
    return kOk;
  }
  return Serve(std::move(settings), pipelines,
               [config, options](const PipelineReloader::AbandonFlag& abandon,
                                 std::vector<ConfigError>& found) {
                 LogInfo("reload_started", {{"config", config}});
                 LoadedConfiguration loaded;
                 loaded.pipelines = LoadAll(config, options, abandon, loaded.settings, found);
                 return loaded;
               });
}

}  // namespace

int main(int argc, char** argv) {
  const int code = Run(argc, argv);
  // Threads that were abandoned inside a plugin may still run: leave without tearing the program
  // down under them.
  std::fflush(nullptr);
  _exit(code);
}
