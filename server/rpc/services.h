// The gRPC services: they check a call, translate it, hand it to the rooms below and translate the
// answer back. Reactions never block: what takes time answers later through a callback.
#pragma once

#include <functional>
#include <memory>

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>

#include "server/auth/caller.h"
#include "server/base/random.h"
#include "server/engine/engine.h"
#include "server/job/job_store.h"
#include "server/job/request.h"
#include "server/pipeline/pipeline.h"
#include "server/pipeline/reloader.h"
#include "server/telemetry/metrics.h"
#include "server/watch/hub.h"

namespace cxscribe {

// What the services stand on. Everything must outlive them.
struct RpcDependencies {
  Engine& engine;
  JobStore& store;
  WatchHub& hub;
  const Authenticator& authenticator;
  Random& random;
  Metrics& metrics;
  const RequestRules& rules;
  std::function<std::shared_ptr<const PipelineSet>()> pipelines;
  // Loads the pipelines again; see PipelineReloader. Empty: this server cannot.
  std::function<void(PipelineReloader::Callback)> reload = {};
};

std::unique_ptr<grpc::Service> MakeTranscriptionService(const RpcDependencies& dependencies);
std::unique_ptr<grpc::Service> MakePipelineService(const RpcDependencies& dependencies);
std::unique_ptr<grpc::Service> MakeAdminService();

}  // namespace cxscribe
