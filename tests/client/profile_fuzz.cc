// Any bytes as a profile file: a profile with a server, or errors with their places; and an address
// that is resolved is resolved to itself.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "client/profile.h"

namespace {

using namespace cxscribe::client;

void Require(bool condition) {
  if (!condition) std::abort();
}

std::optional<std::string> NoVariable(const std::string&) { return std::nullopt; }

void CheckAddress(const std::string& address) {
  ServerFlags flags;
  flags.server = address;
  const auto server = ResolveServer(flags, NoVariable);
  if (!server.ok()) {
    Require(server.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  if (!server->tls) Require(IsLoopback(server->address));
  flags.server = server->address;
  const auto again = ResolveServer(flags, NoVariable);
  Require(again.ok() && again->address == server->address && again->tls == server->tls);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string yaml(reinterpret_cast<const char*>(data), size);
  for (const std::string& name : {std::string(), std::string("p")}) {
    const auto profile = ReadProfile(yaml, "/c/config.yaml", name);
    if (!profile.ok()) {
      const absl::Status& status = profile.status();
      Require(!status.message().empty());
      Require(status.code() == absl::StatusCode::kNotFound ||
              status.message().substr(0, 15) == "/c/config.yaml:");
    } else if (profile->has_value()) {
      Require(!(*profile)->server.empty());
      CheckAddress((*profile)->server);
    } else {
      Require(name.empty());
    }
  }
  if (!yaml.empty()) CheckAddress(yaml);
  return 0;
}
