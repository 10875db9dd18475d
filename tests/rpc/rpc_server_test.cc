// The server as a whole: health, reflection, what is not there yet, and shutting down.
#include <set>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "google/rpc/error_details.pb.h"
#include "server/base/error.h"
#include "tests/rpc/rpc_fixture.h"

namespace cxscribe {
namespace {

// A raw unary call: health and reflection come as generated code in other languages; here their few
// bytes are written by hand, so that no second copy of their descriptors is linked.
std::optional<std::string> RawUnary(const std::shared_ptr<grpc::Channel>& channel,
                                    const std::string& method, const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  grpc::CompletionQueue queue;
  grpc::Slice slice(request);
  const auto call = stub.PrepareUnaryCall(&context, method, grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, &queue);
  void* tag = nullptr;
  bool ok = false;
  if (!queue.Next(&tag, &ok) || !status.ok()) return std::nullopt;
  std::vector<grpc::Slice> slices;
  if (!response.Dump(&slices).ok()) return std::nullopt;
  std::string bytes;
  for (const auto& part : slices) bytes.append(part.begin(), part.end());
  return bytes;
}

// HealthCheckRequest{service} and HealthCheckResponse{status}: field 1 of each.
std::optional<int> HealthOf(const std::shared_ptr<grpc::Channel>& channel,
                            const std::string& service) {
  std::string request;
  if (!service.empty()) {
    request = std::string("\x0a", 1) + static_cast<char>(service.size()) + service;
  }
  const auto response = RawUnary(channel, "/grpc.health.v1.Health/Check", request);
  if (!response.has_value() || response->size() != 2) return std::nullopt;
  return static_cast<int>((*response)[1]);
}

constexpr int kServing = 1;
constexpr int kNotServing = 2;

TEST_F(RpcTest, ReportsTheHealthOfEachService) {
  for (const char* service : {"", "cxscribe.v1.TranscriptionService", "cxscribe.v1.PipelineService",
                              "cxscribe.v1.AdminService"}) {
    EXPECT_EQ(HealthOf(channel_, service), kServing) << service;
  }
  server_->SetServing(false);
  EXPECT_EQ(HealthOf(channel_, "cxscribe.v1.TranscriptionService"), kNotServing);
  EXPECT_EQ(HealthOf(channel_, "no.such.Service"), std::nullopt);
}

TEST_F(RpcTest, AnswersChannelz) {
  const auto servers = RawUnary(channel_, "/grpc.channelz.v1.Channelz/GetServers", "");
  ASSERT_TRUE(servers.has_value());
  EXPECT_FALSE(servers->empty());
}

TEST_F(RpcTest, WhatIsNotBuiltSaysSoAndNamesTheFeature) {
  const auto expect = [](const grpc::Status& status, const char* feature) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << feature;
    EXPECT_EQ(Reason(status), "NOT_IMPLEMENTED") << feature;
    EXPECT_NE(status.error_message().find(feature), std::string::npos) << status.error_message();
  };
  using Jobs = v1::TranscriptionService::Stub;
  using Pipelines = v1::PipelineService::Stub;
  using Admin = v1::AdminService::Stub;
  const auto pipelines = v1::PipelineService::NewStub(channel_);
  const auto admin = v1::AdminService::NewStub(channel_);
  v1::ResolveJobResponse resolved;
  expect(Call(*jobs_, &Jobs::ResolveJob, v1::ResolveJobRequest(), resolved), "resolving");
  v1::ReprocessJobResponse reprocessed;
  expect(Call(*pipelines, &Pipelines::ReprocessJob, v1::ReprocessJobRequest(), reprocessed),
         "reprocessing");
  v1::SetLegalHoldResponse held;
  expect(Call(*admin, &Admin::SetLegalHold, v1::SetLegalHoldRequest(), held), "legal hold");
  v1::ListWebhookDeliveriesResponse deliveries;
  expect(
      Call(*admin, &Admin::ListWebhookDeliveries, v1::ListWebhookDeliveriesRequest(), deliveries),
      "webhook");
  v1::RedeliverWebhookResponse redelivered;
  expect(Call(*admin, &Admin::RedeliverWebhook, v1::RedeliverWebhookRequest(), redelivered),
         "webhook");
  v1::RotateKeysResponse rotated;
  expect(Call(*admin, &Admin::RotateKeys, v1::RotateKeysRequest(), rotated), "key rotation");
  v1::BackupResponse backup;
  expect(Call(*admin, &Admin::Backup, v1::BackupRequest(), backup), "backup");
  v1::GetStatusResponse report;
  expect(Call(*admin, &Admin::GetStatus, v1::GetStatusRequest(), report), "status");
}

TEST_F(RpcTest, ReloadsPipelinesAndSaysWhichThereAre) {
  const auto stub = v1::PipelineService::NewStub(channel_);
  v1::ReloadPipelinesResponse response;
  const grpc::Status status = Call(*stub, &v1::PipelineService::Stub::ReloadPipelines,
                                   v1::ReloadPipelinesRequest(), response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.pipelines_size(), 1);
  ASSERT_EQ(response.restart_required_size(), 1);
  EXPECT_EQ(response.restart_required(0), "jobs.deadline");
}

TEST_F(RpcTest, AReloadThatFailsSaysEverythingThatIsWrong) {
  reloaded_ = ErrorBuilder(absl::StatusCode::kFailedPrecondition, "CONFIG_INVALID", "2 errors")
                  .Field("c.yaml:3:5", "is wrong")
                  .Field("c.yaml:9:1", "is wrong too")
                  .Build();
  const auto stub = v1::PipelineService::NewStub(channel_);
  v1::ReloadPipelinesResponse response;
  const grpc::Status status = Call(*stub, &v1::PipelineService::Stub::ReloadPipelines,
                                   v1::ReloadPipelinesRequest(), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(status), "CONFIG_INVALID");
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->field_violations_size(), 2);
}

TEST_F(RpcTest, ListsPipelinesAndPlugins) {
  const auto stub = v1::PipelineService::NewStub(channel_);
  v1::ListPipelinesResponse pipelines;
  EXPECT_TRUE(
      Call(*stub, &v1::PipelineService::Stub::ListPipelines, v1::ListPipelinesRequest(), pipelines)
          .ok());
  EXPECT_EQ(pipelines.pipelines_size(), 1);
  v1::ListPluginsResponse plugins;
  EXPECT_TRUE(
      Call(*stub, &v1::PipelineService::Stub::ListPlugins, v1::ListPluginsRequest(), plugins).ok());
}

TEST_F(RpcTest, ASecondServerOnThePortIsAnError) {
  ListenSettings listen;
  listen.grpc = "127.0.0.1:" + std::to_string(server_->port());
  const auto second = RpcServer::Start(Dependencies(), listen);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(second.status()), "LISTEN_FAILED");
}

TEST_F(RpcTest, ShutsDownWithAStreamOpen) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  const v1::Job job = Submit(Request());
  v1::WatchRequest request;
  request.add_targets()->set_job_id(job.job_id());
  grpc::ClientContext context;
  SetDeadline(context);
  const auto reader = jobs_->Watch(&context, request);
  v1::WatchResponse first;
  ASSERT_TRUE(reader->Read(&first));
  server_->Shutdown(absl::Milliseconds(50));  // returns, though nobody ended the stream
  while (reader->Read(&first)) {
  }
  EXPECT_FALSE(reader->Finish().ok());
}

}  // namespace
}  // namespace cxscribe
