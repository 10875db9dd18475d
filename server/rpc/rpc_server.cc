#include "server/rpc/rpc_server.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include <absl/strings/str_cat.h>
#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/support/server_interceptor.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr char const* kServices[] = {
    "",
    "cxscribe.v1.TranscriptionService",
    "cxscribe.v1.PipelineService",
    "cxscribe.v1.AdminService",
};

// Packaged reflection and channelz take a thread for each stream; this bounds what they can take
// together.
constexpr int kMostThreads = 64;
// Clients may ping a quiet Watch this often without being sent away.
constexpr int kShortestPingMs = 10'000;
constexpr int kKeepaliveMs = 60'000;

absl::StatusOr<std::string> ReadPem(const std::string& path, const char* setting) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || text.empty()) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "TLS_FILE",
                        absl::StrCat("cannot read ", setting, " from ", path,
                                     ": it must be a PEM file that the server may read"))
        .Build();
  }
  return text;
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const ListenSettings& listen) {
  if (!listen.tls.has_value()) return grpc::InsecureServerCredentials();
  const auto certificate = ReadPem(listen.tls->certificate_file, "listen.tls.certificate_file");
  if (!certificate.ok()) return certificate.status();
  const auto key = ReadPem(listen.tls->key_file, "listen.tls.key_file");
  if (!key.ok()) return key.status();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({*key, *certificate});
  if (!listen.tls->client_ca_file.empty()) {
    const auto ca = ReadPem(listen.tls->client_ca_file, "listen.tls.client_ca_file");
    if (!ca.ok()) return ca.status();
    options.pem_root_certs = *ca;
    options.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(options);
}

// Counts the answers of the project's own services.
class CallCounter final : public grpc::experimental::Interceptor {
 public:
  CallCounter(std::string method, Metrics& metrics)
      : method_(std::move(method)), metrics_(metrics) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* call) override {
    if (call->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto code = static_cast<absl::StatusCode>(call->GetSendStatus().error_code());
      metrics_.RpcAnswered(method_, absl::StatusCodeToString(code));
    }
    call->Proceed();
  }

 private:
  const std::string method_;
  Metrics& metrics_;
};

class CallCounters final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallCounters(Metrics& metrics) : metrics_(metrics) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    constexpr std::string_view kPackage = "/cxscribe.v1.";
    const std::string_view method = info->method() == nullptr ? "" : info->method();
    if (method.substr(0, kPackage.size()) != kPackage) return nullptr;  // health, reflection, ...
    return new CallCounter(std::string(method.substr(kPackage.size())), metrics_);
  }

 private:
  Metrics& metrics_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(const RpcDependencies& dependencies,
                                                            const ListenSettings& listen) {
  auto credentials = Credentials(listen);
  if (!credentials.ok()) return credentials.status();

  // Once a process; the builder copies the plugins.
  static const bool kPluginsAdded = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::channelz::experimental::InitChannelzService();
    return true;
  }();
  (void)kPluginsAdded;

  std::unique_ptr<RpcServer> server(new RpcServer);
  server->services_.push_back(MakeTranscriptionService(dependencies));
  server->services_.push_back(MakePipelineService(dependencies));
  server->services_.push_back(MakeAdminService());

  grpc::ServerBuilder builder;
  grpc::ResourceQuota quota("cxscribed");
  quota.SetMaxThreads(kMostThreads);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT,
                             0);  // a second server is an error, not a share
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kShortestPingMs);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<CallCounters>(dependencies.metrics));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  builder.AddListeningPort(listen.grpc, *credentials, &server->port_);
  for (const auto& service : server->services_) builder.RegisterService(service.get());
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return ErrorBuilder(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
                        absl::StrCat("cannot listen at ", listen.grpc,
                                     " (listen.grpc): is another program using the port?"))
        .Build();
  }
  server->SetServing(false);
  return server;
}

RpcServer::~RpcServer() { Shutdown(absl::ZeroDuration()); }

void RpcServer::SetServing(bool serving) {
  auto* health = server_ == nullptr ? nullptr : server_->GetHealthCheckService();
  if (health == nullptr) return;
  for (const char* service : kServices) health->SetServingStatus(service, serving);
}

void RpcServer::Shutdown(absl::Duration grace) {
  if (server_ == nullptr) return;
  // Never without a deadline: one open stream would hold it for ever.
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
  server_->Wait();
  server_.reset();
}

}  // namespace cxscribe
