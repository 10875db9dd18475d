// From absl::Status to grpc::Status, with the google.rpc details in the trailers where clients look
// for them.
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

namespace cxscribe {

grpc::Status ToGrpcStatus(const absl::Status& status);

// UNIMPLEMENTED, naming the feature: what a method answers that this version does not have.
grpc::Status NotImplemented(const char* feature);

}  // namespace cxscribe
