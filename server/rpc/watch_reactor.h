// WatchReactor: one Watch stream. One write in flight; what changes meanwhile waits in the
// subscription, where the newest state of each job replaces the older one.
#pragma once

#include <absl/time/time.h>
#include <grpcpp/support/server_callback.h>

#include "cxscribe/v1/transcription_service.pb.h"
#include "server/auth/caller.h"
#include "server/telemetry/metrics.h"
#include "server/watch/hub.h"

namespace cxscribe {

// Starts the stream; gRPC owns the reactor until it is done. `hub` and `metrics` must outlive the
// stream.
grpc::ServerWriteReactor<v1::WatchResponse>* StartWatch(const v1::WatchRequest& request,
                                                        const Caller& caller, WatchHub& hub,
                                                        Metrics& metrics);

// A stream that ends at once with `status`.
grpc::ServerWriteReactor<v1::WatchResponse>* RefuseWatch(const absl::Status& status);

// Every field violation of a request; OK when there is none.
absl::Status CheckWatchRequest(const v1::WatchRequest& request);

// What the caller asked for, within the server's bounds.
absl::Duration HeartbeatInterval(const v1::WatchRequest& request);

}  // namespace cxscribe
