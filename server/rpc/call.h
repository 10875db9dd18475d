// What every call brings beside its message: who calls, and the trace that it belongs to.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "server/auth/caller.h"
#include "server/base/random.h"

namespace grpc {
class ServerContextBase;
}

namespace cxscribe {

struct Call {
  Caller caller;
  std::string trace_id;
};

// UNAUTHENTICATED as the authenticator says.
absl::StatusOr<Call> Identify(const grpc::ServerContextBase& context,
                              const Authenticator& authenticator, Random& random);

}  // namespace cxscribe
