// TokenSource: the OAuth 2.0 client-credentials token of one account (RFC 6749, 4.4), fetched when
// needed and shared by all calls.
//
// A token is renewed 60 seconds before it expires (or after half of its life, if that is shorter).
// However many calls wait for one, at most one request is under way. If it fails, all who wait get
// the failure, and nothing of it is kept: the next call asks again, so pacing is the callers'
// affair. A token that is still valid serves on while its renewal fails.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/time/time.h>

#include "server/base/clock.h"
#include "server/config/settings.h"
#include "server/cxone/client.h"
#include "server/cxone/http_loop.h"

namespace cxscribe {

// Failures: kCredentials (the endpoint refuses the client), kThrottled, kUnavailable, kMalformed
// (with `field`). Their fate is always kNotProcessed: the call that needed the token was not sent.
// `outcome.requests` is 1 for the one caller whose Get sent a request, 0 for all others.
struct TokenResult {
  UpstreamOutcome outcome;
  std::string token;  // when outcome.ok()
};

// Thread-safe.
class TokenSource {
 public:
  using Callback = absl::AnyInvocable<void(TokenResult)>;

  // `http` and `clock` must outlive every callback; the source itself need not.
  TokenSource(const AccountSettings& account, HttpSender& http, const Clock& clock);
  ~TokenSource();
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;

  // Calls `done` exactly once: inside this call when there is a good token, else on the HTTP loop.
  void Get(Callback done);

  // Says that CXone refused `token`. Drops it if it is still the current one.
  void Invalidate(const std::string& token);

  // The next token is asked for with these. The current one serves on: that its client's secret
  // was exchanged does not end it.
  void SetCredentials(const std::string& client_id, const Secret& client_secret);

  // The client secrets of now and before, which no error may quote.
  std::vector<std::string> Secrets() const;

 private:
  class Core;
  const std::shared_ptr<Core> core_;
};

}  // namespace cxscribe
