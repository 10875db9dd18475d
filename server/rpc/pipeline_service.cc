// PipelineService: what the server does to transcripts.
#include <utility>

#include "cxscribe/v1/pipeline_service.grpc.pb.h"
#include "server/rpc/call.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"

namespace cxscribe {
namespace {

class PipelineService final : public v1::PipelineService::CallbackService {
 public:
  explicit PipelineService(const RpcDependencies& dependencies) : on_(dependencies) {}

  grpc::ServerUnaryReactor* ListPipelines(grpc::CallbackServerContext* context,
                                          const v1::ListPipelinesRequest*,
                                          v1::ListPipelinesResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto call = Identify(*context, on_.authenticator, on_.random);
    if (call.ok()) {
      for (const auto& [name, pipeline] : on_.pipelines()->pipelines) {
        *response->add_pipelines() = pipeline->Describe();
      }
    }
    reactor->Finish(ToGrpcStatus(call.status()));
    return reactor;
  }

  grpc::ServerUnaryReactor* ListPlugins(grpc::CallbackServerContext* context,
                                        const v1::ListPluginsRequest*,
                                        v1::ListPluginsResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto call = Identify(*context, on_.authenticator, on_.random);
    if (call.ok()) {
      for (auto& plugin : on_.pipelines()->PluginsWithHealth()) {
        *response->add_plugins() = std::move(plugin);
      }
    }
    reactor->Finish(ToGrpcStatus(call.status()));
    return reactor;
  }

  grpc::ServerUnaryReactor* ReloadPipelines(grpc::CallbackServerContext* context,
                                            const v1::ReloadPipelinesRequest*,
                                            v1::ReloadPipelinesResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto call = Identify(*context, on_.authenticator, on_.random);
    if (!call.ok() || !on_.reload) {
      reactor->Finish(call.ok() ? NotImplemented("reloading pipelines")
                                : ToGrpcStatus(call.status()));
      return reactor;
    }
    on_.reload([reactor, response](const absl::StatusOr<Reloaded>& reloaded) {
      if (reloaded.ok()) {
        for (const auto& entry : reloaded->pipelines->pipelines) {
          *response->add_pipelines() = entry.second->Describe();
        }
        response->mutable_restart_required()->Assign(reloaded->restart_required.begin(),
                                                     reloaded->restart_required.end());
      }
      reactor->Finish(ToGrpcStatus(reloaded.status()));
    });
    return reactor;
  }

  grpc::ServerUnaryReactor* ReprocessJob(grpc::CallbackServerContext* context,
                                         const v1::ReprocessJobRequest*,
                                         v1::ReprocessJobResponse*) override {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(NotImplemented("reprocessing"));
    return reactor;
  }

 private:
  const RpcDependencies on_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakePipelineService(const RpcDependencies& dependencies) {
  return std::make_unique<PipelineService>(dependencies);
}

}  // namespace cxscribe
