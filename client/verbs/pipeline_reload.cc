// cxctl pipeline reload: has the server read its pipelines again.
#include <ostream>

#include "client/api_client.h"
#include "client/catalog_view.h"
#include "client/exit_code.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/pipeline_service.pb.h"

namespace cxscribe::client {
namespace {

int ReloadPipelines(Session& session) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const auto response = api->ReloadPipelines(v1::ReloadPipelinesRequest());
  if (!response.ok()) return session.CallFailed(response.status(), "reload the pipelines");
  if (!session.is_table()) return session.Print(*response);
  v1::ListPipelinesResponse now;
  *now.mutable_pipelines() = response->pipelines();
  session.out() << RenderPipelines(now, session.OutView());
  return kExitOk;
}

}  // namespace

void AddPipelineReload(Command pipeline, Session& session) {
  const Command command =
      pipeline.AddCommand("reload", "Have the server read its pipelines again, all or none");
  command.OnRun([&session] { return ReloadPipelines(session); });
}

}  // namespace cxscribe::client
