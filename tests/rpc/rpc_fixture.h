// The gRPC server on a free loopback port, over a real engine whose CXone, pipeline and store are
// scripted.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "cxscribe/v1/admin_service.grpc.pb.h"
#include "cxscribe/v1/pipeline_service.grpc.pb.h"
#include "cxscribe/v1/transcription_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "server/rpc/rpc_server.h"
#include "tests/engine/engine_fixture.h"

namespace cxscribe {

class RpcTest : public testing::Test {
 protected:
  RpcTest() : loop_("rpc-test", clock_), store_(loop_), cxone_(loop_), hub_(store_, loop_) {
    auto account = AccountSettings();
    account.name = "default";
    account.budget = {1'000'000, absl::Seconds(1)};
    account.poll = {absl::Milliseconds(1), absl::Milliseconds(2)};
    settings_.accounts["default"] = account;
    settings_.redaction_policies["pii"] = {"pii", {"CREDIT_CARD"}, "pii"};
    settings_.pipelines.emplace_back().name = "default";
    auto pipelines = std::make_shared<PipelineSet>();
    pipelines->pipelines["default"] = pipeline_;
    pipelines->redaction_policies = settings_.redaction_policies;
    pipelines_ = pipelines;
  }

  ~RpcTest() override {
    server_.reset();
    loop_.Stop();
  }

  RpcDependencies Dependencies() {
    return RpcDependencies{.engine = *engine_,
                           .store = store_,
                           .hub = hub_,
                           .authenticator = authenticator_,
                           .random = random_,
                           .metrics = metrics_,
                           .rules = rules_,
                           .pipelines = [this] { return pipelines_; },
                           .reload =
                               [this](PipelineReloader::Callback done) {
                                 if (reloaded_.ok()) {
                                   done(Reloaded{pipelines_, {"jobs.deadline"}});
                                 } else {
                                   done(reloaded_);
                                 }
                               }};
  }

  void SetUp() override {
    engine_ = std::make_unique<Engine>(
        EngineDependencies{.loop = loop_,
                           .store = store_,
                           .random = random_,
                           .metrics = metrics_,
                           .listener = hub_,
                           .clients = {{"default", &cxone_}},
                           .try_run =
                               [this](const std::string&, Task task) {
                                 loop_.Post(std::move(task));
                                 return true;
                               },
                           .pipelines = [this] { return pipelines_; },
                           .audit_writable = [this] { return audit_status_; },
                           .webhook_stored = [] {}},
        EngineSettings{settings_.accounts, settings_.jobs});
    engine_->Run();
    ListenSettings listen;
    listen.grpc = "127.0.0.1:0";
    auto server = RpcServer::Start(Dependencies(), listen);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    server_->SetServing(true);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    jobs_ = v1::TranscriptionService::NewStub(channel_);
  }

  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  }

  // One unary call: Call(&Stub::GetJob, request, response).
  template <typename Stub, typename Method, typename Request, typename Response>
  static grpc::Status Call(Stub& stub, Method method, const Request& request, Response& response) {
    grpc::ClientContext context;
    SetDeadline(context);
    return (stub.*method)(&context, request, &response);
  }

  v1::Job Submit(v1::SubmitRequest request) {
    v1::SubmitResponse response;
    const grpc::Status status =
        Call(*jobs_, &v1::TranscriptionService::Stub::Submit, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.job();
  }

  static v1::SubmitRequest Request(const std::string& recording_id = "rec_1") {
    v1::SubmitRequest request;
    request.add_recording_ids(recording_id);
    return request;
  }

  // Watches until the stream ends; every job state that came.
  std::pair<grpc::Status, std::vector<v1::Job>> WatchToEnd(const std::string& job_id,
                                                           int64_t after_revision = 0) {
    v1::WatchRequest request;
    auto* target = request.add_targets();
    target->set_job_id(job_id);
    target->set_after_revision(after_revision);
    grpc::ClientContext context;
    SetDeadline(context);
    const auto reader = jobs_->Watch(&context, request);
    std::vector<v1::Job> seen;
    for (v1::WatchResponse message; reader->Read(&message);) {
      if (message.has_job()) seen.push_back(message.job());
    }
    return {reader->Finish(), std::move(seen)};
  }

  // Runs `task` on the loop and waits for it: the scripts belong to that thread.
  void OnLoop(Task task) {
    std::promise<void> done;
    loop_.Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  static google::rpc::Status Details(const grpc::Status& status) {
    google::rpc::Status details;
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    return details;
  }
  template <typename Detail>
  static std::optional<Detail> DetailOf(const grpc::Status& status) {
    const google::rpc::Status all = Details(status);
    for (const auto& any : all.details()) {
      Detail detail;
      if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
    }
    return std::nullopt;
  }
  static std::string Reason(const grpc::Status& status) {
    const auto info = DetailOf<google::rpc::ErrorInfo>(status);
    if (!info.has_value()) return "";
    EXPECT_EQ(info->domain(), "cxscribe");
    return info->reason();
  }

  absl::Status audit_status_;  // the loop's
  absl::Status reloaded_;      // what a reload comes to
  SystemClock clock_;
  SeededRandom random_{11};
  Metrics metrics_;
  AnonymousAuthenticator authenticator_;
  Settings settings_;
  RequestRules rules_{settings_, "default", {}};
  std::shared_ptr<ScriptedPipeline> pipeline_ = std::make_shared<ScriptedPipeline>();
  std::shared_ptr<const PipelineSet> pipelines_;
  LoopThread loop_;
  FakeJobStore store_;
  ScriptedCxone cxone_;
  WatchHub hub_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<RpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::TranscriptionService::Stub> jobs_;
};

}  // namespace cxscribe
