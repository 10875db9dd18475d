// The ApiClient over gRPC.
#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "client/api_client.h"

namespace cxscribe::client {

// Connects with the first call, and again whenever it must. Reads, and Submit with its request_id,
// are retried a few times within a call as config/retry-service-config.json says; Watch is not.
absl::StatusOr<std::shared_ptr<ApiClient>> Connect(const ServerOptions& options);

}  // namespace cxscribe::client
