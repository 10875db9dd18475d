// Errors fit into what every client takes, and lose the least important part first.
#include "server/rpc/status.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "tests/support/log_capture.h"

namespace cxscribe {
namespace {

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

TEST(ToGrpcStatusTest, CarriesEveryDetailOfAnOrdinaryError) {
  const grpc::Status status =
      ToGrpcStatus(ErrorBuilder(absl::StatusCode::kUnavailable, "BUSY", "come back")
                       .RetryAfter(absl::Seconds(3))
                       .Resource("job", "job_1")
                       .Build());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "come back");
  EXPECT_EQ(Details(status).details_size(), 3);
}

TEST(ToGrpcStatusTest, AThousandViolationsStillFitIntoTrailers) {
  ErrorBuilder error(absl::StatusCode::kInvalidArgument, "RECORDINGS_INVALID",
                     std::string(10'000, 'x'));
  for (int i = 0; i < 1000; ++i) {
    error.Field("recording_ids[" + std::to_string(i) + "]", "CXone does not know it");
  }
  const grpc::Status status = ToGrpcStatus(error.Build());
  EXPECT_LT(status.error_details().size() + status.error_message().size(), 8u * 1024);
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  const google::rpc::Status details = Details(status);
  for (const auto& detail : details.details()) {
    detail.UnpackTo(&info);
    detail.UnpackTo(&bad_request);
  }
  EXPECT_EQ(info.reason(), "RECORDINGS_INVALID");
  ASSERT_GT(bad_request.field_violations_size(), 5);
  EXPECT_EQ(bad_request.field_violations(0).field(), "recording_ids[0]");
  const std::string& last =
      bad_request.field_violations(bad_request.field_violations_size() - 1).description();
  EXPECT_EQ(last, "and " + std::to_string(1001 - bad_request.field_violations_size()) + " more");
}

TEST(ToGrpcStatusTest, ALongErrorWithinTheErrorIsShortenedNotDropped) {
  ErrorBuilder job_error(absl::StatusCode::kInvalidArgument, "RECORDINGS_INVALID",
                         std::string(3000, 'x'));
  for (int i = 0; i < 500; ++i) {
    job_error.Field("recording_ids[" + std::to_string(i) + "]", "CXone does not know it");
  }
  absl::Status failed =
      ErrorBuilder(absl::StatusCode::kFailedPrecondition, "JOB_FAILED", std::string(3000, 'y'))
          .Resource("job", "job_1")
          .Build();
  failed.SetPayload("type.googleapis.com/google.rpc.Status",
                    absl::Cord(ToRpcStatus(job_error.Build()).SerializeAsString()));
  const grpc::Status status = ToGrpcStatus(failed);
  EXPECT_LT(status.error_details().size() + status.error_message().size(), 8u * 1024);
  google::rpc::Status nested;
  google::rpc::ResourceInfo resource;
  const google::rpc::Status details = Details(status);
  for (const auto& detail : details.details()) {
    detail.UnpackTo(&nested);
    detail.UnpackTo(&resource);
  }
  EXPECT_EQ(nested.code(), static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(FromRpcStatus(nested)), "RECORDINGS_INVALID");
  EXPECT_GE(nested.details_size(), 2) << "the first violations too";
  EXPECT_EQ(resource.resource_name(), "job_1");
}

TEST(ToGrpcStatusTest, TheStoresTroubleIsLoggedAndNotTold) {
  const LogCapture log;
  const grpc::Status status =
      ToGrpcStatus(ErrorBuilder(absl::StatusCode::kDataLoss, "STORE_CORRUPT",
                                "/var/lib/cxscribe/jobs.db: row job_1 of jobs is malformed")
                       .RetryAfter(absl::Seconds(3))
                       .Resource("database", "/var/lib/cxscribe/jobs.db")
                       .Build());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(status.error_message().find("/var/lib"), std::string::npos);
  EXPECT_EQ(status.error_details().find("/var/lib"), std::string::npos);
  EXPECT_EQ(ReasonOf(FromRpcStatus(Details(status))), "STORE_CORRUPT");
  EXPECT_EQ(Details(status).details_size(), 2) << "RetryInfo stays";
  EXPECT_EQ(log.With("/var/lib/cxscribe/jobs.db").size(), 1u);
}

TEST(ToGrpcStatusTest, LogsWhatIsTheServersFaultAndNothingElse) {
  const LogCapture log;
  (void)ToGrpcStatus(absl::InternalError("ours"));
  (void)ToGrpcStatus(absl::UnknownError("ours too"));
  (void)ToGrpcStatus(absl::NotFoundError("theirs"));
  EXPECT_EQ(log.With("call_failed").size(), 2u);
}

TEST(NotImplementedTest, NamesTheFeature) {
  const grpc::Status status = NotImplemented("time travel");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_NE(status.error_message().find("time travel"), std::string::npos);
}

}  // namespace
}  // namespace cxscribe
