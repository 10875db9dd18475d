// TelemetryEndpoint: the listener for the people and programs that run the server.
//
//   GET /metrics   Prometheus' text format
//   GET /healthz   200 "ok" while the process serves
//   GET /readyz    200 or 503 and JSON: {"ready":true,"components":{"store":{"health":"ok"},
//                  "upstream:default":{"health":"degraded","message":"…"}}}
//
// It has no authentication: bind it to a loopback or cluster-internal address.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "server/telemetry/metrics.h"

namespace cxscribe {

enum class Health { kOk, kDegraded, kFailed };

struct ComponentHealth {
  std::string name;
  Health health = Health::kOk;
  std::string message;  // for people; empty when ok. No secrets.
};

// What /readyz shows. Degraded (an upstream that is down, say) is shown, but jobs are still taken:
// only a failed component makes the server unready.
struct Readiness {
  std::vector<ComponentHealth> components;

  bool ready() const;
};

// Thread-safe. Serves on threads of its own from Start until its destructor, which waits for
// requests under way.
class TelemetryEndpoint {
 public:
  // `address` is "host:port" or "[v6]:port"; port 0 picks a free one. `metrics` must outlive the
  // endpoint. `readiness` is called on the endpoint's threads, several at once, and must not block.
  // Errors: INVALID_ARGUMENT for an address that is none, UNAVAILABLE when it cannot be bound.
  static absl::StatusOr<std::unique_ptr<TelemetryEndpoint>> Start(
      const std::string& address, const Metrics& metrics, std::function<Readiness()> readiness);

  ~TelemetryEndpoint();
  TelemetryEndpoint(const TelemetryEndpoint&) = delete;
  TelemetryEndpoint& operator=(const TelemetryEndpoint&) = delete;

  // The port that was bound.
  int port() const;

 private:
  struct Server;
  explicit TelemetryEndpoint(std::unique_ptr<Server> server);

  std::unique_ptr<Server> server_;
};

}  // namespace cxscribe
