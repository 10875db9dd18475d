// Any bytes as a configuration file: the loader answers with settings or with errors, never both.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "server/config/loader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view yaml(reinterpret_cast<const char*>(data), size);
  for (const bool pipelines_only : {false, true}) {
    cxscribe::LoadOptions options;
    options.executable_dir = "/opt/cxscribe/bin";
    options.pipelines_only = pipelines_only;
    options.environment = [](const std::string& name) -> std::optional<std::string> {
      if (name.size() > 4) return std::nullopt;
      return "value of " + name;
    };
    options.read_file = [](const std::string& path) -> absl::StatusOr<std::string> {
      if (path.size() > 30) return absl::NotFoundError("there is no such file");
      return path + "\n";
    };
    std::vector<cxscribe::ConfigError> errors;
    const auto settings = cxscribe::LoadSettingsFromString(yaml, "/c/c.yaml", options, errors);
    if (settings.has_value() != errors.empty()) std::abort();
    cxscribe::FormatErrors(errors);
  }
  return 0;
}
