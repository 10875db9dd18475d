// Which server cxctl talks to: flags, the environment and the profiles of
// $XDG_CONFIG_HOME/cxscribe/config.yaml.
//
//   default_profile: production        # optional; used when nothing else names a server
//   profiles:
//     production:
//       server: cxscribe.example.com:7400
//       tls:                           # every key optional; files relative to this file
//         ca: ca.pem
//         cert: client.pem
//         key: client.key
//
// The first that is there counts: --server, --profile, CXSCRIBE_SERVER, CXSCRIBE_PROFILE,
// default_profile, 127.0.0.1:7400. TLS flags add to whichever it is.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "client/api_client.h"

namespace cxscribe::client {

using GetEnv = std::function<std::optional<std::string>(const std::string& name)>;

// What the command line says about the server; empty: nothing.
struct ServerFlags {
  std::string server;
  std::string profile;
  bool tls = false;
  bool plaintext = false;
  std::string tls_ca;
  std::string tls_cert;
  std::string tls_key;
};

struct Profile {
  std::string server;  // never empty
  bool tls = false;
  // Empty, or a path, relative ones already taken from the file's folder.
  std::string tls_ca;
  std::string tls_cert;
  std::string tls_key;
};

// The profile `name` of a file with the text `yaml`, or its default one for an empty name; nothing
// where there is no default. `path` is for messages and relative files. Errors: INVALID_ARGUMENT,
// all of them at once with line and column; NOT_FOUND for a profile that is not there.
absl::StatusOr<std::optional<Profile>> ReadProfile(const std::string& yaml, const std::string& path,
                                                   const std::string& name);

// The server to talk to. Plaintext to loopback addresses and Unix sockets, TLS to all others,
// unless flags say otherwise. Errors name the file with line and column, or the flag.
absl::StatusOr<ServerOptions> ResolveServer(const ServerFlags& flags, const GetEnv& getenv);

// $XDG_CONFIG_HOME/cxscribe/config.yaml, or below ~/.config; empty where neither is known.
std::string ProfileFile(const GetEnv& getenv);

// Whether an address "host:port" can only be this machine.
bool IsLoopback(const std::string& address);

}  // namespace cxscribe::client
