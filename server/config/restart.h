// What of a configuration that was read again a running server does not take in. Pure.
#pragma once

#include <string>
#include <vector>

#include "server/config/settings.h"

namespace cxscribe {

// The keys, dotted and in the order of the sample, whose values in `read` differ from those in
// `running` and take effect only when the server is started again: "listen.grpc",
// "cxone.accounts.NAME.base_url", or "cxone.accounts.NAME" for an account that came or went. Never
// values. What a reload does take in is left out: pipelines, plugins, redaction policies, client
// ids and secrets (see CredentialsAreTakenIn), and another signing secret for webhooks (though not
// the first or the last one: whether there are webhooks at all is decided at the start).
std::vector<std::string> RestartRequired(const Settings& running, const Settings& read);

// Whether a reload takes in the account's client id and secret. Not where token_url differs: they
// are for the new place then, and the old one, which is in force until a restart, must not get
// them.
bool CredentialsAreTakenIn(const AccountSettings& running, const AccountSettings& read);

}  // namespace cxscribe
