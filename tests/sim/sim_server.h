// SimServer: the simulated CXone on 127.0.0.1, in this process: what cxsim is, and what tests
// start.
//
//   SimServer cxone({.transcription_time = absl::ZeroDuration()});
//   ASSERT_TRUE(cxone.Start().ok());
//   cxone->AddFault({.kind = FaultKind::kStatus, .route = Route::kSubmit, .times = 1, .status =
//   503});
//   ... a client works against cxone.base_url() ...
//   EXPECT_EQ(cxone->CallCount(Route::kSubmit), 2);
#pragma once

#include <memory>
#include <string>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>

#include "server/base/mutex.h"
#include "tests/sim/http_transport.h"
#include "tests/sim/sim_options.h"
#include "tests/sim/sim_service.h"

namespace cxscribe::sim {

// Start and Stop from one thread; the rest is thread-safe once Start has succeeded. Stops when
// destroyed.
class SimServer {
 public:
  explicit SimServer(SimOptions options = {});
  ~SimServer();
  SimServer(const SimServer&) = delete;
  SimServer& operator=(const SimServer&) = delete;

  // Listens and returns the port. After Stop: on the same port, with the state kept, as after a
  // network outage. INVALID_ARGUMENT: the transcripts or the scenario are bad; UNAVAILABLE: the
  // port is taken.
  absl::StatusOr<int> Start();
  // Resets all connections; from now on connecting is refused.
  void Stop();

  // "http://127.0.0.1:PORT", after the first successful Start.
  const std::string& base_url() const { return base_url_; }

  // Steering and observing. Only after the first successful Start.
  SimService* operator->() { return service_.get(); }
  const SimService* operator->() const { return service_.get(); }

  // Resets the connections of the requests that hang or are being delayed now (clearing the faults
  // does not).
  void ReleaseHeld() { transport_.ReleaseHeld(); }
  // Requests that hang or are being delayed now.
  int HeldCount() const { return transport_.HeldCount(); }

 private:
  HttpResponse Handle(const HttpRequest& request);
  void CallWebhooks();

  SimOptions options_;
  std::string base_url_;
  std::unique_ptr<SimService> service_;
  HttpTransport transport_;

  std::thread webhooks_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace cxscribe::sim
