#include "client/connection.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>
#include <grpcpp/grpcpp.h>

#include "client/retry_service_config.h"
#include "cxscribe/v1/pipeline_service.grpc.pb.h"
#include "cxscribe/v1/transcription_service.grpc.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/version.h"

namespace cxscribe::client {
namespace {

// The largest answer: a page of 4 MiB of segments and the findings and evidence that travel with
// it.
constexpr int kMaxReceiveBytes = 64 << 20;
constexpr int kFirstReconnectMs = 200;
constexpr int kSlowestReconnectMs = 2000;

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status rpc;
  // Only what says the same as the status itself may replace it.
  if (!status.error_details().empty() && rpc.ParseFromString(status.error_details()) &&
      rpc.code() == static_cast<int>(status.error_code())) {
    return FromRpcStatus(rpc);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

constexpr absl::Duration kReloadTimeout = absl::Minutes(10);

std::chrono::system_clock::time_point DeadlineAfter(absl::Duration timeout) {
  return std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout);
}

// The only user of its completion queue, which holds at most one event at a time.
class GrpcWatchStream final : public WatchStream {
 public:
  GrpcWatchStream(v1::TranscriptionService::Stub& stub, const v1::WatchRequest& request) {
    reader_ = stub.PrepareAsyncWatch(&context_, request, &queue_);
    reader_->StartCall(this);
    pending_ = Pending::kStart;
  }

  ~GrpcWatchStream() override {
    context_.TryCancel();
    while (pending_ != Pending::kDone) {
      Take(absl::InfiniteDuration());
      if (has_message_) {
        has_message_ = false;
        Read();
      }
    }
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  GrpcWatchStream(const GrpcWatchStream&) = delete;
  GrpcWatchStream& operator=(const GrpcWatchStream&) = delete;

  Event Next(absl::Duration wait, v1::WatchResponse& response) override {
    while (pending_ != Pending::kDone) {
      if (!Take(wait)) return Event::kTick;
      if (has_message_) {
        has_message_ = false;
        response.Swap(&arriving_);
        Read();
        return Event::kMessage;
      }
    }
    return Event::kEnd;
  }

  absl::Status Finish() override { return FromGrpc(status_); }

 private:
  // What the one outstanding event will tell.
  enum class Pending { kStart, kRead, kFinish, kDone };

  void Read() {
    reader_->Read(&arriving_, this);
    pending_ = Pending::kRead;
  }

  // Takes the outstanding event and starts what follows it; false when none came in time.
  bool Take(absl::Duration wait) {
    void* tag = nullptr;
    bool ok = false;
    if (wait == absl::InfiniteDuration()) {
      queue_.Next(&tag, &ok);
    } else if (queue_.AsyncNext(&tag, &ok, DeadlineAfter(wait)) !=
               grpc::CompletionQueue::GOT_EVENT) {
      return false;
    }
    if (pending_ == Pending::kFinish) {
      pending_ = Pending::kDone;
    } else if (!ok) {
      reader_->Finish(&status_, this);
      pending_ = Pending::kFinish;
    } else if (pending_ == Pending::kStart) {
      Read();
    } else {
      has_message_ = true;
    }
    return true;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReader<v1::WatchResponse>> reader_;
  v1::WatchResponse arriving_;
  grpc::Status status_;
  Pending pending_ = Pending::kDone;
  bool has_message_ = false;
};

class GrpcClient final : public ApiClient {
 public:
  GrpcClient(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout)
      : timeout_(timeout),
        transcription_(v1::TranscriptionService::NewStub(channel)),
        pipeline_(v1::PipelineService::NewStub(channel)) {}

  absl::StatusOr<v1::SubmitResponse> Submit(const v1::SubmitRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::Submit, request);
  }
  std::unique_ptr<WatchStream> Watch(const v1::WatchRequest& request) override {
    return std::make_unique<GrpcWatchStream>(*transcription_, request);
  }
  absl::StatusOr<v1::GetResultResponse> GetResult(const v1::GetResultRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::GetResult, request);
  }
  absl::StatusOr<v1::GetJobResponse> GetJob(const v1::GetJobRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::GetJob, request);
  }
  absl::StatusOr<v1::ListJobsResponse> ListJobs(const v1::ListJobsRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::ListJobs, request);
  }
  absl::StatusOr<v1::ListJobEventsResponse> ListJobEvents(
      const v1::ListJobEventsRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::ListJobEvents, request);
  }
  absl::StatusOr<v1::CancelJobResponse> CancelJob(const v1::CancelJobRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::CancelJob, request);
  }
  absl::StatusOr<v1::DeleteJobResponse> DeleteJob(const v1::DeleteJobRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::DeleteJob, request);
  }
  absl::StatusOr<v1::ResolveJobResponse> ResolveJob(const v1::ResolveJobRequest& request) override {
    return Call(*transcription_, &v1::TranscriptionService::Stub::ResolveJob, request);
  }
  absl::StatusOr<v1::ListPipelinesResponse> ListPipelines(
      const v1::ListPipelinesRequest& request) override {
    return Call(*pipeline_, &v1::PipelineService::Stub::ListPipelines, request);
  }
  absl::StatusOr<v1::ListPluginsResponse> ListPlugins(
      const v1::ListPluginsRequest& request) override {
    return Call(*pipeline_, &v1::PipelineService::Stub::ListPlugins, request);
  }
  absl::StatusOr<v1::ReloadPipelinesResponse> ReloadPipelines(
      const v1::ReloadPipelinesRequest& request) override {
    // It loads plugins, each of which may take a minute.
    return Call(*pipeline_, &v1::PipelineService::Stub::ReloadPipelines, request,
                std::max(timeout_, kReloadTimeout));
  }

 private:
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
      const Request& request, std::optional<absl::Duration> timeout = std::nullopt) {
    grpc::ClientContext context;
    context.set_deadline(DeadlineAfter(timeout.value_or(timeout_)));
    Response response;
    const absl::Status status = FromGrpc((stub.*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  const absl::Duration timeout_;
  const std::unique_ptr<v1::TranscriptionService::Stub> transcription_;
  const std::unique_ptr<v1::PipelineService::Stub> pipeline_;
};

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string pem((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file || pem.empty()) {
    return absl::NotFoundError("cannot read " + path + ", which the TLS options name");
  }
  return pem;
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(
    const ServerOptions& options) {
  if (!options.tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  const std::pair<const std::string*, std::string*> files[] = {
      {&options.tls_ca, &ssl.pem_root_certs},
      {&options.tls_cert, &ssl.pem_cert_chain},
      {&options.tls_key, &ssl.pem_private_key}};
  for (const auto& file : files) {
    auto pem = ReadPem(*file.first);
    if (!pem.ok()) return pem.status();
    *file.second = *std::move(pem);
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

absl::StatusOr<std::shared_ptr<ApiClient>> Connect(const ServerOptions& options) {
  auto credentials = CredentialsOf(options);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(absl::StrCat("cxctl/", kVersion));
  arguments.SetServiceConfigJSON(kRetryServiceConfig);
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  // A person waits: look for a server that comes back at least every two seconds.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kSlowestReconnectMs);
  return std::make_shared<GrpcClient>(
      grpc::CreateCustomChannel(options.address, *credentials, arguments), options.timeout);
}

}  // namespace cxscribe::client
