#include "server/rpc/status.h"

#include <string>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/version.h"

namespace cxscribe {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status rpc = ToRpcStatus(status);
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
