// Whether the plugin's configuration is checked as the contract says.
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <nlohmann/json.hpp>

#include "plugins/check/checks.h"
#include "plugins/check/process_state.h"
#include "plugins/check/syscall_guard.h"

namespace cxscribe {
namespace {

constexpr char kUnknownKey[] = "cx_check_no_such_key";

std::string Describe(const std::vector<ConfigProblem>& problems) {
  return absl::StrJoin(problems, "; ", [](std::string* out, const ConfigProblem& problem) {
    absl::StrAppend(out, problem.pointer.empty() ? "the configuration" : problem.pointer, " ",
                    problem.message);
  });
}

std::string WithUnknownKey(const std::string& config_json) {
  auto config = nlohmann::json::parse(config_json, nullptr, false);
  if (!config.is_object()) config = nlohmann::json::object();
  config[kUnknownKey] = 1;
  return config.dump();
}

}  // namespace

Verdict CheckConfiguration(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  subject.Phase("validate");
  const auto problems = subject.plugin().CheckConfig(subject.request().config_json);
  if (problems.empty()) {
    return Pass(subject.request().config_json == "{}" ? "the empty configuration, {}" : "");
  }
  return Block(absl::StrCat(Describe(problems), "; give one that it takes with --config"));
}

Verdict CheckUnknownKeys(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  subject.Phase("validate, with an unknown key");
  const auto problems = subject.plugin().CheckConfig(WithUnknownKey(subject.request().config_json));
  if (!problems.empty()) return Pass();
  return Fail(
      absl::StrCat("its schema lets the key \"", kUnknownKey,
                   "\" pass, and so any mistyped one: take additionalProperties out of the root"));
}

Verdict CheckValidate(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  if (subject.plugin().table().validate == nullptr) {
    return Pass("its schema says it all: it has no validate of its own");
  }
  const std::string& config = subject.request().config_json;
  const auto validate = [&] { return Describe(subject.plugin().CheckConfig(config)); };
  subject.Phase("validate");
  const ProcessState before = ReadProcessState();
  const std::string first = validate();
  const std::string second = validate();
  const std::vector<std::string> changes = StateChanges(before, ReadSettledState(before));
  if (!changes.empty()) return Fail(absl::StrJoin(changes, "; "));
  if (first != second) return Fail("it gave two answers about one configuration");
  if (subject.request().debug) return Pass("without the guard on system calls");
  subject.Phase("validate, with a guard on system calls");
  if (!InstallSyscallGuard(GuardMode::kValidate, subject.board())) {
    return Pass("without the guard on system calls, which this kernel does not take");
  }
  const std::string guarded = validate();
  const std::vector<std::string> calls = NotedSystemCalls(subject.board());
  if (!calls.empty()) return Fail(absl::StrCat("it called ", absl::StrJoin(calls, ", ")));
  if (guarded != first) return Fail("it gave two answers about one configuration");
  return Pass();
}

}  // namespace cxscribe
