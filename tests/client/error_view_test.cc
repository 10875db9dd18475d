#include "client/error_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/exit_code.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"

namespace cxscribe::client {
namespace {

TEST(ErrorView, SaysWhatWasAskedWhatWentWrongAndEveryField) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "2 fields are wrong")
          .Field("language", "\"english\" is not a BCP 47 tag, for example en-US")
          .Field("recording_ids", "at least one is needed")
          .Build();
  EXPECT_EQ(DescribeCallError(status, "submit 0 recordings", "127.0.0.1:7400", View()),
            "cxctl: submit 0 recordings: 2 fields are wrong\n"
            "  INVALID_ARGUMENT, INVALID_REQUEST\n"
            "  - language: \"english\" is not a BCP 47 tag, for example en-US\n"
            "  - recording_ids: at least one is needed\n");
}

TEST(ErrorView, SaysWhenToTryAgainAndWhichLimitWasHit) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kResourceExhausted, "QUEUE_FULL", "the queue is full")
          .Quota("jobs", "10000 have not ended")
          .RetryAfter(absl::Seconds(90))
          .Resource("queue", "default")
          .Metadata("limit", "10000")
          .Build();
  EXPECT_EQ(DescribeCallError(status, "submit", "s", View()),
            "cxctl: submit: the queue is full\n"
            "  RESOURCE_EXHAUSTED, QUEUE_FULL\n"
            "  - quota of jobs: 10000 have not ended\n"
            "  queue: default\n"
            "  limit: 10000\n"
            "  Try again in 1 min 30 s.\n");
  EXPECT_EQ(RetryDelayOf(status), absl::Seconds(90));
}

TEST(ErrorView, AsksWhetherTheServerRunsWhenNobodyAnswers) {
  EXPECT_EQ(DescribeCallError(absl::UnavailableError("connection refused"), "get job_1",
                              "127.0.0.1:7400", View()),
            "cxctl: get job_1: connection refused\n"
            "  UNAVAILABLE\n"
            "  Is cxscribed running at 127.0.0.1:7400? Name another server with --server, "
            "CXSCRIBE_SERVER or --profile.\n");
}

TEST(ErrorView, DoesNotDoubtAServerThatAnsweredUnavailable) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kUnavailable, "DRAINING", "the server stops").Build();
  EXPECT_THAT(DescribeCallError(status, "get job_1", "s", View()),
              ::testing::Not(::testing::HasSubstr("Is cxscribed running")));
}

TEST(ErrorView, ServersTextCannotSteerTheTerminal) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kInternal, "X\x1b[31m", "bad\x1b[2J\nsecond line")
          .Field("f\x1b", "d\xc2\x9b")
          .Build();
  const std::string text = DescribeCallError(status, "get \x1b]0;t\x07", "s", View());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
  EXPECT_THAT(text, ::testing::HasSubstr("bad␛[2J\n  second line"));
}

TEST(ErrorView, IgnoresDetailsThatCannotBeRead) {
  absl::Status status = absl::NotFoundError("no such job");
  status.SetPayload("type.googleapis.com/google.rpc.BadRequest", absl::Cord("\xff\xff"));
  EXPECT_EQ(DescribeCallError(status, "get job_1", "s", View()),
            "cxctl: get job_1: no such job\n  NOT_FOUND\n");
}

TEST(ErrorView, DescribesAJobsError) {
  const auto error = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kPermissionDenied, "UPSTREAM_FORBIDDEN", "CXone refuses rec_1")
          .Metadata("recording_id", "rec_1")
          .Build());
  EXPECT_EQ(DescribeJobError(error, 2, View()),
            "  PERMISSION_DENIED, UPSTREAM_FORBIDDEN: CXone refuses rec_1\n"
            "    recording_id: rec_1\n");
}

TEST(ErrorView, NamesCodes) {
  EXPECT_EQ(CodeName(0), "OK");
  EXPECT_EQ(CodeName(14), "UNAVAILABLE");
  EXPECT_EQ(CodeName(16), "UNAUTHENTICATED");
  EXPECT_EQ(CodeName(99), "status 99");
}

v1::Compliance Outcomes(v1::Outcome pii, v1::Outcome diarization, v1::Outcome punctuation) {
  v1::Compliance compliance;
  compliance.set_pii_redacted(pii);
  compliance.set_diarization_applied(diarization);
  compliance.set_punctuation_restored(punctuation);
  return compliance;
}

TEST(ExitCode, PiiRedactedMustPassUnderEveryPolicyButNone) {
  for (const v1::Outcome outcome :
       {v1::OUTCOME_UNSPECIFIED, v1::OUTCOME_FAIL, v1::OUTCOME_NOT_RUN, v1::OUTCOME_INCONCLUSIVE}) {
    EXPECT_FALSE(IsCompliant(Outcomes(outcome, v1::OUTCOME_PASS, v1::OUTCOME_PASS), "pii"))
        << v1::Outcome_Name(outcome);
  }
  EXPECT_TRUE(IsCompliant(Outcomes(v1::OUTCOME_PASS, v1::OUTCOME_PASS, v1::OUTCOME_PASS), "pci"));
  EXPECT_TRUE(
      IsCompliant(Outcomes(v1::OUTCOME_NOT_RUN, v1::OUTCOME_PASS, v1::OUTCOME_PASS), "none"));
  EXPECT_FALSE(IsCompliant(Outcomes(v1::OUTCOME_FAIL, v1::OUTCOME_PASS, v1::OUTCOME_PASS), "none"));
}

TEST(ExitCode, OtherChecksCountOnceTheyRan) {
  EXPECT_TRUE(
      IsCompliant(Outcomes(v1::OUTCOME_PASS, v1::OUTCOME_NOT_RUN, v1::OUTCOME_NOT_RUN), "pii"));
  EXPECT_FALSE(
      IsCompliant(Outcomes(v1::OUTCOME_PASS, v1::OUTCOME_INCONCLUSIVE, v1::OUTCOME_PASS), "pii"));
  v1::Compliance compliance = Outcomes(v1::OUTCOME_PASS, v1::OUTCOME_PASS, v1::OUTCOME_PASS);
  (*compliance.mutable_capabilities())["acme.script-adherence"] = v1::OUTCOME_FAIL;
  EXPECT_FALSE(IsCompliant(compliance, "pii"));
  EXPECT_EQ(DescribeNonCompliance(compliance, "pii"), "acme.script-adherence FAIL");
}

TEST(ExitCode, WhatUpstreamLeftInTheTextDoesNotCountOnceItIsMasked) {
  v1::Compliance compliance = Outcomes(v1::OUTCOME_PASS, v1::OUTCOME_PASS, v1::OUTCOME_PASS);
  compliance.set_vendor_redaction(v1::OUTCOME_FAIL);
  EXPECT_TRUE(IsCompliant(compliance, "pii"));
}

TEST(ExitCode, OfJobsResultsAndCalls) {
  const std::pair<v1::JobState, int> expected[] = {{v1::JOB_STATE_SUCCEEDED, 0},
                                                   {v1::JOB_STATE_FAILED, 3},
                                                   {v1::JOB_STATE_QUARANTINED, 5},
                                                   {v1::JOB_STATE_NEEDS_ATTENTION, 5},
                                                   {v1::JOB_STATE_CANCELLED, 6}};
  for (const auto& one : expected) {
    v1::Job job;
    job.set_state(one.first);
    EXPECT_EQ(ExitOfJob(job), one.second);
  }
  v1::GetResultResponse withheld;
  withheld.set_withheld(true);
  EXPECT_EQ(ExitOfResult(withheld), 5);
  EXPECT_EQ(ExitOfCall(absl::UnavailableError("")), 78);
  EXPECT_EQ(ExitOfCall(absl::NotFoundError("")), 69);
}

TEST(ExitCode, TheMostSeriousOfSeveralCounts) {
  const int order[] = {0, 6, 4, 5, 3, 78};  // each more serious than the one before
  for (size_t i = 0; i < std::size(order); ++i) {
    for (size_t j = i; j < std::size(order); ++j) {
      EXPECT_EQ(MoreSerious(order[i], order[j]), order[j]);
      EXPECT_EQ(MoreSerious(order[j], order[i]), order[j]);
    }
  }
}

}  // namespace
}  // namespace cxscribe::client
