// WebhookSender: one HTTP POST of one webhook message. An interface, so that the deliverer can be
// tested in virtual time; server/webhook/http_sender.h implements it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

namespace cxscribe {

struct WebhookRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  absl::Duration timeout;  // for all of it: resolving, connecting, sending and the answer
};

// The answer's body is of no interest.
struct WebhookResponse {
  int status = 0;
  std::optional<absl::Duration> retry_after;  // from now
};

class WebhookSender {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<WebhookResponse>)>;

  virtual ~WebhookSender() = default;
  // Calls `done` exactly once, on any thread, at the latest shortly after the request's timeout.
  // OK: an HTTP answer of any status. Redirects are not followed. CANCELLED: the sender is
  // stopping, and the attempt does not count. Another error: no answer came; its message holds
  // neither the URL's path nor its query.
  virtual void Send(WebhookRequest request, Done done) = 0;
};

}  // namespace cxscribe
