// Any bytes as a webhook's URL: what is accepted has a sane target, and what the strict policy lets
// through is no literal address that a connection would be refused to.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "server/webhook/policy.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// What a resolver would make of the host without asking anybody.
bool IsForbiddenLiteral(const cxscribe::WebhookPolicy& policy, std::string host) {
  if (!host.empty() && host.back() == '.') host.pop_back();  // as libcurl does
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_aton(host.c_str(), &v4.sin_addr) == 1) {
    return !policy.IsAddressAllowed(reinterpret_cast<const sockaddr*>(&v4));
  }
  if (host.size() < 2 || host.front() != '[') return false;
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  const std::string inside = host.substr(1, host.find_first_of("%]") - 1);
  return inet_pton(AF_INET6, inside.c_str(), &v6.sin6_addr) == 1 &&
         !policy.IsAddressAllowed(reinterpret_cast<const sockaddr*>(&v6));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view url(reinterpret_cast<const char*>(data), size);
  const auto target = cxscribe::ParseWebhookUrl(url);
  if (!target.ok()) {
    Require(target.status().code() == absl::StatusCode::kInvalidArgument);
    return 0;
  }
  Require(target->scheme == "https" || target->scheme == "http");
  Require(!target->host.empty() && target->port >= 1 && target->port <= 65535);
  Require(target->host.find_first_of("/\\@#? ") == std::string::npos);

  cxscribe::WebhookSettings settings;
  settings.signing_secret = cxscribe::Secret("secret");
  const cxscribe::WebhookPolicy strict(settings);
  if (!strict.CheckUrl(url).ok()) return 0;
  Require(target->scheme == "https");
  Require(!IsForbiddenLiteral(strict, target->host));
  return 0;
}
