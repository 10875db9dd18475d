// RpcServer: the gRPC listener with all services, health (per service), reflection and channelz.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>

#include "server/config/settings.h"
#include "server/rpc/services.h"

namespace cxscribe {

// Thread-safe. The destructor shuts down at once.
class RpcServer {
 public:
  // Listens at `listen.grpc`; port 0 picks a free one. The services report NOT_SERVING until
  // SetServing(true). INVALID_ARGUMENT: a TLS file cannot be read. UNAVAILABLE: the address cannot
  // be bound.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(const RpcDependencies& dependencies,
                                                          const ListenSettings& listen);
  ~RpcServer();

  int port() const { return port_; }
  // What the health service answers, for the whole server ("") and each service.
  void SetServing(bool serving);
  // Refuses new calls, waits for those under way, and cuts off what is left after `grace`.
  void Shutdown(absl::Duration grace);

 private:
  RpcServer() = default;

  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace cxscribe
