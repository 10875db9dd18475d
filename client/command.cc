#include "client/command.h"

#include <map>
#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>
#include <absl/strings/str_cat.h>

#include "client/exit_code.h"

namespace cxscribe::client {

struct CommandLine::State {
  State(const std::string& name, const std::string& description) : app(description, name) {}

  struct ValueShape {
    ValueKind kind = ValueKind::kText;
    std::vector<std::string> choices;
  };

  CLI::App app;
  std::map<const CLI::App*, std::function<int()>> handlers;
  std::map<const CLI::Option*, ValueShape> values;
};

namespace {

std::string ReadChoice(const std::vector<std::string>& choices, std::string& value) {
  for (const std::string& choice : choices) {
    if (CLI::detail::to_lower(choice) == CLI::detail::to_lower(value)) {
      value = choice;
      return "";
    }
  }
  return absl::StrCat("\"", value, "\" is none of ", CLI::detail::join(choices, ", "));
}

CLI::Validator OneOf(const std::vector<std::string>& choices) {
  return CLI::Validator([choices](std::string& value) { return ReadChoice(choices, value); }, "",
                        "choice");
}

// The deepest command that was given.
const CLI::App* Deepest(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::string WordsOf(const CLI::App* app) {
  std::string words = app->get_name();
  for (const CLI::App* parent = app->get_parent(); parent != nullptr;
       parent = parent->get_parent()) {
    words.insert(0, parent->get_name() + " ");
  }
  return words;
}

}  // namespace

Command Command::AddCommand(const std::string& name, const std::string& summary) const {
  CLI::App* app = app_->add_subcommand(name, summary);
  app->fallthrough();  // global options may follow the verb
  app_->require_subcommand(0, 1);
  return Command(*line_, app);
}

void Command::AddFlag(const std::string& names, bool* target, const std::string& help) const {
  app_->add_flag(names, *target, help)->disable_flag_override();
}

void Command::AddOption(const std::string& names, std::string* target,
                        const std::string& value_name, const std::string& help,
                        ValueKind kind) const {
  CLI::Option* option = app_->add_option(names, *target, help);
  option->option_text(value_name);
  line_->state_->values[option].kind = kind;
}

void Command::AddRequiredOption(const std::string& names, std::string* target,
                                const std::string& value_name, const std::string& help,
                                ValueKind kind) const {
  CLI::Option* option = app_->add_option(names, *target, help);
  option->option_text(value_name + " (required)")->required();
  line_->state_->values[option].kind = kind;
}

void Command::AddOption(const std::string& names, std::vector<std::string>* target,
                        const std::string& value_name, const std::string& help) const {
  CLI::Option* option = app_->add_option(names, *target, help);
  option->option_text(value_name + " ...")->allow_extra_args(false);
}

void Command::AddOption(const std::string& names, int* target, int low, int high,
                        const std::string& value_name, const std::string& help) const {
  app_->add_option(names, *target, help)->option_text(value_name)->check(CLI::Range(low, high));
}

void Command::AddOption(const std::string& names, absl::Duration* target,
                        const std::string& help) const {
  const auto read = [target](const CLI::results_t& results) {
    const std::string& text = results.back();
    const bool is_number =
        !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
    absl::Duration duration;
    if (!absl::ParseDuration(is_number ? text + "s" : text, &duration) ||
        duration < absl::ZeroDuration()) {
      throw CLI::ConversionError("\"" + text + "\" is not a duration such as 30s, 5m or 1h30m");
    }
    *target = duration;
    return true;
  };
  app_->add_option(names, read, help)->option_text("DURATION");
}

void Command::AddChoice(const std::string& names, std::string* target,
                        const std::vector<std::string>& choices, const std::string& help) const {
  CLI::Option* option = app_->add_option(names, *target, help);
  option->option_text(CLI::detail::join(choices, "|"))->transform(OneOf(choices));
  line_->state_->values[option].choices = choices;
}

void Command::AddChoices(const std::string& names, std::vector<std::string>* target,
                         const std::vector<std::string>& choices, const std::string& help) const {
  CLI::Option* option = app_->add_option(names, *target, help);
  option->option_text(CLI::detail::join(choices, "|") + " ...")
      ->allow_extra_args(false)
      ->transform(OneOf(choices));
  line_->state_->values[option].choices = choices;
}

void Command::AddPositional(const std::string& name, std::string* target, const std::string& help,
                            ValueKind kind) const {
  CLI::Option* option = app_->add_option(name, *target, help);
  option->required()->option_text(" ");
  line_->state_->values[option].kind = kind;
}

void Command::AddOptionalPositional(const std::string& name, std::string* target,
                                    const std::string& help, ValueKind kind) const {
  CLI::Option* option = app_->add_option(name, *target, help);
  option->option_text(" ");
  line_->state_->values[option].kind = kind;
}

void Command::AddPositionalChoice(const std::string& name, std::string* target,
                                  const std::vector<std::string>& choices,
                                  const std::string& help) const {
  CLI::Option* option = app_->add_option(name, *target, help);
  option->required()->option_text(CLI::detail::join(choices, "|"))->transform(OneOf(choices));
  line_->state_->values[option].choices = choices;
}

void Command::AddPositionals(const std::string& name, std::vector<std::string>* target,
                             const std::string& help) const {
  app_->add_option(name, *target, help)->required()->option_text("...");
}

void Command::SetFooter(const std::string& footer) const { app_->footer("\n" + footer); }

void Command::OnRun(std::function<int()> handler) const {
  line_->state_->handlers[app_] = std::move(handler);
}

CommandLine::CommandLine(const std::string& name, const std::string& description,
                         const std::string& version)
    : state_(std::make_unique<State>(name, description)) {
  state_->app.set_version_flag("--version", name + " " + version, "Print the version and exit");
  state_->app.set_help_flag("--help,-h", "Print this help and exit");
  state_->app.get_formatter()->column_width(34);
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return Command(*this, &state_->app); }

std::optional<int> CommandLine::Parse(const std::vector<std::string>& arguments, std::ostream& out,
                                      std::ostream& err) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  const CLI::App& app = state_->app;
  try {
    state_->app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    out << app.help();
    return kExitOk;
  } catch (const CLI::CallForVersion& version) {
    out << version.what() << "\n";
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    err << "cxctl: " << error.what() << "\nSee '" << WordsOf(Deepest(&app)) << " --help'.\n";
    return kExitUsage;
  }
  const CLI::App* selected = Deepest(&app);
  if (state_->handlers.count(selected) == 0) {  // a group of commands without one of them
    err << selected->help();
    return kExitUsage;
  }
  return std::nullopt;
}

int CommandLine::Run() { return state_->handlers.at(Deepest(&state_->app))(); }

std::string CommandLine::Selected() const { return WordsOf(Deepest(&state_->app)); }

CommandShape CommandLine::Shape() const {
  const State& state = *state_;
  const std::function<CommandShape(const CLI::App*)> walk = [&](const CLI::App* app) {
    CommandShape shape;
    shape.name = app->get_name();
    shape.summary = app->get_description();
    for (const CLI::Option* option : app->get_options()) {
      OptionShape entry;
      entry.summary = option->get_description();
      if (option->get_items_expected_max() > 0) {
        entry.value = ValueKind::kText;
        const auto found = state.values.find(option);
        if (found != state.values.end()) {
          entry.value = found->second.kind;
          entry.choices = found->second.choices;
        }
      }
      if (option->get_positional()) {
        entry.names = {option->get_name(true)};
        shape.positionals.push_back(std::move(entry));
        continue;
      }
      for (const std::string& name : option->get_lnames()) entry.names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) entry.names.push_back("-" + name);
      shape.options.push_back(std::move(entry));
    }
    for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
      shape.commands.push_back(walk(command));
    }
    return shape;
  };
  return walk(&state.app);
}

}  // namespace cxscribe::client
