// cxctl get: a job as it is now.
#include <memory>
#include <ostream>

#include "client/api_client.h"
#include "client/exit_code.h"
#include "client/job_view.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/transcription_service.pb.h"

namespace cxscribe::client {
namespace {

int Get(Session& session, const std::string& job_id) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  v1::GetJobRequest request;
  request.set_job_id(job_id);
  const auto response = api->GetJob(request);
  if (!response.ok()) return session.CallFailed(response.status(), "get " + job_id);
  if (!session.is_table()) return session.Print(response->job());
  session.out() << RenderJob(response->job(), session.OutView());
  return kExitOk;
}

}  // namespace

void AddGet(Command root, Session& session) {
  auto job_id = std::make_shared<std::string>();
  const Command command = root.AddCommand("get", "Show a job");
  command.AddPositional("JOB", job_id.get(), "Job id");
  command.SetFooter("Exit code 0 whatever the job's state; see wait for one that follows it.");
  command.OnRun([job_id, &session] { return Get(session, *job_id); });
}

}  // namespace cxscribe::client
