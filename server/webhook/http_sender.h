// HttpWebhookSender: sends webhooks through the process's HTTP loop. Every connection is held to
// the webhook policy, by the address that it goes to: a name that resolves to a private address is
// refused however it got past the check at Submit.
#pragma once

#include "server/base/clock.h"
#include "server/cxone/http_loop.h"
#include "server/webhook/policy.h"
#include "server/webhook/sender.h"

namespace cxscribe {

// Thread-safe.
class HttpWebhookSender final : public WebhookSender {
 public:
  // `http` and `clock` must outlive the sender; `clock` also the requests under way.
  HttpWebhookSender(const WebhookSettings& settings, HttpSender& http, const Clock& clock)
      : policy_(settings), http_(http), clock_(clock) {}

  void Send(WebhookRequest request, Done done) override;

 private:
  const WebhookPolicy policy_;
  HttpSender& http_;
  const Clock& clock_;
};

}  // namespace cxscribe
