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
  LocalPipelines local;
  if (const auto settings = LoadSettings(config_path, options, errors)) {
    local.set = LoadPipelines(*settings, *environment.clock, errors);
    local.policies = settings->redaction_policies;
  }
  if (local.set == nullptr) session.err() << NeutraliseLines(FormatErrors(errors));
  return local;
}

}  // namespace cxscribe::client
