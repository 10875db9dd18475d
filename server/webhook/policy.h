// Policy: where webhooks may go. A caller chooses the URL and the server sends the request, so by
// default only https to public addresses is allowed: anything else would let a caller reach into
// the network that the server stands in.
//
// The check has two halves, and needs both: CheckUrl at Submit, for what the URL itself shows; and
// IsAddressAllowed for the address that a connection is about to be made to, since a public name
// can resolve to a private address, and to another one on every look-up.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "server/config/settings.h"

struct sockaddr;

namespace cxscribe {

// A webhook URL taken apart by the parser that also sends it (libcurl), so that what was checked
// is what is called.
struct WebhookTarget {
  std::string scheme;  // "https" or "http"
  // Lower case. An IPv6 address stands in brackets; an IPv4 address in any spelling (0x7f.1,
  // 2130706433) as four decimal numbers.
  std::string host;
  int port = 0;
};

// INVALID_ARGUMENT, reason INVALID_REQUEST, with a violation of field `webhook_url`: not an
// absolute http(s) URL, longer than 2,048 bytes, or with credentials or a fragment.
absl::StatusOr<WebhookTarget> ParseWebhookUrl(std::string_view url);

// What kind of address it is, from the registries of special-purpose addresses (RFC 6890 and IANA's
// updates). What is not known to be public is not public.
enum class AddressClass {
  kPublic,
  // Loopback, RFC 1918, CGNAT (100.64/10), unique local, IPv4-mapped and other translated forms
  // of them: allowed by webhook.allow_private_networks.
  kPrivate,
  // Never a webhook's receiver: link-local with the clouds' metadata services, multicast,
  // broadcast, unspecified, reserved.
  kForbidden,
};
AddressClass ClassifyAddress(const sockaddr* address);

// Immutable, so thread-safe.
class WebhookPolicy {
 public:
  explicit WebhookPolicy(const WebhookSettings& settings);

  // As ParseWebhookUrl; else FAILED_PRECONDITION with reason WEBHOOK_NOT_CONFIGURED where there is
  // no signing secret; else PERMISSION_DENIED with reason WEBHOOK_FORBIDDEN, naming the setting
  // that would allow the target. Does not resolve names.
  absl::Status CheckUrl(std::string_view url) const;

  // Whether a connection to `address` (AF_INET or AF_INET6) may be opened.
  bool IsAddressAllowed(const sockaddr* address) const;

 private:
  const bool configured_;
  const bool allow_http_;
  const bool allow_private_networks_;
};

}  // namespace cxscribe
