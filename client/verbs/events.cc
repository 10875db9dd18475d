// cxctl events: what has happened to a job.
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

constexpr int kPageSize = 1000;

int Events(Session& session, const std::string& job_id) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  v1::ListJobEventsRequest request;
  request.set_job_id(job_id);
  request.set_page_size(kPageSize);
  v1::ListJobEventsResponse all;
  do {
    const auto page = api->ListJobEvents(request);
    if (!page.ok()) return session.CallFailed(page.status(), "list the events of " + job_id);
    all.mutable_events()->MergeFrom(page->events());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());

  if (session.format() == OutputFormat::kJsonl) {
    for (const v1::JobEvent& event : all.events()) {
      if (const int printed = session.Print(event); printed != kExitOk) return printed;
    }
    return kExitOk;
  }
  if (!session.is_table()) return session.Print(all);
  session.out() << RenderEvents(all, session.OutView());
  return kExitOk;
}

}  // namespace

void AddEvents(Command root, Session& session) {
  auto job_id = std::make_shared<std::string>();
  const Command command = root.AddCommand("events", "Show the history of a job");
  command.AddPositional("JOB", job_id.get(), "Job id");
  command.OnRun([job_id, &session] { return Events(session, *job_id); });
}

}  // namespace cxscribe::client
