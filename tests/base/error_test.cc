// Errors: every detail arrives, and the way to google.rpc.Status and back loses nothing.
#include "server/base/error.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "google/protobuf/duration.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace cxscribe {
namespace {

template <typename Message>
Message DetailOf(const absl::Status& status) {
  Message message;
  const google::rpc::Status rpc = ToRpcStatus(status);
  for (const auto& detail : rpc.details()) {
    if (detail.Is<Message>()) {
      EXPECT_TRUE(detail.UnpackTo(&message));
      return message;
    }
  }
  ADD_FAILURE() << "no " << Message::descriptor()->full_name() << " in " << status.ToString();
  return message;
}

absl::Status FullError() {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "2 fields are wrong")
      .Metadata("job_id", "job_1")
      .Metadata("call", "submit")
      .Field("language", "\"english\" is not a BCP 47 tag")
      .Field("recording_ids", "at least one is needed")
      .RetryAfter(absl::Milliseconds(1500))
      .Quota("tenant:default", "10000 jobs are waiting")
      .Resource("cxscribe.v1.Job", "job_1")
      .Build();
}

TEST(ErrorBuilder, CarriesEveryDetail) {
  const absl::Status status = FullError();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "2 fields are wrong");

  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "INVALID_REQUEST");
  EXPECT_EQ(info.domain(), "cxscribe");
  EXPECT_EQ(info.metadata().at("job_id"), "job_1");
  EXPECT_EQ(info.metadata().at("call"), "submit");

  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad_request.field_violations_size(), 2);
  EXPECT_EQ(bad_request.field_violations(0).field(), "language");
  EXPECT_EQ(bad_request.field_violations(1).field(), "recording_ids");
  EXPECT_EQ(bad_request.field_violations(1).description(), "at least one is needed");

  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);

  EXPECT_EQ(DetailOf<google::rpc::QuotaFailure>(status).violations(0).subject(), "tenant:default");
  EXPECT_EQ(DetailOf<google::rpc::ResourceInfo>(status).resource_name(), "job_1");
}

TEST(ErrorBuilder, AttachesOnlyWhatWasGiven) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kNotFound, "JOB_NOT_FOUND", "no such job").Build();
  EXPECT_EQ(ToRpcStatus(status).details_size(), 1);
}

TEST(ErrorBuilder, ARetryOfZeroIsStillSaid) {
  const absl::Status status = ErrorBuilder(absl::StatusCode::kUnavailable, "DRAINING", "again")
                                  .RetryAfter(absl::ZeroDuration())
                                  .Build();
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(status).retry_delay().seconds(), 0);
}

// A text from upstream can hold any bytes; protobuf refuses to parse a string that is not UTF-8.
TEST(ErrorBuilder, KeepsInvalidUtf8OutOfEveryText) {
  const absl::Status status = ErrorBuilder(absl::StatusCode::kInvalidArgument, "R", "caf\xE9")
                                  .Metadata("k\xFF", "v\xFF")
                                  .Field("f\xFF", "d\xFF")
                                  .Quota("s\xFF", "d\xFF")
                                  .Resource("t\xFF", "n\xFF")
                                  .Build();
  EXPECT_EQ(status.message(), "caf\xEF\xBF\xBD");
  google::rpc::Status parsed;
  ASSERT_TRUE(parsed.ParseFromString(ToRpcStatus(status).SerializeAsString()));
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).metadata().at("k\xEF\xBF\xBD"),
            "v\xEF\xBF\xBD");
  EXPECT_EQ(DetailOf<google::rpc::BadRequest>(status).field_violations(0).description(),
            "d\xEF\xBF\xBD");
}

TEST(RpcStatus, ComesBackUnchanged) {
  const absl::Status status = FullError();
  const absl::Status back = FromRpcStatus(ToRpcStatus(status));
  EXPECT_EQ(back, status);
  EXPECT_EQ(ReasonOf(back), "INVALID_REQUEST");
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(ToRpcStatus(back), ToRpcStatus(status)));
}

TEST(RpcStatus, OkIsOk) {
  EXPECT_TRUE(FromRpcStatus(ToRpcStatus(absl::OkStatus())).ok());
  EXPECT_EQ(ToRpcStatus(absl::OkStatus()).details_size(), 0);
}

// Abseil's own order depends on where the payloads lie in memory.
TEST(RpcStatus, EqualErrorsAreEqualBytes) {
  const std::string first = ToRpcStatus(FullError()).SerializeAsString();
  std::vector<absl::Status> kept;  // each at another address
  for (int i = 0; i < 50; ++i) {
    kept.push_back(FullError());
    EXPECT_EQ(ToRpcStatus(kept.back()).details(0).type_url(),
              "type.googleapis.com/google.rpc.BadRequest");
  }
  google::rpc::Status one;
  ASSERT_TRUE(one.ParseFromString(first));
  for (const absl::Status& status : kept) {
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(ToRpcStatus(status), one));
  }
}

TEST(RpcStatus, KeepsACodeThatThisBuildDoesNotKnow) {
  google::rpc::Status rpc;
  rpc.set_code(99);
  rpc.set_message("from the future");
  const absl::Status status = FromRpcStatus(rpc);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(ToRpcStatus(status).code(), 99);
}

TEST(Annotate, PutsTheContextFirstAndKeepsTheDetails) {
  const absl::Status status = Annotate(FullError(), "stage punctuation");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "stage punctuation: 2 fields are wrong");
  EXPECT_EQ(ToRpcStatus(status).details_size(), 5);
  EXPECT_TRUE(Annotate(absl::OkStatus(), "anything").ok());
}

TEST(ReasonOf, IsEmptyWithoutOne) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("bare")), "");
  absl::Status garbled = absl::InternalError("garbled");
  garbled.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord("\xFF\xFF"));
  EXPECT_EQ(ReasonOf(garbled), "");
}

TEST(FieldsOf, GivesTheViolationsInOrderOrNothing) {
  const absl::Status status = ErrorBuilder(absl::StatusCode::kInvalidArgument, "BAD", "two")
                                  .Field("a", "one")
                                  .Field("b", "other")
                                  .Build();
  EXPECT_THAT(FieldsOf(status),
              testing::ElementsAre(testing::Pair("a", "one"), testing::Pair("b", "other")));
  EXPECT_THAT(FieldsOf(absl::InternalError("plain")), testing::IsEmpty());
}

}  // namespace
}  // namespace cxscribe
