#include "server/webhook/signature.h"

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/config/signing_secret.h"

namespace cxscribe {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<WebhookSigner> WebhookSigner::Create(std::string_view secret) {
  absl::StatusOr<std::string> key = DecodeSigningSecret(secret);
  if (!key.ok()) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_WEBHOOK_SECRET",
                        absl::StrCat("webhook.signing_secret ", key.status().message()))
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
    std::string_view message_id, absl::Time timestamp, std::string_view payload,
    const WebhookSigner* previous) const {
  std::string signature = Sign(message_id, timestamp, payload);
  if (previous != nullptr) {
    absl::StrAppend(&signature, " ", previous->Sign(message_id, timestamp, payload));
  }
  return {{"webhook-id", std::string(message_id)},
          {"webhook-timestamp", absl::StrCat(absl::ToUnixSeconds(timestamp))},
          {"webhook-signature", std::move(signature)}};
}

}  // namespace cxscribe
