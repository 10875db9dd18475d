// The signing secret of webhooks (Standard Webhooks): "whsec_" and the Base64 of the key. Pure.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

namespace cxscribe {

// The key, of 24 to 64 bytes. INVALID_ARGUMENT, without repeating the secret, with what is wrong
// ("must begin with whsec_; ..."). Strict: one spelling a key, with its padding, and nothing around
// it. Whoever reads a secret reads it with this, so that what is loaded can be signed with.
absl::StatusOr<std::string> DecodeSigningSecret(std::string_view secret);

}  // namespace cxscribe
