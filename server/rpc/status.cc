#include "server/rpc/status.h"

#include <string>
#include <string_view>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/utf8.h"
#include "server/base/version.h"
#include "server/telemetry/log.h"

namespace cxscribe {

namespace {

// HTTP/2 clients take 8 KiB of headers by default, and refuse the whole answer when its trailers
// are larger. The message travels twice: as itself, percent-encoded, and within the details.
constexpr size_t kMostDetailBytes = 4096;
constexpr size_t kMostMessageBytes = 1024;

// Keeps the first violations of a long list, and says how many there are more.
void Shorten(google::protobuf::Any& detail) {
  google::rpc::BadRequest bad_request;
  if (!detail.UnpackTo(&bad_request)) return;
  int more = 0;
  while (bad_request.field_violations_size() > 1 &&
         bad_request.ByteSizeLong() > kMostDetailBytes / 2) {
    bad_request.mutable_field_violations()->RemoveLast();
    ++more;
  }
  if (more > 0) {
    auto* last = bad_request.add_field_violations();
    last->set_field(bad_request.field_violations(0).field());
    last->set_description("and " + std::to_string(more) + " more");
  }
  detail.PackFrom(bad_request);
}

void FitTrailers(google::rpc::Status& status, size_t most_bytes, size_t most_message_bytes);

// An error within the error (the job's own): as much of it as there is room for, its reason first.
void ShortenNested(google::protobuf::Any& detail) {
  google::rpc::Status nested;
  if (!detail.UnpackTo(&nested)) return;
  FitTrailers(nested, kMostDetailBytes / 2, kMostMessageBytes / 2);
  detail.PackFrom(nested);
}

// What fits into trailers: ErrorInfo first, then whatever there is room for.
void FitTrailers(google::rpc::Status& status, size_t most_bytes, size_t most_message_bytes) {
  if (status.message().size() > most_message_bytes) {
    status.set_message(ToValidUtf8(status.message().substr(0, most_message_bytes)) + "...");
  }
  google::rpc::Status fitting;
  fitting.set_code(status.code());
  fitting.set_message(status.message());
  for (const bool info : {true, false}) {
    for (auto& detail : *status.mutable_details()) {
      if (detail.Is<google::rpc::ErrorInfo>() != info) continue;
      if (detail.Is<google::rpc::BadRequest>()) Shorten(detail);
      if (detail.Is<google::rpc::Status>()) ShortenNested(detail);
      if (fitting.ByteSizeLong() + detail.ByteSizeLong() <= most_bytes) {
        *fitting.add_details() = std::move(detail);
      }
    }
  }
  status = std::move(fitting);
}

// What a caller is told when the store fails: not where its file is, nor what SQLite says of it.
// Those stand in the log.
const char* StoreTrouble(std::string_view reason) {
  if (reason == "STORE_FULL") return "the server has no room to store anything now";
  if (reason == "STORE_UNAVAILABLE") return "the server's store does not answer now";
  if (reason == "STORE_CORRUPT") return "what the server has stored of this cannot be read";
  if (reason == "STORE_ERROR") return "the server's store failed";
  return nullptr;
}

bool IsServersFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kDataLoss ||
         code == absl::StatusCode::kUnknown;
}

// Logs what an operator should see of an answer, and returns the answer without what only they
// should.
absl::Status ForCaller(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  const char* const trouble = StoreTrouble(reason);
  if (trouble == nullptr && !IsServersFault(status.code())) return status;
  LogError("call_failed", {{"code", absl::StatusCodeToString(status.code())},
                           {"reason", reason},
                           {"error", DescribeForLog(status)}});
  if (trouble == nullptr) return status;
  absl::Status told =
      ErrorBuilder(status.code(), reason, std::string(trouble) + "; its log says why").Build();
  constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";
  if (const auto retry = status.GetPayload(kRetryInfo)) told.SetPayload(kRetryInfo, *retry);
  return told;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status rpc = ToRpcStatus(ForCaller(status));
  if (rpc.ByteSizeLong() > kMostDetailBytes) FitTrailers(rpc, kMostDetailBytes, kMostMessageBytes);
  return {static_cast<grpc::StatusCode>(rpc.code()), rpc.message(), rpc.SerializeAsString()};
}

grpc::Status NotImplemented(const char* feature) {
  return ToGrpcStatus(ErrorBuilder(absl::StatusCode::kUnimplemented, "NOT_IMPLEMENTED",
                                   std::string(feature) + " is not in this version (" + kVersion +
                                       ") of cxscribe yet")
                          .Metadata("feature", feature)
                          .Build());
}

}  // namespace cxscribe
