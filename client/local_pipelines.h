// Pipelines of a configuration file, loaded into this process: no server is asked.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "server/config/settings.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe::client {

class Session;

struct LocalPipelines {
  std::shared_ptr<const PipelineSet> set;
  std::map<std::string, RedactionPolicy> policies;
};

// Reads `plugins`, `pipelines` and `redaction_policies` of the file and loads every plugin. Where
// anything is wrong, prints every error with file, line and column, and leaves `set` null.
LocalPipelines LoadLocalPipelines(Session& session, const std::string& config_path);

}  // namespace cxscribe::client
