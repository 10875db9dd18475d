#include "server/rpc/status.h"

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/utf8.h"
#include "server/base/version.h"

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

// What fits into trailers: ErrorInfo first, then whatever there is room for.
void FitTrailers(google::rpc::Status& status) {
  if (status.message().size() > kMostMessageBytes) {
    status.set_message(ToValidUtf8(status.message().substr(0, kMostMessageBytes)) + "...");
  }
  google::rpc::Status fitting;
  fitting.set_code(status.code());
  fitting.set_message(status.message());
  for (const bool info : {true, false}) {
    for (auto& detail : *status.mutable_details()) {
      if (detail.Is<google::rpc::ErrorInfo>() != info) continue;
      if (detail.Is<google::rpc::BadRequest>()) Shorten(detail);
      if (fitting.ByteSizeLong() + detail.ByteSizeLong() <= kMostDetailBytes) {
        *fitting.add_details() = std::move(detail);
      }
    }
  }
  status = std::move(fitting);
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status rpc = ToRpcStatus(status);
  if (rpc.ByteSizeLong() > kMostDetailBytes) FitTrailers(rpc);
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
