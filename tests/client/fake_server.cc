#include "tests/client/fake_server.h"

#include <algorithm>
#include <chrono>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>

#include "cxscribe/v1/transcription_service.grpc.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/mutex.h"

namespace cxscribe::client {
namespace {

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      ToRpcStatus(status).SerializeAsString());
}

// A name that makes the last segment longer than gRPC's default limit of 4 MiB.
constexpr char kLargeJob[] = "job_large";
constexpr size_t kLargeText = 5u << 20;

v1::Job JobAt(v1::JobState state, int64_t revision, int percent) {
  v1::Job job;
  job.set_job_id("job_1");
  job.set_state(state);
  job.set_revision(revision);
  job.set_progress_percent(percent);
  job.set_redaction_policy("pii");
  job.add_recording_ids("rec_1");
  return job;
}

}  // namespace

class FakeServer::Service final : public v1::TranscriptionService::Service {
 public:
  explicit Service(const Options& options)
      : lost_streams_(options.lost_streams), failing_reads_(options.failing_reads) {}

  grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    if (request->request_id().empty() || request->recording_ids(0) == "bad") {
      return ToGrpc(
          ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "2 fields are wrong")
              .Field("recording_ids", "\"bad\" is bad")
              .Field("language", "unknown")
              .Build());
    }
    *response->mutable_job() = JobAt(v1::JOB_STATE_QUEUED, 1, 0);
    return grpc::Status::OK;
  }

  grpc::Status GetJob(grpc::ServerContext* context, const v1::GetJobRequest* request,
                      v1::GetJobResponse* response) override {
    {
      MutexLock lock(mutex_);
      ++get_job_calls_;
      if (failing_reads_ > 0) {
        --failing_reads_;
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "try again");
      }
    }
    if (request->job_id() == "job_slow") {
      while (!context->IsCancelled() && !stopping()) {
        MutexLock lock(mutex_);
        changed_.WaitFor(mutex_, absl::Milliseconds(10));
      }
      return grpc::Status::CANCELLED;
    }
    if (request->job_id() != "job_1") {
      return ToGrpc(ErrorBuilder(absl::StatusCode::kNotFound, "JOB_NOT_FOUND", "no such job")
                        .Resource("job", request->job_id())
                        .Build());
    }
    *response->mutable_job() = JobAt(v1::JOB_STATE_SUCCEEDED, 3, 100);
    return grpc::Status::OK;
  }

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    bool lose = false;
    {
      MutexLock lock(mutex_);
      watch_requests_.push_back(*request);
      lose = lost_streams_ > 0 && lost_streams_-- > 0;
    }
    v1::WatchResponse response;
    if (request->targets(0).job_id() == "job_endless") {
      *response.mutable_job() = JobAt(v1::JOB_STATE_TRANSCRIBING, 2, 50);
      response.mutable_job()->set_job_id("job_endless");
      writer->Write(response);
      while (!context->IsCancelled() && !stopping()) {
        MutexLock lock(mutex_);
        changed_.WaitFor(mutex_, absl::Milliseconds(10));
      }
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server stops");
    }
    if (request->targets(0).after_revision() < 2) {
      *response.mutable_job() = JobAt(v1::JOB_STATE_QUEUED, 1, 0);
      writer->Write(response);
      response.mutable_heartbeat();
      writer->Write(response);
    }
    *response.mutable_job() = JobAt(v1::JOB_STATE_TRANSCRIBING, 2, 50);
    writer->Write(response);
    if (lose) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server stops");
    *response.mutable_job() = JobAt(v1::JOB_STATE_SUCCEEDED, 3, 100);
    writer->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status GetResult(grpc::ServerContext*, const v1::GetResultRequest* request,
                         v1::GetResultResponse* response) override {
    const bool first = request->page_token().empty();
    response->set_segment_count(2);
    auto* segment = response->add_segments();
    segment->set_recording_id("rec_1");
    if (first) {
      response->set_job_id(request->job_id());
      response->set_redaction_policy("pii");
      response->mutable_compliance()->set_vendor_redaction(v1::OUTCOME_FAIL);
      response->mutable_compliance()->set_pii_redacted(v1::OUTCOME_PASS);
      response->set_next_page_token("2");
      segment->set_speaker("agent");
      segment->set_text("Grüße 👍, how can I help?");
    } else {
      response->set_first_segment(1);
      segment->set_speaker("customer");
      segment->set_start_ms(61'000);
      segment->set_text(request->job_id() == kLargeJob ? std::string(kLargeText, 'x')
                                                       : "👍 my number is [PHONE].");
      auto* finding = response->add_findings();
      finding->set_entity_type("PHONE");
      finding->set_masked(true);
      auto* span = finding->add_spans();
      span->set_segment_index(1);
      span->set_begin(18);
      span->set_end(25);
    }
    return grpc::Status::OK;
  }

  void Stop() {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  int get_job_calls() const {
    MutexLock lock(mutex_);
    return get_job_calls_;
  }
  std::vector<v1::WatchRequest> watch_requests() const {
    MutexLock lock(mutex_);
    return watch_requests_;
  }

 private:
  bool stopping() const {
    MutexLock lock(mutex_);
    return stopping_;
  }

  mutable Mutex mutex_;
  CondVar changed_;
  int lost_streams_ ABSL_GUARDED_BY(mutex_);
  int failing_reads_ ABSL_GUARDED_BY(mutex_);
  int get_job_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<v1::WatchRequest> watch_requests_ ABSL_GUARDED_BY(mutex_);
};

struct FakeServer::Impl {
  explicit Impl(const Options& options) : service(options) {}
  Service service;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
};

FakeServer::FakeServer(const Options& options) : impl_(std::make_unique<Impl>(options)) {
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(options.port),
                           grpc::InsecureServerCredentials(), &impl_->port);
  builder.RegisterService(&impl_->service);
  impl_->server = builder.BuildAndStart();
}

FakeServer::~FakeServer() { Stop(); }

int FakeServer::port() const { return impl_->port; }
std::string FakeServer::address() const { return "127.0.0.1:" + std::to_string(port()); }
int FakeServer::get_job_calls() const { return impl_->service.get_job_calls(); }
std::vector<v1::WatchRequest> FakeServer::watch_requests() const {
  return impl_->service.watch_requests();
}

void FakeServer::Stop() {
  if (impl_->server == nullptr) return;
  impl_->service.Stop();
  impl_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  impl_->server->Wait();
  impl_->server.reset();
}

void FakeServer::Wait() { impl_->server->Wait(); }

}  // namespace cxscribe::client
