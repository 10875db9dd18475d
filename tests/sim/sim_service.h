// SimService: the whole behaviour of the simulated CXone, without a socket: a request goes in, an
// answer comes out, with the clock that SimOptions names. SimServer puts it on HTTP.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <nlohmann/json_fwd.hpp>

#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/base/random.h"
#include "tests/sim/catalogue.h"
#include "tests/sim/fault.h"
#include "tests/sim/fault_book.h"
#include "tests/sim/http_message.h"
#include "tests/sim/sim_options.h"
#include "tests/sim/tokens.h"
#include "tests/sim/transcriptions.h"

namespace cxscribe::sim {

// One request as it came in. Client secrets are replaced by ***.
struct RequestRecord {
  int64_t number = 0;  // counts from 1
  absl::Time time;
  Route route = Route::kOther;
  HttpRequest request;
  int status = 0;                 // 0: no answer was delivered
  std::vector<FaultKind> faults;  // that it met
};

// The completion callback of a transcription that named a webhook_url.
struct WebhookCall {
  std::string url;
  std::string body;  // {"id", "status"}
};

// Thread-safe.
class SimService {
 public:
  // Reads the transcripts folder and the scenario. INVALID_ARGUMENT lists every problem of both.
  static absl::StatusOr<std::unique_ptr<SimService>> Create(const SimOptions& options);

  // Answers one request. Does not wait: HttpResponse says what the transport shall wait for.
  HttpResponse Handle(const HttpRequest& request);

  // --- Steering ---
  // Returns the fault's id. Aborts when CheckFault finds something wrong, which is a mistake in the
  // caller.
  int AddFault(Fault fault);
  void AddFaults(std::vector<Fault> faults);
  void ClearFaults();
  void RevokeTokens();
  void SetClientSecret(std::string secret);
  absl::Status AddRecording(const RecordingSpec& spec);
  // Moves this service's time on, on top of the clock.
  void Advance(absl::Duration by);
  absl::Time Now() const;

  // --- Observing ---
  int CallCount(Route route) const;  // kAny: all; admin requests never count
  // Waits, in wall time, until CallCount(route) is at least `count`; false at the timeout.
  bool WaitForCalls(Route route, int count, absl::Duration timeout) const;
  // The newest 10,000 requests, oldest first.
  std::vector<RequestRecord> Requests() const;
  std::vector<RequestRecord> Requests(Route route) const;
  std::vector<Transcription> Transcriptions() const;  // in the order of creation
  int TokensIssued() const;
  int TimesFired(int fault_id) const;  // 0 when there is no such fault (any more)
  std::vector<std::string> RecordingIds() const;
  uint64_t seed() const { return seed_; }

  // The callbacks that have become due, each handed out once.
  std::vector<WebhookCall> TakeDueWebhooks();
  // How long until the next one is; InfiniteDuration when none is pending.
  absl::Duration NextWebhookIn() const;

 private:
  SimService(const SimOptions& options, uint64_t seed, uint64_t fault_seed, Catalogue catalogue);

  Route RouteOf(const HttpRequest& request) const;
  RequestFacts FactsOf(const HttpRequest& request, Route route) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HttpResponse Dispatch(const HttpRequest& request, Route route, const FaultPlan& plan)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HttpResponse Recordings(const HttpRequest& request, const FaultPlan& plan)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HttpResponse Submit(const HttpRequest& request, const FaultPlan& plan)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HttpResponse Poll(const HttpRequest& request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // An answer when the bearer token is not good for `scope`.
  std::optional<HttpResponse> Refuse(const HttpRequest& request, const char* scope)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string NewTranscriptionId(const std::vector<std::string>& recording_ids)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration DurationOf(const std::vector<std::string>& recording_ids) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Record(const HttpRequest& request, Route route, const FaultPlan& plan,
              const HttpResponse& answer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int CallCountLocked(Route route) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Time NowLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // sim_admin.cc
  HttpResponse Admin(const HttpRequest& request);
  HttpResponse AdminAddFaults(const std::string& body);
  HttpResponse AdminAdvance(const std::string& body);
  nlohmann::json StateJson() const;
  nlohmann::json FaultsJson() const;
  nlohmann::json RequestsJson() const;

  const SimOptions options_;
  const uint64_t seed_;
  const SystemClock system_clock_;
  const Clock& clock_;
  SeededRandom ids_;
  SeededRandom chances_;

  mutable Mutex mutex_;
  mutable CondVar recorded_;
  absl::Duration offset_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  Catalogue catalogue_ ABSL_GUARDED_BY(mutex_);
  TokenAuthority tokens_ ABSL_GUARDED_BY(mutex_);
  FaultBook faults_ ABSL_GUARDED_BY(mutex_);
  std::deque<Transcription> transcriptions_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, size_t, std::less<>> by_id_ ABSL_GUARDED_BY(mutex_);
  std::vector<size_t> webhooks_pending_ ABSL_GUARDED_BY(mutex_);  // indices of transcriptions_
  // Idempotency-Key -> the request body it came with, and the transcription.
  struct Submission {
    std::string body;
    std::string id;
  };
  std::map<std::string, Submission> by_key_ ABSL_GUARDED_BY(mutex_);
  std::deque<RequestRecord> records_ ABSL_GUARDED_BY(mutex_);
  int64_t recorded_count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<Route, int> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe::sim
