// Caller: who makes a call, and for which tenant. Pure; knows nothing of gRPC.
#pragma once

#include <map>
#include <string>

#include <absl/status/statusor.h>

namespace cxscribe {

// Until tenants exist, every caller belongs to this one.
inline constexpr char kDefaultTenant[] = "default";
inline constexpr char kAnonymousActor[] = "anonymous";

struct Caller {
  std::string tenant;  // the owner of what the caller makes
  std::string actor;   // a person or program, as the audit log names it
};

// What the transport knows about a call.
struct CallContext {
  // Keys in lower case, as HTTP/2 carries them.
  std::multimap<std::string, std::string> metadata;
  // The name in the client's verified certificate; empty without one.
  std::string peer_name;
};

// Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // UNAUTHENTICATED when the call's credentials are missing or wrong.
  virtual absl::StatusOr<Caller> Authenticate(const CallContext& context) const = 0;
};

// Lets everybody in as the default tenant. The actor is the TLS peer's name where there is one,
// else "anonymous"; nothing that a caller merely claims is taken for an identity.
class AnonymousAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<Caller> Authenticate(const CallContext& context) const override;
};

}  // namespace cxscribe
