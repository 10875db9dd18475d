#include "client/follow.h"

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>

#include <absl/strings/str_cat.h>

#include "client/api_client.h"
#include "client/error_view.h"
#include "client/exit_code.h"
#include "client/interrupt.h"
#include "client/job_view.h"
#include "client/live_view.h"
#include "client/session.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "server/base/clock.h"

namespace cxscribe::client {
namespace {

constexpr absl::Duration kRedrawOnChange = absl::Milliseconds(100);
constexpr absl::Duration kRedrawWhenIdle = absl::Seconds(1);

// Shows what the watch loop reports.
class Reporter final : public WatchObserver {
 public:
  Reporter(Session& session, const FollowOptions& options) : session_(session) {
    const Environment& environment = session.environment();
    const bool lines_on_terminal =
        environment.out_is_terminal && session.format() == OutputFormat::kJsonl;
    const bool lines_in_table = session.is_table() && !environment.out_is_terminal;
    live_ = options.show_progress && environment.err_is_terminal && !session.quiet() &&
            !lines_on_terminal;
    state_lines_ = options.show_progress && (lines_in_table || (session.is_table() && !live_));
    every_update_ = options.show_progress && session.format() == OutputFormat::kJsonl;
    last_updates_ = !options.show_progress && session.format() == OutputFormat::kJsonl;
    for (const WatchedJob& target : options.plan.targets) {
      v1::Job unknown;
      unknown.set_job_id(target.job_id);
      index_.emplace(target.job_id, jobs_.size());
      jobs_.push_back(std::move(unknown));
    }
  }

  ~Reporter() override { Erase(); }
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  void OnJob(const v1::Job& job) override {
    v1::Job& known = jobs_[index_.at(job.job_id())];
    // On a terminal the bar moves; elsewhere every tenth is worth a line.
    const bool worth_a_line = known.state() != job.state() ||
                              known.progress_percent() / 10 != job.progress_percent() / 10;
    known = job;
    if (every_update_ || (last_updates_ && IsEndState(job.state()))) {
      session_.Print(job);
      session_.out().flush();
    }
    if (state_lines_ && worth_a_line) {
      session_.out() << RenderStateLine(job, session_.OutView());
      session_.out().flush();
    }
    Redraw(kRedrawOnChange);
  }

  void OnTick() override { Redraw(kRedrawWhenIdle); }

  void OnLost(const absl::Status& status, absl::Duration delay) override {
    if (lost_) return;  // said once
    lost_ = true;
    Erase();
    session_.Note(absl::StrCat("Lost ", session_.server(), " (", std::string(status.message()),
                               "); the jobs go on. Trying again, first in ", HumanDuration(delay),
                               "; Ctrl-C stops watching."));
  }

  void OnRestored() override {
    lost_ = false;
    Erase();
    session_.Note("Connected again.");
  }

  // Whether the lines on standard output have told how every job ended.
  bool has_told_ends() const { return state_lines_; }

  void Erase() {
    if (!live_) return;
    session_.err() << block_.Clear() << std::flush;
    drawn_ = absl::InfinitePast();
  }

 private:
  void Redraw(absl::Duration at_most_every) {
    if (!live_ || lost_) return;
    const absl::Time now = session_.environment().clock->Now();
    if (now - drawn_ < at_most_every) return;
    drawn_ = now;
    const int max_lines = std::max(2, session_.environment().height - 1);
    session_.err() << block_.Draw(RenderLive(jobs_, session_.ErrView(), max_lines)) << std::flush;
  }

  Session& session_;
  bool live_ = false;          // a picture on standard error
  bool state_lines_ = false;   // a line per change of state or tenth on standard output
  bool every_update_ = false;  // a Job per update on standard output
  bool last_updates_ = false;  // a Job per job on standard output, once it has ended
  bool lost_ = false;
  std::vector<v1::Job> jobs_;  // in the order asked for
  std::map<std::string, size_t> index_;
  LiveBlock block_;
  absl::Time drawn_ = absl::InfinitePast();
};

// What the compliance of a job that succeeded adds to the exit code; prints what stands against it.
int CheckCompliance(Session& session, ApiClient& api, const v1::Job& job) {
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  request.set_page_bytes(1);  // the first page has the outcomes, and needs no more than one segment
  const auto result = api.GetResult(request);
  if (!result.ok()) {
    return session.CallFailed(result.status(), "get the compliance outcomes of " + job.job_id());
  }
  const int exit_code = ExitOfResult(*result);
  if (exit_code == kExitNotCompliant) {
    session.Note(
        absl::StrCat(job.job_id(), ": compliance not PASS: ",
                     DescribeNonCompliance(result->compliance(), result->redaction_policy()),
                     ". See: cxctl result ", job.job_id()));
  }
  return exit_code;
}

// What a job that has ended adds to the exit code; says on standard error what a person should
// know.
int ConcludeJob(Session& session, ApiClient& api, const v1::Job& job) {
  if (job.state() == v1::JOB_STATE_SUCCEEDED) return CheckCompliance(session, api, job);
  if (job.has_error() && !session.quiet()) {
    session.err() << Neutralise(job.job_id()) << " " << StateName(job.state()) << ":\n"
                  << DescribeJobError(job.error(), 2, session.ErrView());
  }
  if (job.state() == v1::JOB_STATE_QUARANTINED) {
    session.Note(absl::StrCat(
        job.job_id(), ": the text is withheld until a person decides: cxctl resolve ", job.job_id(),
        " --release|--redact|--reject --reason REASON (where the server has it: 0.1 does not)"));
  } else if (job.state() == v1::JOB_STATE_NEEDS_ATTENTION) {
    session.Note(absl::StrCat(job.job_id(), ": an operator must decide: cxctl resolve ",
                              job.job_id(),
                              " --attach TXN|--resubmit|--reject --reason REASON (where the server "
                              "has it: 0.1 does not)"));
  }
  return ExitOfJob(job);
}

int Detach(Session& session, const FollowOptions& options, const WatchOutcome& outcome) {
  std::string command = "cxctl " + options.resume_verb;
  for (const WatchedJob& target : ResumeTargets(options.plan, outcome)) {
    absl::StrAppend(&command, " ", ToText(target));
  }
  // Worth saying even with --quiet: nothing else tells how to go on.
  session.err() << "\nDetached; nothing was cancelled. Resume with: " << Neutralise(command)
                << "\n";
  return kExitInterrupted;
}

}  // namespace

int FollowJobs(Session& session, const FollowOptions& options) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const InterruptHold hold(*session.environment().interrupt);
  WatchOutcome outcome;
  bool prints_ends = session.is_table();
  {
    Reporter reporter(session, options);
    prints_ends = prints_ends && !reporter.has_told_ends();
    outcome = RunWatch(*api, options.plan, *session.environment().clock,
                       *session.environment().random, *session.environment().interrupt, reporter);
  }
  if (outcome.interrupted) return Detach(session, options, outcome);

  v1::ListJobsResponse all;
  int exit_code = kExitOk;
  for (const WatchedJob& target : options.plan.targets) {
    const auto seen = outcome.jobs.find(target.job_id);
    if (seen == outcome.jobs.end()) continue;
    const v1::Job& job = seen->second;
    *all.add_jobs() = job;
    if (prints_ends) session.out() << RenderEndLine(job, session.OutView());
    if (IsEndState(job.state())) {
      session.out().flush();
      exit_code = MoreSerious(exit_code, ConcludeJob(session, *api, job));
    }
  }
  if (session.format() == OutputFormat::kJson || session.format() == OutputFormat::kYaml) {
    exit_code = MoreSerious(exit_code, session.Print(all));
  }
  if (outcome.status.ok()) return exit_code;
  exit_code = MoreSerious(
      exit_code, session.CallFailed(
                     outcome.status,
                     "watch " + Count(static_cast<int64_t>(options.plan.targets.size()), "job")));
  std::string resume;
  for (const WatchedJob& target : ResumeTargets(options.plan, outcome)) {
    absl::StrAppend(&resume, " ", ToText(target));
  }
  if (absl::IsUnavailable(outcome.status)) {
    session.Note("Resume with: cxctl " + options.resume_verb + resume);
  }
  return exit_code;
}

}  // namespace cxscribe::client
