// cxctl from the command line to its output and exit code, against the fakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/version.h"
#include "tests/client/fakes.h"
#include "tests/support/temp_dir.h"

namespace cxscribe::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

absl::StatusOr<v1::SubmitResponse> Accept(const v1::SubmitRequest& request) {
  v1::SubmitResponse response;
  *response.mutable_job() = MakeJob("job_1", v1::JOB_STATE_QUEUED, 1);
  *response.mutable_job()->mutable_recording_ids() = request.recording_ids();
  return response;
}

WatchScript EndsAs(v1::JobState state, const std::string& job_id = "job_1") {
  return {{WatchStep::Of(MakeJob(job_id, v1::JOB_STATE_QUEUED, 1)),
           WatchStep::Of(MakeJob(job_id, v1::JOB_STATE_TRANSCRIBING, 2, 10)),
           WatchStep::Of(MakeJob(job_id, v1::JOB_STATE_TRANSCRIBING, 3, 60)),
           WatchStep::Of(MakeJob(job_id, state, 4, 100))},
          absl::OkStatus()};
}

TEST(Cxctl, PrintsItsVersion) {
  Harness cxctl;
  EXPECT_EQ(cxctl.Run({"--version"}), 0);
  EXPECT_EQ(cxctl.out.str(), std::string("cxctl ") + kVersion + "\n");
}

TEST(Cxctl, UsageErrorsAre2AndNameTheHelp) {
  Harness cxctl;
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"frobnicate"},
           {"pipeline"},
           {"get"},
           {"get", "a", "b"},
           {"list", "--state", "done"},
           {"list", "--limit", "-1"},
           {"list", "--since", "yesterday"},
           {"get", "job_1", "-o", "xml"},
           {"get", "job_1", "--timeout", "soon"},
           {"submit"},
           {"submit", "rec_1", "--label", "novalue"},
           {"watch", "job_1@x"},
           {"watch", "job_1", "job_1@2"},
           {"resolve", "job_1", "--release"},
           {"resolve", "job_1", "--release", "--reject", "--reason", "r"},
           {"completion", "tcsh"}}) {
    EXPECT_EQ(cxctl.Run(arguments), 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(cxctl.err.str(), Not(IsEmpty()));
    EXPECT_THAT(cxctl.out.str(), IsEmpty());
  }
  cxctl.Run({"get"});
  EXPECT_THAT(cxctl.err.str(), HasSubstr("See 'cxctl get --help'."));
}

TEST(Cxctl, GlobalOptionsMayStandAnywhere) {
  Harness cxctl;
  cxctl.api.get_job.answer = [](const v1::GetJobRequest&) { return v1::GetJobResponse(); };
  EXPECT_EQ(cxctl.Run({"--server", "localhost:1", "get", "job_1", "--timeout", "1m30s"}), 0);
  EXPECT_EQ(cxctl.server.address, "localhost:1");
  EXPECT_EQ(cxctl.server.timeout, absl::Seconds(90));
  EXPECT_EQ(cxctl.Run({"get", "job_1", "--server=localhost:2", "--timeout", "5"}), 0);
  EXPECT_EQ(cxctl.server.address, "localhost:2");
  EXPECT_EQ(cxctl.server.timeout, absl::Seconds(5));
}

TEST(Cxctl, ABadProfileIsALocalError) {
  Harness cxctl;
  EXPECT_EQ(cxctl.Run({"get", "job_1", "--profile", "nowhere"}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("there is no profile \"nowhere\""));
}

TEST(Cxctl, AnOutputThatCannotBeWrittenIsALocalError) {
  Harness cxctl;
  cxctl.out.setstate(std::ios::badbit);
  EXPECT_EQ(RunCxctl({"--version"}, cxctl.environment), 1);
}

TEST(CxctlSubmit, SendsWhatWasAskedAndPrintsTheId) {
  Harness cxctl;
  cxctl.api.submit.answer = Accept;
  EXPECT_EQ(
      cxctl.Run({"submit", "rec_a", "rec_b", "--language", "de-DE", "--redaction-policy", "pci",
                 "--pipeline", "p", "--no-punctuation", "--webhook-url", "https://example.com/h",
                 "--label", "team=claims", "--label", "a=b=c", "--request-id", "r-1"}),
      0)
      << cxctl.err.str();
  EXPECT_EQ(cxctl.out.str(), "job_1\n");
  EXPECT_THAT(cxctl.err.str(), HasSubstr("Request id: r-1\n"));
  ASSERT_THAT(cxctl.api.submit.requests, SizeIs(1));
  const v1::SubmitRequest& request = cxctl.api.submit.requests[0];
  EXPECT_THAT(request.recording_ids(), ElementsAre("rec_a", "rec_b"));
  EXPECT_EQ(request.language(), "de-DE");
  EXPECT_EQ(request.redaction_policy(), "pci");
  EXPECT_EQ(request.pipeline(), "p");
  EXPECT_TRUE(request.has_punctuation());
  EXPECT_FALSE(request.punctuation());
  EXPECT_FALSE(request.has_diarization());
  EXPECT_EQ(request.webhook_url(), "https://example.com/h");
  EXPECT_EQ(request.labels().at("team"), "claims");
  EXPECT_EQ(request.labels().at("a"), "b=c");
  EXPECT_EQ(request.request_id(), "r-1");
  EXPECT_FALSE(request.validate_only());
}

TEST(CxctlSubmit, RetriesUnavailableWithOneRequestIdThatItPrints) {
  Harness cxctl;
  int calls = 0;
  cxctl.api.submit.answer = [&calls](const v1::SubmitRequest& request) {
    return ++calls < 3 ? absl::UnavailableError("connection refused") : Accept(request);
  };
  EXPECT_EQ(cxctl.Run({"submit", "rec_a"}), 0);
  ASSERT_THAT(cxctl.api.submit.requests, SizeIs(3));
  const std::string& id = cxctl.api.submit.requests[0].request_id();
  EXPECT_EQ(id.size(), 26u);
  EXPECT_EQ(cxctl.api.submit.requests[2].request_id(), id);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("Request id: " + id));
  EXPECT_THAT(cxctl.interrupt.waits, SizeIs(2));
}

TEST(CxctlSubmit, GivesUpAfterFiveTriesAndSaysHowToRepeatSafely) {
  Harness cxctl;
  cxctl.api.submit.answer = [](const v1::SubmitRequest&) {
    return absl::UnavailableError("connection refused");
  };
  EXPECT_EQ(cxctl.Run({"submit", "rec_a", "--request-id", "r-1"}), 78);
  EXPECT_THAT(cxctl.api.submit.requests, SizeIs(5));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("Is cxscribed running at 127.0.0.1:7400?"));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("--request-id r-1"));
}

TEST(CxctlSubmit, DoesNotRetryOtherErrorsAndPrintsEveryField) {
  Harness cxctl;
  cxctl.api.submit.answer = [](const v1::SubmitRequest&) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "2 fields are wrong")
        .Field("language", "not BCP 47")
        .Field("webhook_url", "not a URL")
        .Build();
  };
  EXPECT_EQ(cxctl.Run({"submit", "rec_a"}), 67);
  EXPECT_THAT(cxctl.api.submit.requests, SizeIs(1));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("- language: not BCP 47\n"));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("- webhook_url: not a URL\n"));
}

TEST(CxctlSubmit, ReadsIdsFromInputAndFiles) {
  Harness cxctl;
  cxctl.api.submit.answer = Accept;
  const TempDir folder;
  const std::string file = folder.Write("ids", "rec_c # the third\n\n  rec_d rec_e\n");
  cxctl.in.str("rec_a\nrec_b\n");
  EXPECT_EQ(cxctl.Run({"submit", "-", "@" + file, "rec_f"}), 0);
  EXPECT_THAT(cxctl.api.submit.requests[0].recording_ids(),
              ElementsAre("rec_a", "rec_b", "rec_c", "rec_d", "rec_e", "rec_f"));
  EXPECT_EQ(cxctl.Run({"submit", "@" + folder.File("missing")}), 1);
}

TEST(CxctlSubmit, ValidateOnlyStartsNothing) {
  Harness cxctl;
  cxctl.api.submit.answer = [](const v1::SubmitRequest&) { return v1::SubmitResponse(); };
  EXPECT_EQ(cxctl.Run({"submit", "rec_a", "--validate-only", "--watch"}), 0);
  EXPECT_TRUE(cxctl.api.submit.requests[0].validate_only());
  EXPECT_THAT(cxctl.api.watch_requests, IsEmpty());
  EXPECT_THAT(cxctl.out.str(), HasSubstr("valid"));
}

TEST(CxctlSubmit, WatchFollowsTheJobToItsEnd) {
  Harness cxctl;
  cxctl.api.submit.answer = Accept;
  cxctl.api.watches.push_back(EndsAs(v1::JOB_STATE_SUCCEEDED));
  cxctl.api.get_result.answer = [](const v1::GetResultRequest&) { return MakeResult("job_1"); };
  EXPECT_EQ(cxctl.Run({"submit", "rec_a", "--watch"}), 0);
  EXPECT_EQ(cxctl.out.str(),
            "2024-01-15 09:59:30  job_1  QUEUED  0%\n"
            "2024-01-15 09:59:30  job_1  TRANSCRIBING  10%\n"
            "2024-01-15 09:59:30  job_1  TRANSCRIBING  60%\n"
            "2024-01-15 09:59:30  job_1  SUCCEEDED\n");
}

TEST(CxctlSubmit, PrintsTheJobInOtherFormats) {
  Harness cxctl;
  cxctl.api.submit.answer = Accept;
  EXPECT_EQ(cxctl.Run({"submit", "rec_a", "-o", "json"}), 0);
  EXPECT_EQ(nlohmann::json::parse(cxctl.out.str())["job_id"], "job_1");
}

TEST(CxctlWatch, ExitCodesTellHowTheJobsEnded) {
  const std::pair<v1::JobState, int> expected[] = {{v1::JOB_STATE_SUCCEEDED, 0},
                                                   {v1::JOB_STATE_FAILED, 3},
                                                   {v1::JOB_STATE_QUARANTINED, 5},
                                                   {v1::JOB_STATE_NEEDS_ATTENTION, 5},
                                                   {v1::JOB_STATE_CANCELLED, 6}};
  for (const char* verb : {"watch", "wait"}) {
    for (const auto& one : expected) {
      Harness cxctl;
      cxctl.api.watches.push_back(EndsAs(one.first));
      cxctl.api.get_result.answer = [](const v1::GetResultRequest&) { return MakeResult("job_1"); };
      EXPECT_EQ(cxctl.Run({verb, "job_1"}), one.second) << verb << v1::JobState_Name(one.first);
    }
  }
}

TEST(CxctlWatch, ComplianceThatDoesNotPassIs4AndSaysWhat) {
  Harness cxctl;
  cxctl.api.watches.push_back(EndsAs(v1::JOB_STATE_SUCCEEDED));
  cxctl.api.get_result.answer = [](const v1::GetResultRequest&) {
    v1::GetResultResponse result = MakeResult("job_1");
    result.mutable_compliance()->set_pii_redacted(v1::OUTCOME_FAIL);
    return result;
  };
  EXPECT_EQ(cxctl.Run({"wait", "job_1"}), 4);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("pii_redacted FAIL"));
  EXPECT_EQ(cxctl.api.get_result.requests[0].page_bytes(), 1);
}

TEST(CxctlWatch, AFailedJobsErrorIsPrinted) {
  Harness cxctl;
  v1::Job job = MakeJob("job_1", v1::JOB_STATE_FAILED, 4);
  *job.mutable_error() = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kNotFound, "UPSTREAM_GONE", "txn_1 is gone").Build());
  cxctl.api.watches.push_back({{WatchStep::Of(job)}, absl::OkStatus()});
  EXPECT_EQ(cxctl.Run({"watch", "job_1"}), 3);
  EXPECT_THAT(cxctl.err.str(),
              HasSubstr("job_1 FAILED:\n  NOT_FOUND, UPSTREAM_GONE: txn_1 is gone"));
}

TEST(CxctlWatch, ACallThatFailsIs64AndMore) {
  Harness cxctl;
  cxctl.api.watches.push_back({{}, absl::NotFoundError("no job job_1")});
  EXPECT_EQ(cxctl.Run({"watch", "job_1"}), 69);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("no job job_1"));
}

TEST(CxctlWatch, CtrlCDetachesAndSaysHowToResume) {
  Harness cxctl;
  cxctl.api.watches.push_back({{WatchStep::Of(MakeJob("job_1", v1::JOB_STATE_TRANSCRIBING, 7)),
                                WatchStep::Do([&cxctl] { cxctl.interrupt.Raise(); })},
                               absl::OkStatus()});
  EXPECT_EQ(cxctl.Run({"watch", "job_1", "job_2@3", "-q"}), 130);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("Resume with: cxctl watch job_1@7 job_2@3\n"));
  EXPECT_EQ(cxctl.interrupt.holders, 0);
}

TEST(CxctlWatch, SaysOnceThatItLostTheServerAndThatItIsBack) {
  Harness cxctl;
  cxctl.api.watches.push_back({{WatchStep::Of(MakeJob("job_1", v1::JOB_STATE_TRANSCRIBING, 7))},
                               absl::UnavailableError("Socket closed")});
  cxctl.api.watches.push_back({{}, absl::UnavailableError("connection refused")});
  cxctl.api.watches.push_back(
      {{WatchStep::Of(MakeJob("job_1", v1::JOB_STATE_CANCELLED, 9))}, absl::OkStatus()});
  EXPECT_EQ(cxctl.Run({"watch", "job_1"}), 6);
  EXPECT_THAT(cxctl.err.str(), StartsWith("Lost 127.0.0.1:7400 (Socket closed); the jobs go on."));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("Connected again.\n"));
  EXPECT_THAT(cxctl.err.str(), Not(HasSubstr("connection refused")));
  EXPECT_EQ(cxctl.api.watch_requests[1].targets(0).after_revision(), 7);
}

TEST(CxctlWatch, JsonlIsAJobPerUpdate) {
  Harness cxctl;
  cxctl.api.watches.push_back(EndsAs(v1::JOB_STATE_CANCELLED));
  EXPECT_EQ(cxctl.Run({"watch", "job_1", "-o", "jsonl"}), 6);
  std::istringstream lines(cxctl.out.str());
  std::vector<std::string> revisions;
  for (std::string line; std::getline(lines, line);) {
    revisions.push_back(nlohmann::json::parse(line)["revision"]);
  }
  EXPECT_THAT(revisions, ElementsAre("1", "2", "3", "4"));
}

TEST(CxctlWatch, JsonIsOneDocumentOfHowTheJobsEnded) {
  Harness cxctl;
  cxctl.api.watches.push_back(EndsAs(v1::JOB_STATE_CANCELLED));
  EXPECT_EQ(cxctl.Run({"watch", "job_1", "-o", "json"}), 6);
  const auto document = nlohmann::json::parse(cxctl.out.str());
  ASSERT_EQ(document["jobs"].size(), 1u);
  EXPECT_EQ(document["jobs"][0]["state"], "JOB_STATE_CANCELLED");
}

TEST(CxctlWatch, OnATerminalShowsProgressInPlaceOnStandardError) {
  Harness cxctl;
  cxctl.environment.out_is_terminal = true;
  cxctl.environment.err_is_terminal = true;
  WatchScript script = EndsAs(v1::JOB_STATE_CANCELLED);
  script.steps.insert(script.steps.begin() + 2, WatchStep::Silence(absl::Seconds(2)));
  cxctl.api.watches.push_back(script);
  EXPECT_EQ(cxctl.Run({"watch", "job_1", "--no-color"}), 6);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("\rjob_1  QUEUED"));
  EXPECT_THAT(cxctl.err.str(), HasSubstr(" 10%"));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("\r\x1b[J"));
  EXPECT_EQ(cxctl.out.str(), "job_1  CANCELLED  1 recording  1 min 2 s\n");
}

TEST(CxctlWatch, QuietShowsNoProgress) {
  Harness cxctl;
  cxctl.environment.err_is_terminal = true;
  cxctl.api.watches.push_back(EndsAs(v1::JOB_STATE_CANCELLED));
  EXPECT_EQ(cxctl.Run({"watch", "job_1", "-q", "-o", "json"}), 6);
  EXPECT_THAT(cxctl.err.str(), IsEmpty());
}

TEST(CxctlWait, PrintsOnlyHowTheJobsEnded) {
  Harness cxctl;
  cxctl.environment.err_is_terminal = true;
  cxctl.api.watches.push_back(EndsAs(v1::JOB_STATE_CANCELLED));
  EXPECT_EQ(cxctl.Run({"wait", "job_1"}), 6);
  EXPECT_EQ(cxctl.out.str(), "job_1  CANCELLED  1 recording  1 min\n");
  EXPECT_THAT(cxctl.err.str(), IsEmpty());
}

TEST(CxctlResult, ExitCodeTellsWhatTheResultIsWorth) {
  Harness cxctl;
  v1::GetResultResponse result = MakeResult("job_1");
  cxctl.api.get_result.answer = [&result](const v1::GetResultRequest&) { return result; };
  EXPECT_EQ(cxctl.Run({"result", "job_1"}), 0);
  result.mutable_compliance()->set_pii_redacted(v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(cxctl.Run({"result", "job_1"}), 4);
  result.set_withheld(true);
  EXPECT_EQ(cxctl.Run({"result", "job_1", "-o", "json"}), 5);
  EXPECT_EQ(nlohmann::json::parse(cxctl.out.str())["withheld"], true);
  cxctl.api.get_result.answer = [](const v1::GetResultRequest&) {
    return absl::FailedPreconditionError("job_1 is TRANSCRIBING");
  };
  EXPECT_EQ(cxctl.Run({"result", "job_1"}), 73);
}

TEST(CxctlList, FollowsPagesUpToTheLimit) {
  Harness cxctl;
  cxctl.api.list_jobs.answer = [](const v1::ListJobsRequest& request) {
    v1::ListJobsResponse page;
    for (int i = 0; i < std::min(request.page_size(), 2); ++i) {
      *page.add_jobs() = MakeJob("job", v1::JOB_STATE_QUEUED, 1);
    }
    page.set_next_page_token("next");
    return page;
  };
  EXPECT_EQ(
      cxctl.Run({"list", "--limit", "3", "-o", "json", "--state", "queued", "--state",
                 "JOB_STATE_FAILED", "--label", "a=b", "--since", "2h", "--until", "2024-01-15"}),
      2)
      << "a prefix is not one of the choices";
  EXPECT_EQ(cxctl.Run({"list", "--limit", "3", "-o", "json", "--state", "Queued", "--state",
                       "failed", "--label", "a=b", "--since", "2h", "--until", "2024-01-15"}),
            0)
      << cxctl.err.str();
  ASSERT_THAT(cxctl.api.list_jobs.requests, SizeIs(2));
  const v1::ListJobsRequest& last = cxctl.api.list_jobs.requests[1];
  EXPECT_EQ(last.page_size(), 1);
  EXPECT_EQ(last.page_token(), "next");
  EXPECT_THAT(last.states(), ElementsAre(v1::JOB_STATE_QUEUED, v1::JOB_STATE_FAILED));
  EXPECT_EQ(last.labels().at("a"), "b");
  EXPECT_EQ(last.created_after().seconds(), 1'705'312'800 - 7200);
  EXPECT_EQ(last.created_before().seconds(), 1'705'276'800);
  EXPECT_EQ(nlohmann::json::parse(cxctl.out.str())["jobs"].size(), 3u);
  EXPECT_EQ(nlohmann::json::parse(cxctl.out.str())["next_page_token"], "next");
  EXPECT_EQ(cxctl.Run({"list", "--limit", "2"}), 0);
  EXPECT_EQ(cxctl.err.str(), "There are more. Go on with --page-token next or --limit 0\n");
}

TEST(CxctlEvents, FollowsPages) {
  Harness cxctl;
  cxctl.api.list_events.answer = [](const v1::ListJobEventsRequest& request) {
    v1::ListJobEventsResponse page;
    page.add_events()->set_type(request.page_token().empty() ? "SUBMITTED" : "STATE_CHANGED");
    if (request.page_token().empty()) page.set_next_page_token("2");
    return page;
  };
  EXPECT_EQ(cxctl.Run({"events", "job_1", "-o", "jsonl"}), 0);
  EXPECT_THAT(cxctl.out.str(), HasSubstr("SUBMITTED"));
  EXPECT_THAT(cxctl.out.str(), HasSubstr("STATE_CHANGED"));
}

TEST(CxctlCancel, TriesEveryJobAndReportsTheFirstFailure) {
  Harness cxctl;
  cxctl.api.cancel_job.answer =
      [](const v1::CancelJobRequest& request) -> absl::StatusOr<v1::CancelJobResponse> {
    if (request.job_id() == "job_1") return absl::FailedPreconditionError("it has ended");
    v1::CancelJobResponse response;
    *response.mutable_job() = MakeJob(request.job_id(), v1::JOB_STATE_CANCELLED, 2);
    return response;
  };
  EXPECT_EQ(cxctl.Run({"cancel", "job_1", "job_2", "--reason", "why"}), 73);
  EXPECT_THAT(cxctl.out.str(), StartsWith("job_2  CANCELLED"));
  EXPECT_EQ(cxctl.api.cancel_job.requests[1].reason(), "why");
}

TEST(CxctlDelete, DeletesEveryJob) {
  Harness cxctl;
  cxctl.api.delete_job.answer = [](const v1::DeleteJobRequest&) { return v1::DeleteJobResponse(); };
  EXPECT_EQ(cxctl.Run({"delete", "job_1", "job_2"}), 0);
  EXPECT_EQ(cxctl.out.str(), "Deleted job_1\nDeleted job_2\n");
}

TEST(CxctlResolve, SendsTheDecisionAndPrintsTheServersRefusal) {
  Harness cxctl;
  cxctl.api.resolve_job.answer = [](const v1::ResolveJobRequest&) {
    return ErrorBuilder(absl::StatusCode::kUnimplemented, "NOT_BUILT",
                        "ResolveJob is not built yet")
        .Build();
  };
  EXPECT_EQ(cxctl.Run({"resolve", "job_1", "--attach", "txn_1", "--reason", "found it"}), 76);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("ResolveJob is not built yet"));
  const v1::ResolveJobRequest& request = cxctl.api.resolve_job.requests[0];
  EXPECT_EQ(request.resolution(), v1::RESOLUTION_ATTACH);
  EXPECT_EQ(request.transcription_id(), "txn_1");
  EXPECT_EQ(request.reason(), "found it");
}

TEST(CxctlColour, OnlyOnATerminalAndNotWithNoColor) {
  Harness cxctl;
  cxctl.api.get_job.answer = [](const v1::GetJobRequest&) {
    v1::GetJobResponse response;
    *response.mutable_job() = MakeJob("job_1", v1::JOB_STATE_SUCCEEDED, 1);
    return response;
  };
  cxctl.Run({"get", "job_1"});
  EXPECT_THAT(cxctl.out.str(), Not(HasSubstr("\x1b")));
  cxctl.environment.out_is_terminal = true;
  cxctl.Run({"get", "job_1"});
  EXPECT_THAT(cxctl.out.str(), HasSubstr("\x1b[32mSUCCEEDED"));
  cxctl.Run({"get", "job_1", "--no-color"});
  EXPECT_THAT(cxctl.out.str(), Not(HasSubstr("\x1b")));
  cxctl.variables["NO_COLOR"] = "1";
  cxctl.Run({"get", "job_1"});
  EXPECT_THAT(cxctl.out.str(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace cxscribe::client
