// Loader: the YAML configuration file to Settings, or every error in it at once.
//
//   std::vector<ConfigError> errors;
//   std::optional<Settings> settings = LoadSettings("/etc/cxscribe/cxscribe.yaml", {}, errors);
//   if (!settings) std::cerr << FormatErrors(errors);
//
// What the file may hold stands in config/cxscribe.yaml, key by key. Scalars follow the core schema
// of YAML 1.2 (010 is ten, `yes` is a string). Refused: unknown and duplicate keys, anchors and
// aliases, explicit tags, several documents, files above 1 MiB, nesting deeper than 64. Every value
// may take text from outside:
//   ${NAME}        the environment variable; an error when it is not set
//   ${file:PATH}   the file, without one final newline; relative to the configuration file
//   $${            a literal ${
// A plain scalar takes its type after substitution, a quoted one stays a string. Values that came
// from outside, and secrets, never appear in an error.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "server/config/settings.h"

namespace cxscribe {

struct LoadOptions {
  // Dotted key ("storage.path") to a plain YAML scalar; wins over the file. Only keys in maps.
  std::map<std::string, std::string> overrides;
  // Where the running program stands: the default plugin directory is
  // "../lib/cxscribe/plugins" from there. Empty: the working directory.
  std::string executable_dir;
  // For ${NAME}; nullopt: not set. Null: the process's own environment.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  // For ${file:PATH}; gets an absolute path. Null: the file system, at most 64 KiB a file.
  std::function<absl::StatusOr<std::string>(const std::string& path)> read_file;
  // Reads `plugins`, `pipelines` and `redaction_policies` only, which is all that
  // `cxctl pipeline run` needs: nothing is required or substituted elsewhere.
  bool pipelines_only = false;
  // Takes what could be read even where there are errors, so that whoever reports them can look
  // further: a value that is wrong keeps its default, and the pipelines have their stages. May be
  // null.
  Settings* partial = nullptr;
  // Collects the dotted name of every key that the loader looked for ("*" stands for a name of the
  // user's own). For tests; may be null.
  std::set<std::string>* keys_seen = nullptr;
};

// The settings in the file at `path`; nullopt when `errors` was added to. Errors come in the order
// of the file. Thread-safe.
std::optional<Settings> LoadSettings(const std::string& path, const LoadOptions& options,
                                     std::vector<ConfigError>& errors);

// The same from text; `path` is what errors name and what relative paths start from.
std::optional<Settings> LoadSettingsFromString(std::string_view yaml, const std::string& path,
                                               const LoadOptions& options,
                                               std::vector<ConfigError>& errors);

// Puts errors into the order of the file, so that a reader can go through it from top to bottom.
void SortErrors(std::vector<ConfigError>& errors);

// One error a line, each ending with a newline.
std::string FormatErrors(const std::vector<ConfigError>& errors);

}  // namespace cxscribe
