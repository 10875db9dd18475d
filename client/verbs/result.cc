// cxctl result: the verified transcript of a job that has ended.
#include <memory>
#include <ostream>

#include <absl/strings/str_cat.h>

#include "client/api_client.h"
#include "client/exit_code.h"
#include "client/result_pages.h"
#include "client/result_view.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/transcription_service.pb.h"

namespace cxscribe::client {
namespace {

int Result(Session& session, const std::string& job_id) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const auto result = GetWholeResult(*api, job_id);
  if (!result.ok()) return session.CallFailed(result.status(), "get the result of " + job_id);
  if (session.is_table()) {
    session.out() << RenderResult(*result, session.OutView());
  } else if (const int printed = session.Print(*result); printed != kExitOk) {
    return printed;
  }
  session.out().flush();
  const int exit_code = ExitOfResult(*result);
  if (exit_code == kExitNeedsPerson) {
    session.Note("The text is withheld until a person resolves the job.");
  } else if (exit_code == kExitNotCompliant) {
    session.Note("Compliance not PASS: " +
                 DescribeNonCompliance(result->compliance(), result->redaction_policy()));
  }
  return exit_code;
}

}  // namespace

void AddResult(Command root, Session& session) {
  auto job_id = std::make_shared<std::string>();
  const Command command = root.AddCommand("result", "Print a job's transcript and its evidence");
  command.AddPositional("JOB", job_id.get(), "Job id");
  command.SetFooter(
      "As a table: the transcript turn by turn, findings, compliance, stages and audit entry. "
      "Other\n"
      "formats print one whole GetResultResponse, all of its pages joined.\n\n" +
      std::string(ExitCodeHelp()));
  command.OnRun([job_id, &session] { return Result(session, *job_id); });
}

}  // namespace cxscribe::client
