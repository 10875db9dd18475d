// cxctl cancel: cancels jobs that have not ended.
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

struct Options {
  std::vector<std::string> jobs;
  std::string reason;
};

// Tries every job, also after one has failed.
int Cancel(Session& session, const Options& options) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  int exit_code = kExitOk;
  v1::ListJobsResponse cancelled;
  for (const std::string& job_id : options.jobs) {
    v1::CancelJobRequest request;
    request.set_job_id(job_id);
    request.set_reason(options.reason);
    const auto response = api->CancelJob(request);
    if (!response.ok()) {
      const int failed = session.CallFailed(response.status(), "cancel " + job_id);
      if (exit_code == kExitOk) exit_code = failed;
      continue;
    }
    *cancelled.add_jobs() = response->job();
    if (session.is_table()) session.out() << RenderEndLine(response->job(), session.OutView());
    if (session.format() == OutputFormat::kJsonl) session.Print(response->job());
  }
  if (session.format() == OutputFormat::kJson || session.format() == OutputFormat::kYaml) {
    exit_code = MoreSerious(exit_code, session.Print(cancelled));
  }
  return exit_code;
}

}  // namespace

void AddCancel(Command root, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command = root.AddCommand("cancel", "Cancel jobs that have not ended");
  command.AddPositionals("JOB", &options->jobs, "Job ids");
  command.AddOption("--reason", &options->reason, "TEXT", "Kept in the audit log");
  command.SetFooter("What CXone has begun goes on there, and is ignored.");
  command.OnRun([options, &session] { return Cancel(session, *options); });
}

}  // namespace cxscribe::client
