// cxctl delete: deletes jobs that have ended, with their results.
#include <memory>
#include <ostream>

#include "client/api_client.h"
#include "client/exit_code.h"
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
int Delete(Session& session, const Options& options) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  int exit_code = kExitOk;
  v1::ListJobsResponse deleted;
  for (const std::string& job_id : options.jobs) {
    v1::DeleteJobRequest request;
    request.set_job_id(job_id);
    request.set_reason(options.reason);
    const auto response = api->DeleteJob(request);
    if (!response.ok()) {
      const int failed = session.CallFailed(response.status(), "delete " + job_id);
      if (exit_code == kExitOk) exit_code = failed;
    } else if (session.is_table()) {
      session.out() << "Deleted " << Neutralise(job_id) << "\n";
    } else {
      v1::Job* job = deleted.add_jobs();  // its id is all that is left of it
      job->set_job_id(job_id);
      if (session.format() == OutputFormat::kJsonl) session.Print(*job);
    }
  }
  if (session.format() == OutputFormat::kJson || session.format() == OutputFormat::kYaml) {
    exit_code = MoreSerious(exit_code, session.Print(deleted));
  }
  return exit_code;
}

}  // namespace

void AddDelete(Command root, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command = root.AddCommand("delete", "Delete jobs that have ended");
  command.AddPositionals("JOB", &options->jobs, "Job ids");
  command.AddOption("--reason", &options->reason, "TEXT", "Kept in the audit log");
  command.SetFooter(
      "Deletes the results too; the audit entries stay. With -o json, jsonl or yaml it prints the "
      "jobs\n"
      "that it deleted, of which only the ids are left.");
  command.OnRun([options, &session] { return Delete(session, *options); });
}

}  // namespace cxscribe::client
