#include "server/webhook/policy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxUrl = 2048;

struct CurlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

absl::Status Invalid(std::string description) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
                      absl::StrCat("webhook_url ", description))
      .Field("webhook_url", description)
      .Build();
}

absl::Status Forbidden(const std::string& host, const std::string& why, const std::string& remedy) {
  return ErrorBuilder(absl::StatusCode::kPermissionDenied, "WEBHOOK_FORBIDDEN",
                      absl::StrCat("webhook_url: ", host, " ", why, "; ", remedy))
      .Metadata("field", "webhook_url")
      .Build();
}

// "" when the URL has no such part.
std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return "";
  const std::unique_ptr<char, CurlFree> owned(text);
  return text;
}

// A block of IPv4 addresses, as in RFC 6890 and the IANA registry that follows it.
struct Block4 {
  uint32_t network;
  int bits;
  AddressClass kind;
};
constexpr Block4 kBlocks4[] = {
    {0x00000000, 8, AddressClass::kForbidden},   // this network; 0.0.0.0 reaches the host itself
    {0x0A000000, 8, AddressClass::kPrivate},     // RFC 1918
    {0x64400000, 10, AddressClass::kPrivate},    // carrier-grade NAT
    {0x7F000000, 8, AddressClass::kPrivate},     // loopback
    {0xA9FE0000, 16, AddressClass::kForbidden},  // link-local: the clouds' metadata services
    {0xAC100000, 12, AddressClass::kPrivate},    // RFC 1918
    {0xC0000000, 24, AddressClass::kForbidden},  // protocol assignments; 192.0.0.192 is metadata
    {0xC0000200, 24, AddressClass::kForbidden},  // documentation
    {0xC0586300, 24, AddressClass::kForbidden},  // 6to4 relay, deprecated
    {0xC0A80000, 16, AddressClass::kPrivate},    // RFC 1918
    {0xC6120000, 15, AddressClass::kPrivate},    // benchmarks
    {0xC6336400, 24, AddressClass::kForbidden},  // documentation
    {0xCB007100, 24, AddressClass::kForbidden},  // documentation
    {0xE0000000, 4, AddressClass::kForbidden},   // multicast
    {0xF0000000, 4, AddressClass::kForbidden},   // reserved, and broadcast
};
// Metadata services outside link-local space: Azure's WireServer (168.63.129.16, which looks
// public) and Alibaba's (100.100.100.200, in CGNAT).
constexpr uint32_t kMetadata4[] = {0xA83F8110, 0x646464C8};

AddressClass Classify4(uint32_t address) {
  if (std::find(std::begin(kMetadata4), std::end(kMetadata4), address) != std::end(kMetadata4)) {
    return AddressClass::kForbidden;
  }
  for (const Block4& block : kBlocks4) {
    if ((address ^ block.network) >> (32 - block.bits) == 0) return block.kind;
  }
  return AddressClass::kPublic;
}

using Bytes16 = std::array<uint8_t, 16>;

bool InPrefix(const Bytes16& address, std::initializer_list<uint8_t> prefix, int bits) {
  Bytes16 network{};
  std::copy(prefix.begin(), prefix.end(), network.begin());
  for (int i = 0; bits > 0; ++i, bits -= 8) {
    const auto mask = static_cast<uint8_t>(bits >= 8 ? 0xFF : 0xFF << (8 - bits));
    if (((address[static_cast<size_t>(i)] ^ network[static_cast<size_t>(i)]) & mask) != 0) {
      return false;
    }
  }
  return true;
}

uint32_t Embedded4(const Bytes16& address, size_t at) {
  return uint32_t{address[at]} << 24 | uint32_t{address[at + 1]} << 16 |
         uint32_t{address[at + 2]} << 8 | uint32_t{address[at + 3]};
}

// An address that stands for an IPv4 one, reached by a path that others may not expect.
AddressClass AtLeastPrivate(AddressClass kind) {
  return kind == AddressClass::kPublic ? AddressClass::kPrivate : kind;
}

AddressClass Classify6(const Bytes16& address) {
  if (InPrefix(address, {}, 80) && address[10] == 0xFF && address[11] == 0xFF) {
    return AtLeastPrivate(Classify4(Embedded4(address, 12)));  // IPv4-mapped
  }
  if (InPrefix(address, {}, 96)) {
    const uint32_t low = Embedded4(address, 12);
    if (low == 1) return AddressClass::kPrivate;  // loopback
    return AddressClass::kForbidden;              // unspecified; IPv4-compatible, deprecated
  }
  // NAT64, which IPv6-only networks reach all IPv4 addresses by: as what it stands for.
  if (InPrefix(address, {0x00, 0x64, 0xFF, 0x9B}, 96)) return Classify4(Embedded4(address, 12));
  if (InPrefix(address, {0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01}, 48)) return AddressClass::kPrivate;
  // The clouds' metadata services that have unique local addresses: AWS.
  if (InPrefix(address, {0xFD, 0x00, 0x0E, 0xC2}, 32)) return AddressClass::kForbidden;
  if (InPrefix(address, {0xFC}, 7)) return AddressClass::kPrivate;  // unique local
  // 6to4: as what it stands for.
  if (InPrefix(address, {0x20, 0x02}, 16)) return AtLeastPrivate(Classify4(Embedded4(address, 2)));
  if (InPrefix(address, {0x20, 0x01, 0x0D, 0xB8}, 32)) return AddressClass::kForbidden;  // docs
  if (InPrefix(address, {0x3F, 0xFF}, 20)) return AddressClass::kForbidden;              // docs
  // Protocol assignments, with Teredo and ORCHID.
  if (InPrefix(address, {0x20, 0x01, 0x00}, 23)) return AddressClass::kForbidden;
  // Global unicast is all that is handed out; the rest is link-local, multicast or unassigned.
  return InPrefix(address, {0x20}, 3) ? AddressClass::kPublic : AddressClass::kForbidden;
}

// The address that `host` spells, where it is a literal. libcurl takes a dot off its end before it
// asks the resolver, which knows every spelling that inet_aton knows.
bool ParseLiteral(std::string host, sockaddr_storage& address) {
  if (absl::EndsWith(host, ".")) host.pop_back();
  std::memset(&address, 0, sizeof address);
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address);
  if (inet_aton(host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    return true;
  }
  if (host.size() < 2 || host.front() != '[') return false;
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
  v6->sin6_family = AF_INET6;
  return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6->sin6_addr) == 1;
}

// Names that mean this machine or its surroundings wherever they are resolved (RFC 6761, 6762, and
// common practice). Others are judged by the addresses that they resolve to.
AddressClass ClassifyName(absl::string_view host) {
  absl::ConsumeSuffix(&host, ".");
  if (host == "metadata.google.internal" || host == "metadata") return AddressClass::kForbidden;
  if (host == "localhost" || absl::EndsWith(host, ".localhost") || absl::EndsWith(host, ".local") ||
      absl::EndsWith(host, ".internal") || absl::EndsWith(host, ".home.arpa") ||
      !absl::StrContains(host, '.')) {
    return AddressClass::kPrivate;
  }
  return AddressClass::kPublic;
}

}  // namespace

absl::StatusOr<WebhookTarget> ParseWebhookUrl(std::string_view url) {
  if (url.size() > kMaxUrl) {
    return Invalid(absl::StrCat("is ", url.size(), " bytes long; at most 2048 are taken"));
  }
  if (std::any_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7F; })) {
    return Invalid("holds a space, a control character or a byte outside ASCII; percent-encode it");
  }
  // libcurl takes these, and others read them otherwise: no receiver needs them.
  if (absl::StrContains(ToAbsl(url), '\\') || absl::StrContains(ToAbsl(url), ":///")) {
    return Invalid("holds a backslash, or more than two slashes before the host");
  }
  const std::unique_ptr<CURLU, CurlFree> parsed(curl_url());
  if (parsed == nullptr) return absl::ResourceExhaustedError("out of memory");
  const std::string text(url);
  // Without flags curl guesses no scheme and takes only those that it knows.
  if (curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return Invalid("is not an absolute URL, for example https://hooks.example.com/cxscribe");
  }
  WebhookTarget target;
  target.scheme = absl::AsciiStrToLower(PartOf(parsed.get(), CURLUPART_SCHEME));
  target.host = absl::AsciiStrToLower(PartOf(parsed.get(), CURLUPART_HOST));
  if (target.scheme != "https" && target.scheme != "http") {
    return Invalid(absl::StrCat("has the scheme ", target.scheme, "; only https is taken"));
  }
  if (target.host.empty()) return Invalid("names no host");
  if (!PartOf(parsed.get(), CURLUPART_USER).empty() ||
      !PartOf(parsed.get(), CURLUPART_PASSWORD).empty()) {
    return Invalid("holds credentials; receivers prove the sender by the message's signature");
  }
  if (absl::StrContains(text, '#')) return Invalid("holds a fragment, which is never sent");
  const std::string port = PartOf(parsed.get(), CURLUPART_PORT);
  if (port.empty()) {
    target.port = target.scheme == "https" ? 443 : 80;
  } else if (!absl::SimpleAtoi(port, &target.port) || target.port < 1 || target.port > 65535) {
    return Invalid("has a port that is none");
  }
  return target;
}

AddressClass ClassifyAddress(const sockaddr* address) {
  // Copied out: the caller's storage need not be aligned for what it holds.
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return Classify4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    Bytes16 bytes;
    std::memcpy(bytes.data(), v6.sin6_addr.s6_addr, bytes.size());
    return Classify6(bytes);
  }
  return AddressClass::kForbidden;
}

WebhookPolicy::WebhookPolicy(const WebhookSettings& settings)
    : configured_(!settings.signing_secret.empty()),
      allow_http_(settings.allow_http),
      allow_private_networks_(settings.allow_private_networks) {}

absl::Status WebhookPolicy::CheckUrl(std::string_view url) const {
  const absl::StatusOr<WebhookTarget> target = ParseWebhookUrl(url);
  if (!target.ok()) return target.status();
  if (!configured_) {
    return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "WEBHOOK_NOT_CONFIGURED",
                        "webhook_url: this server sends no webhooks, since it has no key to sign "
                        "them with; set webhook.signing_secret, or submit without webhook_url")
        .Build();
  }
  sockaddr_storage literal;
  const AddressClass kind = ParseLiteral(target->host, literal)
                                ? ClassifyAddress(reinterpret_cast<const sockaddr*>(&literal))
                                : ClassifyName(target->host);
  if (kind == AddressClass::kForbidden) {
    return Forbidden(target->host,
                     "is never a receiver of webhooks (link-local, metadata, "
                     "multicast or reserved)",
                     "no setting allows it");
  }
  if (kind == AddressClass::kPrivate && !allow_private_networks_) {
    return Forbidden(target->host, "is not a public host",
                     "webhook.allow_private_networks: true would allow it");
  }
  if (target->scheme == "http" && !allow_http_) {
    return Forbidden(target->host, "would be called over http, in the clear",
                     "use https, or webhook.allow_http: true would allow it");
  }
  return absl::OkStatus();
}

bool WebhookPolicy::IsAddressAllowed(const sockaddr* address) const {
  switch (ClassifyAddress(address)) {
    case AddressClass::kPublic:
      return true;
    case AddressClass::kPrivate:
      return allow_private_networks_;
    case AddressClass::kForbidden:
      return false;
  }
  return false;
}

}  // namespace cxscribe
