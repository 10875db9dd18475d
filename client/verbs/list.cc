// cxctl list: jobs, newest first.
#include <algorithm>
#include <memory>
#include <ostream>

#include <absl/strings/str_cat.h>

#include "client/api_client.h"
#include "client/arguments.h"
#include "client/exit_code.h"
#include "client/job_view.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "server/base/clock.h"

namespace cxscribe::client {
namespace {

constexpr int kLargestPage = 1000;

struct Options {
  std::vector<std::string> states;
  std::vector<std::string> labels;
  std::string since;
  std::string until;
  int limit = 50;
  std::string page_token;
};

absl::Status SetTime(const Session& session, const Environment& environment,
                     const std::string& text, google::protobuf::Timestamp& timestamp) {
  const auto time = ParseTime(text, session.OutView().now, environment.zone);
  if (!time.ok()) return time.status();
  timestamp = ToTimestamp(*time);
  return absl::OkStatus();
}

absl::StatusOr<v1::ListJobsRequest> MakeRequest(Session& session, const Options& options) {
  v1::ListJobsRequest request;
  for (const std::string& name : options.states) request.add_states(*ParseState(name));
  const auto labels = ParseLabels(options.labels);
  if (!labels.ok()) return labels.status();
  for (const auto& label : *labels) (*request.mutable_labels())[label.first] = label.second;
  absl::Status status;
  if (!options.since.empty()) {
    status.Update(
        SetTime(session, session.environment(), options.since, *request.mutable_created_after()));
  }
  if (!options.until.empty()) {
    status.Update(
        SetTime(session, session.environment(), options.until, *request.mutable_created_before()));
  }
  if (!status.ok()) return status;
  request.set_page_token(options.page_token);
  return request;
}

int List(Session& session, const Options& options) {
  auto request = MakeRequest(session, options);
  if (!request.ok()) return session.UsageFailed(std::string(request.status().message()));
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  v1::ListJobsResponse all;
  do {
    int page_size = kLargestPage;
    if (options.limit > 0) page_size = std::min(page_size, options.limit - all.jobs_size());
    request->set_page_size(page_size);
    auto page = api->ListJobs(*request);
    if (!page.ok()) return session.CallFailed(page.status(), "list jobs");
    all.mutable_jobs()->MergeFrom(page->jobs());
    all.set_next_page_token(page->next_page_token());
    request->set_page_token(page->next_page_token());
  } while (!all.next_page_token().empty() &&
           (options.limit == 0 || all.jobs_size() < options.limit));

  if (session.format() == OutputFormat::kJsonl) {
    for (const v1::Job& job : all.jobs()) {
      if (const int printed = session.Print(job); printed != kExitOk) return printed;
    }
  } else if (!session.is_table()) {
    return session.Print(all);
  } else {
    session.out() << RenderJobs(all, session.OutView());
  }
  session.out().flush();
  if (!all.next_page_token().empty()) {
    session.Note(absl::StrCat("There are more. Go on with --page-token ", all.next_page_token(),
                              " or --limit 0"));
  }
  return kExitOk;
}

}  // namespace

void AddList(Command root, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command = root.AddCommand("list", "List jobs, newest first");
  command.AddChoices("--state", &options->states, StateNames(),
                     "Only jobs in this state; repeat for more");
  command.AddOption("--label", &options->labels, "KEY=VALUE",
                    "Only jobs with this label; repeat for more");
  command.AddOption("--since", &options->since, "TIME",
                    "Created then or later: 2h, 7d, 2024-01-15, 2024-01-15T10:00:00Z");
  command.AddOption("--until", &options->until, "TIME", "Created before then");
  command.AddOption("--limit", &options->limit, 0, 1'000'000, "N",
                    "At most so many; default 50, 0 for all");
  command.AddOption("--page-token", &options->page_token, "TOKEN", "Go on where a list ended");
  command.OnRun([options, &session] { return List(session, *options); });
}

}  // namespace cxscribe::client
