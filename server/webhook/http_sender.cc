#include "server/webhook/http_sender.h"

#include <string>
#include <string_view>
#include <utility>

#include "server/cxone/retry.h"

namespace cxscribe {
namespace {

// The answer's body is not read; this only bounds what a receiver can make us take in.
constexpr size_t kMaxResponse = 64 * 1024;

absl::StatusOr<WebhookResponse> ToResponse(const HttpResult& result, absl::Time now) {
  // The status line is the receiver's answer; what becomes of the body behind it does not matter.
  if (result.status != 0) {
    WebhookResponse response;
    response.status = result.status;
    if (const std::string_view value = result.Header("retry-after"); !value.empty()) {
      response.retry_after = ParseRetryAfter(value, now);
    }
    return response;
  }
  switch (result.error) {
    case HttpError::kCancelled:
      return absl::CancelledError(result.message);
    case HttpError::kAddressRefused:
      return absl::PermissionDeniedError(
          result.message +
          "; the receiver's name resolves to addresses that webhooks may not go to "
          "(webhook.allow_private_networks)");
    case HttpError::kTimeout:
      return absl::DeadlineExceededError(result.message);
    default:
      return absl::UnavailableError(result.message);
  }
}

}  // namespace

void HttpWebhookSender::Send(WebhookRequest request, Done done) {
  HttpRequest http;
  http.method = "POST";
  http.url = std::move(request.url);
  http.headers = std::move(request.headers);
  http.body = std::move(request.body);
  http.connect_timeout = request.timeout;
  http.timeout = request.timeout;
  http.max_response_bytes = kMaxResponse;
  // A copy: the request may outlive this sender.
  http.address_filter = [policy = policy_](const sockaddr* address) {
    return policy.IsAddressAllowed(address);
  };
  http_.Send(std::move(http), [done = std::move(done), &clock = clock_](HttpResult result) mutable {
    done(ToResponse(result, clock.Now()));
  });
}

}  // namespace cxscribe
