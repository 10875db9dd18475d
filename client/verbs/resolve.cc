// cxctl resolve: a person's decision about a job that waits for one.
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
  std::string job_id;
  bool release = false;
  bool redact = false;
  bool reject = false;
  bool resubmit = false;
  std::string attach;
  std::string reason;
};

// The one resolution that was asked for; RESOLUTION_UNSPECIFIED for none and for several.
v1::Resolution ResolutionOf(const Options& options) {
  const std::pair<bool, v1::Resolution> asked[] = {{options.release, v1::RESOLUTION_RELEASE},
                                                   {options.redact, v1::RESOLUTION_REDACT},
                                                   {options.reject, v1::RESOLUTION_REJECT},
                                                   {!options.attach.empty(), v1::RESOLUTION_ATTACH},
                                                   {options.resubmit, v1::RESOLUTION_RESUBMIT}};
  v1::Resolution resolution = v1::RESOLUTION_UNSPECIFIED;
  for (const auto& one : asked) {
    if (!one.first) continue;
    if (resolution != v1::RESOLUTION_UNSPECIFIED) return v1::RESOLUTION_UNSPECIFIED;
    resolution = one.second;
  }
  return resolution;
}

int Resolve(Session& session, const Options& options) {
  v1::ResolveJobRequest request;
  request.set_job_id(options.job_id);
  request.set_resolution(ResolutionOf(options));
  request.set_transcription_id(options.attach);
  request.set_reason(options.reason);
  if (request.resolution() == v1::RESOLUTION_UNSPECIFIED) {
    return session.UsageFailed(
        "resolve: give one of --release, --redact, --reject, --attach TXN, --resubmit");
  }
  if (options.reason.empty()) {
    return session.UsageFailed("resolve: --reason is needed; the audit log keeps it");
  }
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const auto response = api->ResolveJob(request);
  if (!response.ok()) return session.CallFailed(response.status(), "resolve " + options.job_id);
  if (!session.is_table()) return session.Print(response->job());
  session.out() << RenderEndLine(response->job(), session.OutView());
  return kExitOk;
}

}  // namespace

void AddResolve(Command root, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command =
      root.AddCommand("resolve", "Decide about a job that is QUARANTINED or NEEDS_ATTENTION");
  command.AddPositional("JOB", &options->job_id, "Job id");
  command.AddFlag("--release", &options->release, "QUARANTINED: give out the text as it is");
  command.AddFlag("--redact", &options->redact, "QUARANTINED: give it out with findings masked");
  command.AddFlag("--reject", &options->reject, "Fail the job");
  command.AddOption("--attach", &options->attach, "TXN",
                    "NEEDS_ATTENTION: go on with this transcription");
  command.AddFlag("--resubmit", &options->resubmit,
                  "NEEDS_ATTENTION: submit again; a second transcription may come of it");
  command.AddOption("--reason", &options->reason, "TEXT", "Required; kept in the audit log");
  command.OnRun([options, &session] { return Resolve(session, *options); });
}

}  // namespace cxscribe::client
