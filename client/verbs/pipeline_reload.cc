// cxctl pipeline reload: has the server read its configuration again.
#include <ostream>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "client/api_client.h"
#include "client/catalog_view.h"
#include "client/exit_code.h"
#include "client/session.h"
#include "client/text.h"
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
  if (response->restart_required_size() > 0) {
    session.Note(Neutralise(absl::StrCat("changed, but in force only after a restart: ",
                                         absl::StrJoin(response->restart_required(), ", "))));
  }
  return kExitOk;
}

}  // namespace

void AddPipelineReload(Command pipeline, Session& session) {
  const Command command =
      pipeline.AddCommand("reload", "Have the server read its configuration again, all or nothing");
  command.OnRun([&session] { return ReloadPipelines(session); });
}

}  // namespace cxscribe::client
