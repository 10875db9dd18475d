// Errors: absl::Status that carries google.rpc details, so that a caller sees the same error at
// every edge.
//
//   return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "2 fields are
//   wrong")
//       .Field("language", "\"english\" is not a BCP 47 tag, for example en-US")
//       .Field("recording_ids", "at least one is needed")
//       .Build();
//
// Messages say what was asked, what went wrong and what to do. They never hold secrets or
// transcript text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/time/time.h>

namespace google::rpc {
class BadRequest;
class ErrorInfo;
class Status;
}  // namespace google::rpc

namespace cxscribe {

inline constexpr std::string_view kErrorDomain = "cxscribe";

// Builds one error. `reason` is UPPER_SNAKE and stable: programs branch on it. Invalid UTF-8 in any
// text becomes U+FFFD, since texts from upstream end here and protobuf refuses invalid strings.
class ErrorBuilder {
 public:
  ErrorBuilder(absl::StatusCode code, std::string_view reason, std::string message);

  ErrorBuilder& Metadata(std::string key, std::string value) &;
  ErrorBuilder&& Metadata(std::string key, std::string value) &&;
  // A google.rpc.BadRequest field violation; may be called many times.
  ErrorBuilder& Field(std::string field, std::string description) &;
  ErrorBuilder&& Field(std::string field, std::string description) &&;
  // google.rpc.RetryInfo.
  ErrorBuilder& RetryAfter(absl::Duration delay) &;
  ErrorBuilder&& RetryAfter(absl::Duration delay) &&;
  // A google.rpc.QuotaFailure violation.
  ErrorBuilder& Quota(std::string subject, std::string description) &;
  ErrorBuilder&& Quota(std::string subject, std::string description) &&;
  // google.rpc.ResourceInfo.
  ErrorBuilder& Resource(std::string type, std::string name) &;
  ErrorBuilder&& Resource(std::string type, std::string name) &&;

  absl::Status Build() const;

 private:
  absl::StatusCode code_;
  std::string reason_;
  std::string message_;
  std::vector<std::pair<std::string, std::string>> metadata_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::vector<std::pair<std::string, std::string>> quotas_;
  std::vector<std::pair<std::string, std::string>> resources_;
  absl::Duration retry_after_ = absl::ZeroDuration();
  bool has_retry_ = false;
};

// The code of `status` with "`context`: " before its message; details are kept.
absl::Status Annotate(const absl::Status& status, std::string_view context);

// The same error under another code, or with when to try again; other details are kept.
absl::Status WithCode(const absl::Status& status, absl::StatusCode code);
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// The field violations of the status: field and description.
std::vector<std::pair<std::string, std::string>> FieldsOf(const absl::Status& status);

// The reason of the status's ErrorInfo, or "" when it has none.
std::string ReasonOf(const absl::Status& status);

// Conversions between absl::Status and google.rpc.Status. Nothing is lost but repeated details of
// one type (the last stays) and the details' order: they come sorted by type, so that equal errors
// are equal messages.
google::rpc::Status ToRpcStatus(const absl::Status& status);
absl::Status FromRpcStatus(const google::rpc::Status& status);

}  // namespace cxscribe
