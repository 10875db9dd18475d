// Helpers for the loader's tests: a loader whose environment and files are the test's own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "server/config/loader.h"

namespace cxscribe {

// The account that a file needs before anything else can be right about it.
inline constexpr char kAccount[] =
    "cxone:\n"
    "  accounts:\n"
    "    default:\n"
    "      base_url: https://org.example.com\n"
    "      client_id: id\n"
    "      client_secret: secret\n";

// What loading one text came to.
struct Loaded {
  std::optional<Settings> settings;
  std::vector<ConfigError> errors;
  std::string text;  // the errors, one a line
};

struct FakeOutside {
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> files;
};

inline LoadOptions OptionsFor(const FakeOutside& outside) {
  LoadOptions options;
  options.executable_dir = "/opt/cxscribe/bin";
  options.environment = [outside](const std::string& name) -> std::optional<std::string> {
    const auto found = outside.environment.find(name);
    if (found == outside.environment.end()) return std::nullopt;
    return found->second;
  };
  options.read_file = [outside](const std::string& path) -> absl::StatusOr<std::string> {
    const auto found = outside.files.find(path);
    if (found == outside.files.end()) return absl::NotFoundError("there is no such file");
    return found->second;
  };
  return options;
}

inline Loaded Load(const std::string& yaml, const LoadOptions& options) {
  Loaded loaded;
  loaded.settings = LoadSettingsFromString(yaml, "/etc/cxscribe/c.yaml", options, loaded.errors);
  loaded.text = FormatErrors(loaded.errors);
  return loaded;
}

inline Loaded Load(const std::string& yaml, const FakeOutside& outside = {}) {
  return Load(yaml, OptionsFor(outside));
}

// Only what stands under `pipelines:` and its neighbours is read.
inline Loaded LoadPipelinesOnly(const std::string& yaml) {
  LoadOptions options = OptionsFor({});
  options.pipelines_only = true;
  return Load(yaml, options);
}

}  // namespace cxscribe
