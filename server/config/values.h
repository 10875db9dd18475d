// Small total functions over configuration values: the YAML 1.2 core schema, addresses, URLs,
// names. Internal to server/config.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/time/time.h>
#include <nlohmann/json.hpp>

#include "server/config/settings.h"

namespace cxscribe {

// `text` in double quotes with control characters escaped and at most 80 bytes of it.
std::string Quoted(std::string_view text);

// The name in `candidates` that `word` was probably meant to be; empty when none is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

// Where the first byte stands that is not UTF-8, or is a control character that YAML forbids.
std::optional<size_t> FindInvalidText(std::string_view text);
// Line and column of the byte at `offset`.
SourceLocation LocationAt(std::string_view text, size_t offset, const std::string& file);

// A plain scalar as the core schema of YAML 1.2 resolves it: null, boolean, integer, number or
// string. nullopt: a number that JSON cannot hold (.inf, .nan, beyond 64 bits).
std::optional<nlohmann::json> ResolvePlainScalar(std::string_view text);

// "30s", "1h30m", "500ms", "1.5s"; finite and not negative.
std::optional<absl::Duration> ParseDuration(std::string_view text);

struct HostPort {
  std::string host;  // without brackets
  int port = 0;
};
// "127.0.0.1:7400", "localhost:0", "[::1]:7400".
std::optional<HostPort> ParseHostPort(std::string_view text);
// localhost, 127.0.0.0/8 or ::1.
bool IsLoopbackHost(std::string_view host);

// What is wrong with `url` as the address of a service: it must be absolute, https or (on loopback
// only) http, without user, query or fragment. Empty: nothing.
std::string CheckServiceUrl(std::string_view url);

// [a-z0-9][a-z0-9_-]{0,62}: a name of the user's own.
bool IsName(std::string_view text);

// What is wrong with a Standard Webhooks secret. Empty: nothing. Never repeats the secret.
std::string CheckSigningSecret(std::string_view secret);

}  // namespace cxscribe
