#include "server/webhook/signature.h"

#include <cstddef>
#include <optional>

#include <absl/strings/str_cat.h>
#include <openssl/evp.h>

#include "server/base/error.h"
#include "server/base/hash.h"

namespace cxscribe {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
// The specification's bounds for a key.
constexpr size_t kMinKey = 24;
constexpr size_t kMaxKey = 64;

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

// Strict: padding in place, no white space, nothing after it.
std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 1024) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<size_t>(size));
  // OpenSSL counts padding as zero bytes.
  for (int i = 0; i < 2 && text.back() == '='; ++i) {
    text.remove_suffix(1);
    bytes.pop_back();
  }
  // One spelling a key: OpenSSL also takes surrounding spaces and misplaced padding.
  std::string canonical = Base64(bytes);
  while (!canonical.empty() && canonical.back() == '=') canonical.pop_back();
  if (canonical != text) return std::nullopt;
  return bytes;
}

}  // namespace

absl::StatusOr<WebhookSigner> WebhookSigner::Create(std::string_view secret) {
  std::optional<std::string> key;
  if (secret.substr(0, kSecretPrefix.size()) == kSecretPrefix) {
    key = DecodeBase64(secret.substr(kSecretPrefix.size()));
  }
  if (!key.has_value() || key->size() < kMinKey || key->size() > kMaxKey) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_WEBHOOK_SECRET",
                        "webhook.signing_secret is not \"whsec_\" followed by the Base64 of 24 to "
                        "64 bytes; make one with: echo whsec_$(openssl rand -base64 32)")
        .Build();
  }
  return WebhookSigner(*std::move(key));
}

std::string WebhookSigner::Sign(std::string_view message_id, absl::Time timestamp,
                                std::string_view payload) const {
  const std::string message =
      absl::StrCat(ToAbsl(message_id), ".", absl::ToUnixSeconds(timestamp), ".", ToAbsl(payload));
  return absl::StrCat("v1,", Base64(HmacSha256(key_, message)));
}

std::vector<std::pair<std::string, std::string>> WebhookSigner::Headers(
    std::string_view message_id, absl::Time timestamp, std::string_view payload) const {
  return {{"webhook-id", std::string(message_id)},
          {"webhook-timestamp", absl::StrCat(absl::ToUnixSeconds(timestamp))},
          {"webhook-signature", Sign(message_id, timestamp, payload)}};
}

}  // namespace cxscribe
