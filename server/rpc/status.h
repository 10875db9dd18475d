// From absl::Status to grpc::Status, with the google.rpc details in the trailers where clients look
// for them.
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

namespace cxscribe {

// Logs what is the server's fault, here and nowhere else; of the store's trouble the caller learns
// no more than that it is trouble. Call it once for each answer.
grpc::Status ToGrpcStatus(const absl::Status& status);

// UNIMPLEMENTED, naming the feature: what a method answers that this version does not have.
grpc::Status NotImplemented(const char* feature);

}  // namespace cxscribe
