// FakeServer: an in-process gRPC server that plays one job, for tests of what speaks real gRPC.
//
// Submit makes job_1 (the same for the same request_id). Watch shows it QUEUED and TRANSCRIBING and
// then, as often as `lost_streams` says, ends with UNAVAILABLE; after that it SUCCEEDS. GetResult
// has two pages. Other calls answer what the methods below say. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cxscribe/v1/transcription_service.pb.h"

namespace cxscribe::client {

class FakeServer {
 public:
  struct Options {
    int port = 0;           // 0: a free one
    int lost_streams = 1;   // how many Watch streams end with UNAVAILABLE
    int failing_reads = 0;  // how many GetJob calls fail with UNAVAILABLE first
  };
  explicit FakeServer(const Options& options);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  int port() const;
  std::string address() const;
  int get_job_calls() const;
  std::vector<v1::WatchRequest> watch_requests() const;
  // Ends every Watch stream and does not take new calls.
  void Stop();
  // Until the process is told to stop.
  void Wait();

 private:
  class Service;
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace cxscribe::client
