// See signing_secret.h.
#include "server/config/signing_secret.h"

#include <cstddef>

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include "server/base/hash.h"

namespace cxscribe {
namespace {

constexpr std::string_view kPrefix = "whsec_";
// The specification's bounds for a key.
constexpr size_t kLeast = 24;
constexpr size_t kMost = 64;

absl::Status Wrong(const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; make one with: echo \"whsec_$(openssl rand -base64 32)\""));
}

}  // namespace

absl::StatusOr<std::string> DecodeSigningSecret(std::string_view secret) {
  if (secret.substr(0, kPrefix.size()) != kPrefix) return Wrong("must begin with whsec_");
  const std::string encoded(secret.substr(kPrefix.size()));
  std::string key;
  // Abseil takes white space, other alphabets' dots and missing padding as well.
  if (encoded.size() > 2 * kMost || !absl::Base64Unescape(encoded, &key) ||
      Base64(key) != encoded) {
    return Wrong("must be whsec_ and standard Base64, padded and without white space");
  }
  if (key.size() < kLeast || key.size() > kMost) {
    return Wrong(absl::StrCat("must be whsec_ and Base64 of ", kLeast, " to ", kMost,
                              " bytes, not of ", key.size()));
  }
  return key;
}

}  // namespace cxscribe
