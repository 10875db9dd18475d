// cxctl pipeline validate: whether a file's pipelines load, without a server.
#include <memory>
#include <ostream>

#include "client/catalog_view.h"
#include "client/exit_code.h"
#include "client/local_pipelines.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/pipeline_service.pb.h"
#include "server/config/settings.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe::client {
namespace {

int ValidatePipelines(Session& session, const std::string& config) {
  const LocalPipelines local = LoadLocalPipelines(session, config);
  if (local.set == nullptr) return kExitLocalError;
  v1::ListPipelinesResponse pipelines;
  for (const auto& entry : local.set->pipelines) {
    *pipelines.add_pipelines() = entry.second->Describe();
  }
  if (session.format() == OutputFormat::kJsonl) {
    for (const v1::Pipeline& pipeline : pipelines.pipelines()) {
      if (const int printed = session.Print(pipeline); printed != kExitOk) return printed;
    }
    return kExitOk;
  }
  if (!session.is_table()) return session.Print(pipelines);
  session.out() << RenderPipelines(pipelines, session.OutView());
  session.out().flush();
  session.Note(config + ": the pipelines are valid.");
  return kExitOk;
}

}  // namespace

void AddPipelineValidate(Command pipeline, Session& session) {
  auto config = std::make_shared<std::string>();
  const Command command =
      pipeline.AddCommand("validate", "Check the pipelines of a file, without a server");
  command.AddRequiredOption("--config,-c", config.get(), "FILE", "The configuration file",
                            ValueKind::kFile);
  command.SetFooter(
      "Reads plugins, pipelines and redaction_policies, loads every plugin and checks every "
      "stage's\n"
      "configuration against its schema. Prints the pipelines, or every error with "
      "file:line:column\n"
      "and exit code 1. The rest of the file is checked by cxscribed --validate.");
  command.OnRun([config, &session] { return ValidatePipelines(session, *config); });
}

}  // namespace cxscribe::client
