// FaultBook: the faults in force, and which of them a request meets. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "server/base/random.h"
#include "tests/sim/fault.h"
#include "tests/sim/http_message.h"

namespace cxscribe::sim {

// What a fault can be matched against.
struct RequestFacts {
  Route route = Route::kOther;
  std::vector<std::string> recordings;
  std::string transcription;
};

// What happens to one request.
struct FaultPlan {
  std::vector<FaultKind> fired;  // in order
  absl::Duration latency = absl::ZeroDuration();
  bool revoke_tokens = false;
  std::optional<Fault> fault;            // the one that shapes the answer
  absl::Duration rate_limit_ends_after;  // of kRateLimit
};

class FaultBook {
 public:
  struct Entry {
    int id = 0;
    Fault fault;
    int seen = 0;   // requests that matched
    int fired = 0;  // of these, those that it was applied to
    // Of kRateLimit: the running window.
    absl::Time window_start = absl::InfinitePast();
    int window_count = 0;
  };

  // The fault must pass CheckFault. Returns its id.
  int Add(Fault fault);
  // False when there is no such fault.
  bool Remove(int id);
  void Clear() { entries_.clear(); }
  const std::vector<Entry>& entries() const { return entries_; }

  // Faults apply in the order in which they were added: latency and revoke_tokens add up, the first
  // of the others wins. Every fault counts every request that it matches, whichever wins.
  FaultPlan Match(const RequestFacts& facts, absl::Time now, Random& random);

 private:
  std::vector<Entry> entries_;
  int next_id_ = 1;
};

// Whether the request is still carried out under `fault`.
bool IsCarriedOut(const Fault& fault);

// Turns the real answer (or, where the request was not carried out, an empty one) into what `plan`
// asks for.
void ApplyPlan(const FaultPlan& plan, Route route, absl::Time now, HttpResponse& answer);

// Adds Retry-After in seconds (rounded up) or as the HTTP date that is `delay` after `now`.
void AddRetryAfter(absl::Duration delay, bool as_date, absl::Time now, HttpResponse& answer);

}  // namespace cxscribe::sim
