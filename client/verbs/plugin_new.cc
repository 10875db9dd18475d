// cxctl plugin new: a folder with a plugin that builds, is tested, and does a little.
#include <filesystem>
#include <memory>
#include <ostream>

#include <absl/strings/str_cat.h>

#include "client/exit_code.h"
#include "client/plugin_template.h"
#include "client/session.h"
#include "client/verbs/verbs.h"

namespace cxscribe::client {
namespace {

struct Options {
  std::string name;
  std::string language = "c++";
  std::string directory;
};

int NewPlugin(Session& session, const Options& options) {
  if (const std::string problem = PluginNameProblem(options.name); !problem.empty()) {
    return session.UsageFailed(
        absl::StrCat("\"", options.name, "\" cannot be the name of a plugin: ", problem));
  }
  const std::string directory = options.directory.empty() ? options.name : options.directory;
  const PluginLanguage language =
      options.language == "c" ? PluginLanguage::kC : PluginLanguage::kCxx;
  const absl::Status status = WritePluginTemplate(options.name, language, directory);
  if (!status.ok()) return session.LocalFailed(status, "make the plugin " + options.name);
  session.out() << "Made " << NeutraliseLines(directory) << ". Build and check it with:\n"
                << NeutraliseLines(absl::StrCat(
                       "  cmake -S ", directory, " -B ", directory, "/build\n  cmake --build ",
                       directory, "/build\n  cxctl plugin check ", directory, "/build/",
                       options.name, ".so --golden ", directory, "/golden\n"));
  return kExitOk;
}

}  // namespace

void AddPluginNew(Command plugin, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command = plugin.AddCommand("new", "Make a folder with a plugin to begin with");
  command.AddPositional("NAME", &options->name, "The plugin's name");
  command.AddChoice("--lang", &options->language, {"c", "c++"}, "Its language; default c++");
  command.AddOption("--dir", &options->directory, "PATH", "The folder to make; default NAME",
                    ValueKind::kDirectory);
  command.SetFooter(
      "The folder has a CMakeLists.txt of its own, which needs the installed SDK (the package\n"
      "cxscribe-plugin-dev), a golden test, and a README that says how to go on. Nothing that "
      "exists\n"
      "is overwritten.");
  command.OnRun([options, &session] { return NewPlugin(session, *options); });
}

}  // namespace cxscribe::client
