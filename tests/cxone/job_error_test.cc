// The error map of the design, one test a row.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "server/base/error.h"
#include "server/cxone/retry.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

UpstreamOutcome Outcome(UpstreamFailure failure, int status) {
  UpstreamOutcome outcome;
  outcome.failure = failure;
  outcome.http_status = status;
  outcome.message = "CXone answered something";
  return outcome;
}

absl::Status Error(const UpstreamOutcome& outcome) {
  return JobErrorFor(outcome, "submitting the transcription", 3, absl::Seconds(90));
}

std::map<std::string, std::string> MetadataOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_TRUE(payload.has_value() && info.ParseFromString(std::string(*payload)));
  EXPECT_EQ(info.domain(), "cxscribe");
  return {info.metadata().begin(), info.metadata().end()};
}

TEST(JobError, Row400Rejected) {
  UpstreamOutcome outcome = Outcome(UpstreamFailure::kRejected, 400);
  outcome.message = "CXone answered 400: unsupported format ogg";
  const absl::Status status = Error(outcome);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_REJECTED");
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("schema"), HasSubstr("wav or mp3"), HasSubstr("quota"),
                    HasSubstr("unsupported format ogg")));
}

TEST(JobError, Row401Credentials) {
  const absl::Status status = Error(Outcome(UpstreamFailure::kCredentials, 401));
  // Never UNAUTHENTICATED: the caller's own credentials are fine.
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_CREDENTIALS");
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("client_id"), HasSubstr("client_secret"),
                    HasSubstr("recordings:read"), HasSubstr("voice:transcribe")));
}

TEST(JobError, Row403Forbidden) {
  const absl::Status status = Error(Outcome(UpstreamFailure::kForbidden, 403));
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_FORBIDDEN");
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("Voice: Transcribe"), HasSubstr("Recordings: Read"),
                    HasSubstr("tenant"), HasSubstr("partition")));
}

TEST(JobError, Row404Gone) {
  const absl::Status status = Error(Outcome(UpstreamFailure::kGone, 404));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_GONE");
}

TEST(JobError, Row429ThrottledUntilTheDeadline) {
  const absl::Status status = Error(Outcome(UpstreamFailure::kThrottled, 429));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_UNAVAILABLE");
  EXPECT_THAT(std::string(status.message()), HasSubstr("budget"));
}

TEST(JobError, Row503UnavailableSaysHowOftenAndHowLong) {
  for (const int code : {0, 200, 502, 503, 504}) {
    const absl::Status status = Error(Outcome(UpstreamFailure::kUnavailable, code));
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(status), "UPSTREAM_UNAVAILABLE");
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr("3 times"), HasSubstr("1m30s"), HasSubstr("status page")));
  }
}

// Only what is worth retrying is UNAVAILABLE.
TEST(JobError, Row500FailedOnTheRequest) {
  for (const int code : {500, 501, 505, 520}) {
    const absl::Status status = Error(Outcome(UpstreamFailure::kUnavailable, code));
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(ReasonOf(status), "UPSTREAM_ERROR");
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr(std::to_string(code)), HasSubstr("status page"),
                      HasSubstr("submit again"), HasSubstr("CXone answered something")));
  }
}

TEST(JobError, RowMalformedNamesTheCallAndTheField) {
  UpstreamOutcome outcome = Outcome(UpstreamFailure::kMalformed, 200);
  outcome.field = "results[3].startOffsetMs";
  const absl::Status status = Error(outcome);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_MALFORMED");
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("submitting the transcription"),
                                                   HasSubstr("results[3].startOffsetMs")));
  EXPECT_THAT(MetadataOf(status), Contains(Pair("field", "results[3].startOffsetMs")));
}

TEST(JobError, EveryRowCarriesTheSameMetadata) {
  for (const UpstreamFailure failure :
       {UpstreamFailure::kRejected, UpstreamFailure::kCredentials, UpstreamFailure::kForbidden,
        UpstreamFailure::kGone, UpstreamFailure::kThrottled, UpstreamFailure::kUnavailable,
        UpstreamFailure::kMalformed}) {
    const absl::Status status = Error(Outcome(failure, 499));
    EXPECT_THAT(MetadataOf(status),
                AllOf(Contains(Pair("upstream_status", "499")), Contains(Pair("attempts", "3")),
                      Contains(Pair("elapsed", "1m30s")),
                      Contains(Pair("call", "submitting the transcription"))));
    EXPECT_THAT(std::string(status.message()), HasSubstr("CXone answered something"));
    // An upstream failure never looks like the caller's own.
    EXPECT_NE(status.code(), absl::StatusCode::kUnauthenticated);
  }
}

TEST(JobError, OfASuccessIsStillAnError) {
  EXPECT_EQ(Error(UpstreamOutcome()).code(), absl::StatusCode::kInternal);
}

TEST(JobError, TakesAttemptsAndTimeFromTheTally) {
  RetryTally tally;
  tally.attempts = 1;
  tally.started = absl::UnixEpoch();
  const absl::Status status = JobErrorFor(Outcome(UpstreamFailure::kUnavailable, 503), "polling",
                                          tally, absl::UnixEpoch() + absl::Milliseconds(1500));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("tried 1 time "), Not(HasSubstr("1 times"))));
  EXPECT_THAT(MetadataOf(status), Contains(Pair("elapsed", "1.5s")));
}

}  // namespace
}  // namespace cxscribe
