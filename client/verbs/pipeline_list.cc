// cxctl pipeline list: the pipelines that submit may name.
#include <ostream>

#include "client/api_client.h"
#include "client/catalog_view.h"
#include "client/exit_code.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/pipeline_service.pb.h"

namespace cxscribe::client {
namespace {

int ListPipelines(Session& session) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const auto response = api->ListPipelines(v1::ListPipelinesRequest());
  if (!response.ok()) return session.CallFailed(response.status(), "list pipelines");
  if (session.format() == OutputFormat::kJsonl) {
    for (const v1::Pipeline& pipeline : response->pipelines()) {
      if (const int printed = session.Print(pipeline); printed != kExitOk) return printed;
    }
    return kExitOk;
  }
  if (!session.is_table()) return session.Print(*response);
  session.out() << RenderPipelines(*response, session.OutView());
  return kExitOk;
}

}  // namespace

void AddPipelineList(Command pipeline, Session& session) {
  const Command command = pipeline.AddCommand("list", "List the server's pipelines");
  command.OnRun([&session] { return ListPipelines(session); });
}

}  // namespace cxscribe::client
