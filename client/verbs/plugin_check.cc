// cxctl plugin check: whether a plugin keeps to the contract, without a server.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>
#include <nlohmann/json.hpp>

#include "client/exit_code.h"
#include "client/interrupt.h"
#include "client/session.h"
#include "client/table.h"
#include "client/verbs/verbs.h"
#include "plugins/check/checks.h"
#include "plugins/check/suite.h"
#include "server/config/redaction_policies.h"
#include "server/cxone/transcript_json.h"
#include "server/job/language_tag.h"

namespace cxscribe::client {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr char kExpectedSuffix[] = ".expected.json";

struct Options {
  std::string file;
  std::string config = "{}";
  std::string data;
  std::string language = "en-US";
  std::string redaction_policy = "pii";
  std::string golden;
  bool update = false;
  bool debug = false;
  std::vector<std::string> only;
  absl::Duration time_limit = absl::Seconds(60);
  int memory_limit_mib = 4096;
};

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string Absolute(const std::string& path) {
  return fs::absolute(path).lexically_normal().string();
}

// A golden input and the file with what is expected of it.
struct GoldenFiles {
  std::vector<GoldenCase> cases;
  std::vector<std::string> expected_paths;
};

std::vector<fs::path> GoldenInputs(const std::string& golden) {
  if (!fs::is_directory(golden)) return {golden};
  std::vector<fs::path> inputs;
  for (const auto& entry : fs::directory_iterator(golden)) {
    const std::string name = entry.path().filename().string();
    if (absl::EndsWith(name, ".json") && !absl::EndsWith(name, kExpectedSuffix)) {
      inputs.push_back(entry.path());
    }
  }
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

// Reads --golden; an exit code after an error, which has been printed.
std::optional<int> ReadGolden(Session& session, const Options& options, GoldenFiles& golden) {
  const std::vector<fs::path> inputs = GoldenInputs(options.golden);
  if (inputs.empty()) {
    return session.UsageFailed(absl::StrCat("--golden ", options.golden,
                                            " holds no transcript: NAME.json is the input, NAME",
                                            kExpectedSuffix, " what must come of it"));
  }
  for (const fs::path& input : inputs) {
    const std::string asked = "read the golden transcript " + input.string();
    const auto json = ReadFile(input.string());
    if (!json.has_value()) {
      return session.LocalFailed(absl::NotFoundError("it cannot be opened"), asked);
    }
    auto parsed = ParseTranscriptionJson(*json, {});
    if (!parsed.ok()) return session.LocalFailed(parsed.status(), asked);
    if (!parsed->transcript.has_value()) {
      return session.LocalFailed(absl::FailedPreconditionError("its status is not completed"),
                                 asked);
    }
    GoldenCase& one = golden.cases.emplace_back();
    one.name = input.stem().string();
    one.input = *std::move(parsed->transcript);
    one.input.set_language(options.language);
    fs::path expected = input;
    expected.replace_extension(kExpectedSuffix);
    golden.expected_paths.push_back(expected.string());
    if (!options.update) one.expected_json = ReadFile(expected.string()).value_or("");
  }
  return std::nullopt;
}

// Fills `request`; an exit code after an error, which has been printed.
std::optional<int> ReadOptions(Session& session, const Options& options, CheckRequest& request) {
  request.file = Absolute(options.file);
  std::error_code error;
  if (!fs::exists(request.file, error)) {
    return session.LocalFailed(absl::NotFoundError(request.file + " does not exist"),
                               "check the plugin " + options.file);
  }
  request.config_json = options.config;
  if (absl::StartsWith(options.config, "@")) {
    const auto config = ReadFile(options.config.substr(1));
    if (!config.has_value()) {
      return session.UsageFailed("--config: " + options.config.substr(1) + " cannot be opened");
    }
    request.config_json = *config;
  }
  const auto config = nlohmann::json::parse(request.config_json, nullptr, false);
  if (!config.is_object()) {
    return session.UsageFailed("--config is not a JSON object such as {\"mode\": \"rules\"}");
  }
  request.config_json = config.dump();
  if (!options.data.empty()) request.data_directory = Absolute(options.data);
  const auto language = CanonicalLanguageTag(options.language);
  if (!language.has_value()) {
    return session.UsageFailed("--language \"" + options.language +
                               "\" is not a BCP 47 tag, for example en-US");
  }
  request.language = *language;
  request.redaction_policy = options.redaction_policy;
  const RedactionPolicy& policy = BuiltInRedactionPolicies().at(options.redaction_policy);
  request.entity_types.assign(policy.entity_types.begin(), policy.entity_types.end());
  request.timeout = options.time_limit;
  request.memory_bytes = static_cast<uint64_t>(options.memory_limit_mib) << 20;
  request.debug = options.debug;
  return std::nullopt;
}

Style StyleOf(CheckResult result) {
  if (result == CheckResult::kPass) return Style::kGreen;
  return result == CheckResult::kFail ? Style::kRed : Style::kYellow;
}

size_t CountOf(const SuiteReport& report, CheckResult result) {
  return static_cast<size_t>(
      std::count_if(report.rows.begin(), report.rows.end(),
                    [result](const SuiteRow& row) { return row.verdict.result == result; }));
}

std::string RenderReport(const SuiteReport& report, const View& view) {
  std::string out;
  if (!report.info.empty()) {
    const Json info = Json::parse(report.info, nullptr, false);
    absl::StrAppend(&out, info.value("name", ""), " ", info.value("version", ""), ", ",
                    info.value("kind", ""), ", provides ", info.value("provides", ""), ", ABI ",
                    info.value("abi", ""), "\nSHA-256 ", info.value("sha256", ""), "\n\n");
  }
  Table table({{"CHECK"}, {"RESULT"}, {"TIME", true}, {"WHAT IT FOUND"}});
  for (const SuiteRow& row : report.rows) {
    const Verdict& verdict = row.verdict;
    std::string what = verdict.why;
    if (verdict.result == CheckResult::kPass) {
      what = verdict.why.empty() ? row.proves : absl::StrCat(row.proves, ": ", verdict.why);
    }
    table.Add({row.name, Cell(CheckResultName(verdict.result), StyleOf(verdict.result)),
               verdict.result == CheckResult::kSkip
                   ? std::string("-")
                   : FormatMilliseconds(absl::ToDoubleMilliseconds(row.duration)),
               what});
  }
  View wide = view;  // nothing of a reason may be cut
  wide.width = 100'000;
  absl::Duration total;
  for (const SuiteRow& row : report.rows) total += row.duration;
  absl::StrAppend(&out, table.Render(wide), "\n", CountOf(report, CheckResult::kPass), " passed, ",
                  CountOf(report, CheckResult::kFail), " failed, ",
                  CountOf(report, CheckResult::kSkip), " skipped in ", HumanDuration(total), "\n");
  return out;
}

Json ToJson(const SuiteReport& report, const std::string& file) {
  Json json = {{"ok", report.ok()},
               {"file", file},
               {"plugin", report.info.empty() ? Json() : Json::parse(report.info, nullptr, false)},
               {"passed", CountOf(report, CheckResult::kPass)},
               {"failed", CountOf(report, CheckResult::kFail)},
               {"skipped", CountOf(report, CheckResult::kSkip)},
               {"checks", Json::array()}};
  for (const SuiteRow& row : report.rows) {
    json["checks"].push_back({{"name", row.name},
                              {"proves", row.proves},
                              {"result", CheckResultName(row.verdict.result)},
                              {"reason", row.verdict.why},
                              {"duration_ms", absl::ToDoubleMilliseconds(row.duration)}});
  }
  return json;
}

int PrintReport(Session& session, const SuiteReport& report, const std::string& file) {
  if (session.is_table()) {
    session.out() << RenderReport(report, session.OutView());
    return kExitOk;
  }
  const std::string text = ToJson(report, file)
                               .dump(session.format() == OutputFormat::kJson ? 1 : -1, ' ', false,
                                     Json::error_handler_t::replace);
  if (session.format() != OutputFormat::kYaml) {
    session.out() << text << "\n";
    return kExitOk;
  }
  const auto yaml = JsonToYaml(text);
  if (!yaml.ok()) return session.LocalFailed(yaml.status(), "print the report");
  session.out() << "---\n" << *yaml << "\n";
  return kExitOk;
}

// Writes what came of the golden inputs; their rows pass then.
int UpdateGolden(Session& session, const GoldenFiles& golden, SuiteReport& report) {
  for (size_t i = 0; i < golden.cases.size(); ++i) {
    if (report.golden_json[i].empty()) continue;
    std::ofstream file(golden.expected_paths[i], std::ios::binary);
    file << report.golden_json[i];
    file.flush();
    if (!file.good()) {
      return session.LocalFailed(absl::UnavailableError("it cannot be written"),
                                 "update " + golden.expected_paths[i]);
    }
    for (SuiteRow& row : report.rows) {
      if (row.name == "golden " + golden.cases[i].name) {
        row.verdict = Pass("written to " + golden.expected_paths[i]);
      }
    }
  }
  return kExitOk;
}

int CheckPlugin(Session& session, const Options& options) {
  if (options.update && options.golden.empty()) {
    return session.UsageFailed("--update writes golden files: say which with --golden");
  }
  SuiteOptions suite;
  if (const auto failed = ReadOptions(session, options, suite.request)) return *failed;
  GoldenFiles golden;
  if (!options.golden.empty()) {
    if (const auto failed = ReadGolden(session, options, golden)) return *failed;
  }
  suite.request.golden = golden.cases;
  suite.only = options.only;
  Environment& environment = session.environment();
  const std::string beside = environment.executable_dir + "/cxctl";  // a test is not cxctl itself
  if (fs::exists(beside)) suite.child.program = beside;
  const bool draw = environment.err_is_terminal && !session.quiet();
  suite.progress = [&](std::string_view name) {
    if (draw) session.err() << "\r\033[K" << std::string(name) << " ..." << std::flush;
  };
  absl::StatusOr<SuiteReport> report = absl::UnknownError("not run");
  {
    const InterruptHold hold(*environment.interrupt);
    suite.child.interrupted = [&] { return environment.interrupt->raised(); };
    report = RunSuite(suite);
  }
  if (draw) session.err() << "\r\033[K" << std::flush;
  if (!report.ok()) return session.UsageFailed("--only: " + std::string(report.status().message()));
  if (environment.interrupt->raised()) return kExitInterrupted;
  if (options.update) {
    if (const int failed = UpdateGolden(session, golden, *report); failed != kExitOk) return failed;
  }
  if (const int failed = PrintReport(session, *report, suite.request.file); failed != kExitOk) {
    return failed;
  }
  return report->ok() ? kExitOk : kExitLocalError;
}

}  // namespace

void AddPluginCheck(Command plugin, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command =
      plugin.AddCommand("check", "Check that a plugin keeps to the contract, without a server");
  command.AddPositional("FILE", &options->file, "The plugin's .so", ValueKind::kFile);
  command.AddOption("--config", &options->config, "JSON|@FILE",
                    "Its configuration, a JSON object; default {}");
  command.AddOption("--data", &options->data, "DIR", "Its data directory", ValueKind::kDirectory);
  command.AddOption("--golden", &options->golden, "FILE|DIR",
                    "Transcripts NAME.json that must become NAME.expected.json", ValueKind::kFile);
  command.AddFlag("--update", &options->update, "Write NAME.expected.json as things are now");
  command.AddOption("--only", &options->only, "CHECK", "Only this check; may be given many times");
  command.AddFlag("--debug", &options->debug,
                  "Everything in this process, for gdb and valgrind: without limits, time-outs and "
                  "guards; a crash ends cxctl");
  command.AddOption("--language,-l", &options->language, "TAG", "BCP 47; default en-US");
  command.AddChoice("--redaction-policy,-r", &options->redaction_policy,
                    {"pii", "pci", "phi", "none"}, "Default pii");
  command.AddOption("--time-limit", &options->time_limit, "Of each check; default 1m");
  command.AddOption("--memory-limit", &options->memory_limit_mib, 0, 1 << 20, "MIB",
                    "Of each check's address space; default 4096, 0: none");
  command.SetFooter(
      "Every check runs in a process of its own: a crash, a hang or an exit is a FAIL and not the "
      "end.\n"
      "Exit code 0: no check failed; 1: one did, or a file cannot be read; 2: usage.");
  command.OnRun([options, &session] { return CheckPlugin(session, *options); });
}

}  // namespace cxscribe::client
