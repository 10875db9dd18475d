// cxctl submit: starts a job, and follows it with --watch.
#include <algorithm>
#include <memory>
#include <ostream>

#include <absl/strings/str_cat.h>

#include "client/api_client.h"
#include "client/arguments.h"
#include "client/error_view.h"
#include "client/exit_code.h"
#include "client/follow.h"
#include "client/interrupt.h"
#include "client/job_view.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "server/base/clock.h"
#include "server/base/id.h"

namespace cxscribe::client {
namespace {

constexpr int kAttempts = 5;
constexpr absl::Duration kLongestWait = absl::Seconds(30);

struct Options {
  std::vector<std::string> recordings;
  std::string language;
  std::string redaction_policy;
  std::string pipeline;
  bool no_punctuation = false;
  bool no_diarization = false;
  std::string webhook_url;
  std::vector<std::string> labels;
  std::string request_id;
  bool validate_only = false;
  bool watch = false;
  absl::Duration reconnect_timeout = absl::Minutes(10);
};

// The call, again after UNAVAILABLE: the request id makes that safe.
absl::StatusOr<v1::SubmitResponse> SubmitWithRetry(Session& session, ApiClient& api,
                                                   const v1::SubmitRequest& request) {
  Environment& environment = session.environment();
  for (int attempt = 0;; ++attempt) {
    auto response = api.Submit(request);
    if (!absl::IsUnavailable(response.status()) || attempt + 1 == kAttempts) return response;
    const absl::Duration delay = std::max(BackoffDelay(attempt, *environment.random),
                                          std::min(RetryDelayOf(response.status()), kLongestWait));
    session.Note(absl::StrCat(session.server(), " does not answer (",
                              std::string(response.status().message()), "); trying again in ",
                              HumanDuration(delay)));
    environment.interrupt->WaitFor(delay);
  }
}

int Submit(Session& session, const Options& options) {
  Environment& environment = session.environment();
  const auto recordings = ExpandIds(options.recordings, *environment.in);
  if (!recordings.ok()) return session.LocalFailed(recordings.status(), "submit");
  const auto labels = ParseLabels(options.labels);
  if (!labels.ok()) return session.UsageFailed(std::string(labels.status().message()));

  v1::SubmitRequest request;
  request.mutable_recording_ids()->Assign(recordings->begin(), recordings->end());
  request.set_language(options.language);
  request.set_redaction_policy(options.redaction_policy);
  request.set_pipeline(options.pipeline);
  if (options.no_punctuation) request.set_punctuation(false);
  if (options.no_diarization) request.set_diarization(false);
  request.set_webhook_url(options.webhook_url);
  for (const auto& label : *labels) (*request.mutable_labels())[label.first] = label.second;
  request.set_validate_only(options.validate_only);
  request.set_request_id(options.request_id);
  if (options.request_id.empty()) {
    request.set_request_id(UlidGenerator(*environment.clock, *environment.random).Next());
  }

  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const std::string request_id = request.request_id();
  session.Note("Request id: " + request_id);
  const auto response = SubmitWithRetry(session, *api, request);
  if (!response.ok()) {
    const int exit_code = session.CallFailed(
        response.status(), "submit " + Count(request.recording_ids_size(), "recording"));
    if (absl::IsUnavailable(response.status()) || absl::IsDeadlineExceeded(response.status())) {
      // Worth saying even with --quiet: nothing else tells how to go on.
      session.err() << "The server may have taken the job. To repeat without making a second one: "
                       "--request-id "
                    << Neutralise(request_id) << "\n";
    }
    return exit_code;
  }
  const v1::Job& job = response->job();
  if (options.validate_only) {
    if (!session.is_table()) return session.Print(job);
    session.out() << "The request is valid; nothing was started.\n";
    return kExitOk;
  }
  if (response->already_existed()) {
    session.Note("This request id was used before: this is its first job.");
  }
  if (options.watch) {
    session.Note("Submitted " + Count(request.recording_ids_size(), "recording") + " as " +
                 job.job_id());
    FollowOptions follow;
    follow.plan.targets = {{job.job_id(), 0}};
    follow.plan.reconnect_timeout = options.reconnect_timeout;
    // It has just answered: if it is gone now, it is coming back.
    follow.plan.first_connect_timeout = options.reconnect_timeout;
    return FollowJobs(session, follow);
  }
  if (!session.is_table()) return session.Print(job);
  session.out() << Neutralise(job.job_id()) << "\n";
  session.Note(StateName(job.state()) + ". Follow it with: cxctl watch " + job.job_id());
  return kExitOk;
}

}  // namespace

void AddSubmit(Command root, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command = root.AddCommand("submit", "Submit recordings as a job");
  command.AddPositionals("REC", &options->recordings,
                         "Recording ids; @FILE reads them from a file, - from standard input");
  command.AddOption("--language,-l", &options->language, "TAG", "BCP 47; default en-US");
  command.AddOption("--redaction-policy,-r", &options->redaction_policy, "NAME",
                    "pii (default), pci, phi, none or one of the server's");
  command.AddOption("--pipeline,-p", &options->pipeline, "NAME", "Default: default");
  command.AddFlag("--no-punctuation", &options->no_punctuation, "Leave punctuation as it comes");
  command.AddFlag("--no-diarization", &options->no_diarization, "Leave speakers as they come");
  command.AddOption("--webhook-url", &options->webhook_url, "URL", "Called when the job has ended");
  command.AddOption("--label", &options->labels, "KEY=VALUE",
                    "A label of the job; repeat for more");
  command.AddOption("--request-id", &options->request_id, "ID",
                    "Makes repeating safe; default a new one, which is printed");
  command.AddFlag("--validate-only", &options->validate_only,
                  "Check the request and the recordings, start nothing");
  command.AddFlag("--watch,-w", &options->watch, "Follow the job to its end");
  command.AddOption("--reconnect-timeout", &options->reconnect_timeout,
                    "With --watch: how long to look for a lost server; default 10m");
  command.SetFooter(
      "Prints the job's id, or the Job with -o json, jsonl or yaml. An UNAVAILABLE server is "
      "tried\n"
      "five times, with the same request id.\n\n" +
      std::string(ExitCodeHelp()));
  command.OnRun([options, &session] { return Submit(session, *options); });
}

}  // namespace cxscribe::client
