#include "server/rpc/call.h"

#include <grpcpp/server_context.h>

#include "server/telemetry/trace.h"

namespace cxscribe {

absl::StatusOr<Call> Identify(const grpc::ServerContextBase& context,
                              const Authenticator& authenticator, Random& random) {
  CallContext call;
  for (const auto& [key, value] : context.client_metadata()) {
    call.metadata.emplace(std::string(key.data(), key.size()),
                          std::string(value.data(), value.size()));
  }
  const auto auth = context.auth_context();
  if (auth != nullptr && auth->IsPeerAuthenticated()) {
    const auto names = auth->GetPeerIdentity();
    if (!names.empty()) call.peer_name.assign(names.front().data(), names.front().size());
  }
  auto caller = authenticator.Authenticate(call);
  if (!caller.ok()) return caller.status();
  const auto traceparent = call.metadata.find("traceparent");
  return Call{*std::move(caller),
              TraceIdFor(traceparent == call.metadata.end() ? "" : traceparent->second, random)};
}

}  // namespace cxscribe
