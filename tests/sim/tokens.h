// TokenAuthority: the OAuth 2.0 client-credentials side of the simulated CXone. Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <absl/time/time.h>

#include "server/base/random.h"
#include "tests/sim/http_message.h"

namespace cxscribe::sim {

inline constexpr char kScopeRecordings[] = "recordings:read";
inline constexpr char kScopeTranscribe[] = "voice:transcribe";

class TokenAuthority {
 public:
  TokenAuthority(std::string client_id, std::string client_secret, absl::Duration lifetime)
      : client_id_(std::move(client_id)),
        client_secret_(std::move(client_secret)),
        lifetime_(lifetime) {}

  // Answers POST /oauth2/token; the token lives for `lifetime`, or as configured when that is zero.
  HttpResponse Issue(const HttpRequest& request, absl::Time now, absl::Duration lifetime,
                     Random& random);

  enum class Verdict { kGood, kMissing, kUnknown, kExpired, kScope };
  // Whether `request` carries a bearer token that is good for `scope` at `now`.
  Verdict Check(const HttpRequest& request, std::string_view scope, absl::Time now) const;

  // Every token issued so far is unknown from now on.
  void RevokeAll() { tokens_.clear(); }

  int issued() const { return issued_; }
  void set_client_secret(std::string secret) { client_secret_ = std::move(secret); }

 private:
  struct Token {
    absl::Time expires;
    std::string scope;  // space-separated
  };

  std::string client_id_;
  std::string client_secret_;
  absl::Duration lifetime_;
  std::map<std::string, Token, std::less<>> tokens_;
  int issued_ = 0;
};

}  // namespace cxscribe::sim
