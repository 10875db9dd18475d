#include "client/local_pipelines.h"

#include <ostream>
#include <vector>

#include "client/session.h"
#include "server/config/loader.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe::client {

LocalPipelines LoadLocalPipelines(Session& session, const std::string& config_path) {
  const Environment& environment = session.environment();
  LoadOptions options;
  options.pipelines_only = true;
  options.executable_dir = environment.executable_dir;
  options.environment = environment.getenv;
  std::vector<ConfigError> errors;
  // An error in the file does not hide those of its plugins.
  Settings settings;
  options.partial = &settings;
  if (auto loaded = LoadSettings(config_path, options, errors)) settings = *std::move(loaded);
  auto set = LoadPipelines(settings, *environment.clock, errors);
  if (!errors.empty()) {
    SortErrors(errors);
    session.err() << NeutraliseLines(FormatErrors(errors));
    return {};
  }
  return {std::move(set), std::move(settings.redaction_policies)};
}

}  // namespace cxscribe::client
