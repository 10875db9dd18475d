// WebhookDeliverer: drives the durable outbox. Sends each message until its receiver takes it or
// its attempts are used up.
//
// At least once: an outcome that was not stored before a crash is tried again, under the same
// message id, by which receivers drop repetitions. Messages to one receiver may overtake each
// other: `data.revision` tells which is newer.
#pragma once

#include <memory>

#include <absl/time/time.h>

#include "server/base/executor.h"
#include "server/base/random.h"
#include "server/config/settings.h"
#include "server/job/job_store.h"
#include "server/telemetry/metrics.h"
#include "server/webhook/sender.h"

namespace cxscribe {

// For how long messages carry the signature of the previous key as well. A receiver that was
// forgotten shows within a day of deliveries; the first retries of a failed one are well within it.
inline constexpr absl::Duration kSigningOverlap = absl::Hours(24);

// | answer                        | what follows                                                  |
// |-------------------------------|---------------------------------------------------------------|
// | 2xx                           | delivered                                                     |
// | 410                           | given up: the receiver is gone for good                       |
// | all else, redirects included, | tried again after the next step of settings.retry_schedule,   |
// | and no answer                 | +-10 % at random, and not before Retry-After (at most a day); |
// |                               | after the last step given up                                  |
//
// A message that is given up stays in the store, undelivered and done: the dead letter.
//
// Start, SetSigningSecret, Notify and the destructor are thread-safe. All work is done on `executor`; the sender's
// and the store's callbacks only hand over to it.
class WebhookDeliverer {
 public:
  struct Limits {
    int in_flight = 16;
    int in_flight_per_host = 2;
    // Rows that are read at a time; the rest waits in the store.
    int page = 256;
  };

  // All must outlive the deliverer, and `executor` the callbacks of `store` and `sender` too.
  // Destroy it once the executor has stopped, or on the executor.
  WebhookDeliverer(const WebhookSettings& settings, TimerExecutor& executor, Random& random,
                   JobStore& store, WebhookSender& sender, Metrics& metrics, Limits limits);
  WebhookDeliverer(const WebhookSettings& settings, TimerExecutor& executor, Random& random,
                   JobStore& store, WebhookSender& sender, Metrics& metrics);
  ~WebhookDeliverer();
  WebhookDeliverer(const WebhookDeliverer&) = delete;
  WebhookDeliverer& operator=(const WebhookDeliverer&) = delete;

  // Takes up what the store holds. Once.
  void Start();

  // Signs with this key from now on, and for kSigningOverlap with the one before it too, so that
  // receivers can be told one after the other; a restart ends that sooner. A secret that is none
  // (see WebhookSigner::Create) changes nothing.
  void SetSigningSecret(Secret secret);

  // Says that a message was committed to the store. Cheap: calls that come while the store is being
  // read make one more read together.
  void Notify();

 private:
  class State;
  const std::shared_ptr<State> state_;
  TimerExecutor& executor_;
};

}  // namespace cxscribe
