// ApiClient: the calls of cxscribe's API that cxctl makes, without gRPC's types, so that verbs
// compile fast and are tested against a fake. client/connection.h has the real one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

namespace cxscribe::v1 {
class CancelJobRequest;
class CancelJobResponse;
class DeleteJobRequest;
class DeleteJobResponse;
class GetJobRequest;
class GetJobResponse;
class GetResultRequest;
class GetResultResponse;
class ListJobEventsRequest;
class ListJobEventsResponse;
class ListJobsRequest;
class ListJobsResponse;
class ListPipelinesRequest;
class ListPipelinesResponse;
class ListPluginsRequest;
class ListPluginsResponse;
class ReloadPipelinesRequest;
class ReloadPipelinesResponse;
class ResolveJobRequest;
class ResolveJobResponse;
class SubmitRequest;
class SubmitResponse;
class WatchRequest;
class WatchResponse;
}  // namespace cxscribe::v1

namespace cxscribe::client {

// One Watch stream. Used by one thread. Destroying it ends the call.
class WatchStream {
 public:
  enum class Event {
    kMessage,  // `response` was filled
    kTick,     // nothing arrived in time
    kEnd,      // nothing more will arrive: see Finish
  };
  virtual ~WatchStream() = default;
  // Waits up to `wait` for the next message.
  virtual Event Next(absl::Duration wait, v1::WatchResponse& response) = 0;
  // The status of the call; only after kEnd.
  virtual absl::Status Finish() = 0;
};

// Used by one thread. Errors are those of the call, google.rpc details as payloads.
class ApiClient {
 public:
  virtual ~ApiClient() = default;

  virtual absl::StatusOr<v1::SubmitResponse> Submit(const v1::SubmitRequest& request) = 0;
  virtual std::unique_ptr<WatchStream> Watch(const v1::WatchRequest& request) = 0;
  virtual absl::StatusOr<v1::GetResultResponse> GetResult(const v1::GetResultRequest& request) = 0;
  virtual absl::StatusOr<v1::GetJobResponse> GetJob(const v1::GetJobRequest& request) = 0;
  virtual absl::StatusOr<v1::ListJobsResponse> ListJobs(const v1::ListJobsRequest& request) = 0;
  virtual absl::StatusOr<v1::ListJobEventsResponse> ListJobEvents(
      const v1::ListJobEventsRequest& request) = 0;
  virtual absl::StatusOr<v1::CancelJobResponse> CancelJob(const v1::CancelJobRequest& request) = 0;
  virtual absl::StatusOr<v1::DeleteJobResponse> DeleteJob(const v1::DeleteJobRequest& request) = 0;
  virtual absl::StatusOr<v1::ResolveJobResponse> ResolveJob(
      const v1::ResolveJobRequest& request) = 0;
  virtual absl::StatusOr<v1::ListPipelinesResponse> ListPipelines(
      const v1::ListPipelinesRequest& request) = 0;
  virtual absl::StatusOr<v1::ListPluginsResponse> ListPlugins(
      const v1::ListPluginsRequest& request) = 0;
  virtual absl::StatusOr<v1::ReloadPipelinesResponse> ReloadPipelines(
      const v1::ReloadPipelinesRequest& request) = 0;
};

// Where the server is and how to talk to it.
struct ServerOptions {
  std::string address = "127.0.0.1:7400";
  bool tls = false;
  std::string tls_ca;    // PEM file; empty: the system's certificates
  std::string tls_cert;  // PEM files of the client's own certificate; empty: none
  std::string tls_key;
  absl::Duration timeout = absl::Seconds(30);  // of each call but Watch
};

// Makes the client of a server; fails only for local reasons, such as a file that cannot be read.
using Connector =
    std::function<absl::StatusOr<std::shared_ptr<ApiClient>>(const ServerOptions& options)>;

}  // namespace cxscribe::client
