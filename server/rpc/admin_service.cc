// AdminService: not in this version; every method says so.
#include "cxscribe/v1/admin_service.grpc.pb.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"

namespace cxscribe {
namespace {

class AdminService final : public v1::AdminService::CallbackService {
 public:
  grpc::ServerUnaryReactor* SetLegalHold(grpc::CallbackServerContext* context,
                                         const v1::SetLegalHoldRequest*,
                                         v1::SetLegalHoldResponse*) override {
    return Refuse(context, "legal hold");
  }
  grpc::ServerUnaryReactor* ListWebhookDeliveries(grpc::CallbackServerContext* context,
                                                  const v1::ListWebhookDeliveriesRequest*,
                                                  v1::ListWebhookDeliveriesResponse*) override {
    return Refuse(context, "listing webhook deliveries");
  }
  grpc::ServerUnaryReactor* RedeliverWebhook(grpc::CallbackServerContext* context,
                                             const v1::RedeliverWebhookRequest*,
                                             v1::RedeliverWebhookResponse*) override {
    return Refuse(context, "redelivering webhooks");
  }
  grpc::ServerUnaryReactor* RotateKeys(grpc::CallbackServerContext* context,
                                       const v1::RotateKeysRequest*,
                                       v1::RotateKeysResponse*) override {
    return Refuse(context, "key rotation");
  }
  grpc::ServerUnaryReactor* Backup(grpc::CallbackServerContext* context, const v1::BackupRequest*,
                                   v1::BackupResponse*) override {
    return Refuse(context, "backup");
  }
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest*,
                                      v1::GetStatusResponse*) override {
    return Refuse(context, "the status report");
  }

 private:
  static grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context,
                                          const char* feature) {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(NotImplemented(feature));
    return reactor;
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService() { return std::make_unique<AdminService>(); }

}  // namespace cxscribe
