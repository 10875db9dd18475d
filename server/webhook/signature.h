// Signature: the Standard Webhooks signature, symmetric scheme v1
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
//
//   webhook-id: msg_01HM…               the same on every attempt
//   webhook-timestamp: 1705312800       of this attempt, in Unix seconds
//   webhook-signature: v1,Base64(HMAC-SHA256(key, "id.timestamp.payload"))
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

namespace cxscribe {

// Immutable, so thread-safe. Holds key material: nothing prints it.
class WebhookSigner {
 public:
  // `secret` is "whsec_" and the Base64 of 24 to 64 bytes. INVALID_ARGUMENT, without repeating the
  // secret, when it is not.
  static absl::StatusOr<WebhookSigner> Create(std::string_view secret);

  // The value of webhook-signature.
  std::string Sign(std::string_view message_id, absl::Time timestamp,
                   std::string_view payload) const;

  // The three headers of one attempt. With `previous`, the signature of an earlier key follows that
  // of this one, as the specification has it for receivers that do not know the new key yet.
  std::vector<std::pair<std::string, std::string>> Headers(
      std::string_view message_id, absl::Time timestamp, std::string_view payload,
      const WebhookSigner* previous = nullptr) const;

 private:
  explicit WebhookSigner(std::string key) : key_(std::move(key)) {}

  std::string key_;
};

}  // namespace cxscribe
