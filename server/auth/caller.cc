#include "server/auth/caller.h"

#include <algorithm>
#include <cstddef>

namespace cxscribe {
namespace {

// Longer names do not appear in certificates: RFC 5280 bounds a common name to 64 characters, and a
// DNS name to 253.
constexpr size_t kMaxActor = 256;

}  // namespace

absl::StatusOr<Caller> AnonymousAuthenticator::Authenticate(const CallContext& context) const {
  // The name goes into the audit log: a certificate that holds control characters names nobody.
  const std::string& name = context.peer_name;
  const bool usable =
      !name.empty() && name.size() <= kMaxActor &&
      std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return Caller{kDefaultTenant, usable ? name : std::string(kAnonymousActor)};
}

}  // namespace cxscribe
