// CommandLine: the tree of cxctl's commands, a thin front of CLI11 that keeps its slow header out
// of the verbs.
//
//   CommandLine line("cxctl", "...");
//   auto options = std::make_shared<Options>();
//   Command get = line.root().AddCommand("get", "Show a job");
//   get.AddPositional("JOB", &options->job, "Job id");
//   get.OnRun([options] { ...; return exit_code; });
//
// What an option is bound to must live until Run has returned; handlers hold it by shared_ptr.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cxscribe::client {

// What may be completed where a value is expected.
enum class ValueKind { kNone, kText, kFile, kDirectory };

// What completion scripts need to know, read from the CLI11 tree itself.
struct OptionShape {
  std::vector<std::string> names;  // "--output", "-o"; a positional's name stands alone
  std::string summary;
  ValueKind value = ValueKind::kNone;  // kNone: a flag
  std::vector<std::string> choices;
};
struct CommandShape {
  std::string name;
  std::string summary;
  std::vector<OptionShape> options;
  std::vector<OptionShape> positionals;
  std::vector<CommandShape> commands;
};

class CommandLine;

// One command. A cheap handle; valid while its CommandLine lives.
class Command {
 public:
  Command AddCommand(const std::string& name, const std::string& summary) const;

  // `names` as in "--output,-o". `value_name` is what help calls the value.
  void AddFlag(const std::string& names, bool* target, const std::string& help) const;
  void AddOption(const std::string& names, std::string* target, const std::string& value_name,
                 const std::string& help, ValueKind kind = ValueKind::kText) const;
  // The same, and must be given.
  void AddRequiredOption(const std::string& names, std::string* target,
                         const std::string& value_name, const std::string& help,
                         ValueKind kind = ValueKind::kText) const;
  // May be given many times, with one value each.
  void AddOption(const std::string& names, std::vector<std::string>* target,
                 const std::string& value_name, const std::string& help) const;
  // Integers within [low, high].
  void AddOption(const std::string& names, int* target, int low, int high,
                 const std::string& value_name, const std::string& help) const;
  // "90s", "5m", "1h30m", or a bare number of seconds; not negative.
  void AddOption(const std::string& names, absl::Duration* target, const std::string& help) const;
  // One of `choices`, in any case; the target gets it as it stands in `choices`.
  void AddChoice(const std::string& names, std::string* target,
                 const std::vector<std::string>& choices, const std::string& help) const;
  void AddChoices(const std::string& names, std::vector<std::string>* target,
                  const std::vector<std::string>& choices, const std::string& help) const;

  // Required.
  void AddPositional(const std::string& name, std::string* target, const std::string& help,
                     ValueKind kind = ValueKind::kText) const;
  // May be left out.
  void AddOptionalPositional(const std::string& name, std::string* target, const std::string& help,
                             ValueKind kind = ValueKind::kText) const;
  // Required.
  void AddPositionalChoice(const std::string& name, std::string* target,
                           const std::vector<std::string>& choices, const std::string& help) const;
  // One or more.
  void AddPositionals(const std::string& name, std::vector<std::string>* target,
                      const std::string& help) const;

  // Printed after the options.
  void SetFooter(const std::string& footer) const;
  // Makes the command one that can be run; its result is the exit code.
  void OnRun(std::function<int()> handler) const;

 private:
  friend class CommandLine;
  Command(CommandLine& line, CLI::App* app) : line_(&line), app_(app) {}

  CommandLine* line_;
  CLI::App* app_;
};

// Not thread-safe.
class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& description, const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command root();

  // Parses `arguments` (without the program's name) and fills the options. An exit code when there
  // is nothing to run: help and --version, written to `out`, or a usage error, written to `err`.
  std::optional<int> Parse(const std::vector<std::string>& arguments, std::ostream& out,
                           std::ostream& err);
  // Runs the command that Parse found.
  int Run();
  // That command's words, "pipeline run".
  std::string Selected() const;

  CommandShape Shape() const;

 private:
  friend class Command;
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace cxscribe::client
