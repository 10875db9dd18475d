#include "client/profile.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <yaml-cpp/yaml.h>

namespace cxscribe::client {
namespace {

constexpr char kDefaultPort[] = "7400";

// Reads the profile file, keeping every error with its place.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::optional<Profile>> Read(const std::string& yaml, std::string name) {
    const bool named = !name.empty();
    YAML::Node root;
    try {
      root = YAML::Load(yaml);
    } catch (const YAML::Exception& error) {
      Add(error.mark, error.msg);
      return Error();
    }
    std::map<std::string, Profile> profiles;
    std::string default_profile;
    ForEach(root, "the file", [&](const std::string& key, const YAML::Node& value) {
      if (key == "default_profile") {
        default_profile = Text(value, key);
      } else if (key == "profiles") {
        ForEach(value, key, [&](const std::string& profile, const YAML::Node& node) {
          profiles[profile] = ReadOne(node, profile);
        });
      } else {
        Unknown(value, key, "default_profile, profiles");
      }
    });
    if (!errors_.empty()) return Error();
    if (!named) name = default_profile;
    if (name.empty()) return std::optional<Profile>();
    const auto found = profiles.find(name);
    if (found == profiles.end()) {
      std::vector<std::string> names;
      names.reserve(profiles.size());
      for (const auto& entry : profiles) names.push_back(entry.first);
      return absl::NotFoundError(absl::StrCat("there is no profile \"", name, "\" in ", path_,
                                              "; it has: ", absl::StrJoin(names, ", ")));
    }
    return std::optional<Profile>(found->second);
  }

 private:
  Profile ReadOne(const YAML::Node& node, const std::string& name) {
    Profile profile;
    ForEach(node, name, [&](const std::string& key, const YAML::Node& value) {
      if (key == "server") {
        profile.server = Text(value, key);
      } else if (key == "tls") {
        profile.tls = true;
        if (value.IsNull()) return;
        ForEach(value, key, [&](const std::string& tls_key, const YAML::Node& file) {
          if (tls_key == "ca") {
            profile.tls_ca = File(file, tls_key);
          } else if (tls_key == "cert") {
            profile.tls_cert = File(file, tls_key);
          } else if (tls_key == "key") {
            profile.tls_key = File(file, tls_key);
          } else {
            Unknown(file, tls_key, "ca, cert, key");
          }
        });
      } else {
        Unknown(value, key, "server, tls");
      }
    });
    if (profile.server.empty()) Add(node.Mark(), absl::StrCat("profile ", name, " needs a server"));
    return profile;
  }

  template <typename Visit>
  void ForEach(const YAML::Node& node, const std::string& what, const Visit& visit) {
    if (node.IsNull()) return;
    if (!node.IsMap()) {
      Add(node.Mark(), what + " must be a mapping");
      return;
    }
    std::set<std::string> seen;
    for (const auto& item : node) {
      const std::string key = item.first.IsScalar() ? item.first.Scalar() : "";
      if (!seen.insert(key).second) {
        Add(item.first.Mark(), absl::StrCat("duplicate key \"", key, "\""));
        continue;
      }
      visit(key, item.second);
    }
  }

  std::string Text(const YAML::Node& node, const std::string& key) {
    if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    Add(node.Mark(), absl::StrCat("\"", key, "\" must be a text"));
    return "";
  }

  std::string File(const YAML::Node& node, const std::string& key) {
    std::string file = Text(node, key);
    if (file.empty()) return file;
    return (std::filesystem::path(path_).parent_path() / file).string();
  }

  void Unknown(const YAML::Node& node, const std::string& key, const std::string& known) {
    Add(node.Mark(), absl::StrCat("unknown key \"", key, "\"; known: ", known));
  }

  void Add(const YAML::Mark& mark, const std::string& message) {
    errors_.push_back(absl::StrCat(path_, ":", mark.line + 1, ":", mark.column + 1, ": ", message));
  }

  absl::Status Error() const { return absl::InvalidArgumentError(absl::StrJoin(errors_, "\n")); }

  const std::string path_;
  std::vector<std::string> errors_;
};

std::string HostOf(const std::string& address) {
  if (!address.empty() && address[0] == '[') return address.substr(1, address.find(']') - 1);
  return address.substr(0, address.rfind(':'));
}

// What ResolveServer reads: nothing to read is as good as a file without profiles.
absl::StatusOr<std::optional<Profile>> ReadProfileFile(const std::string& path,
                                                       const std::string& name) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) {
    if (name.empty()) return std::optional<Profile>();
    return absl::NotFoundError(absl::StrCat("there is no profile \"", name,
                                            "\": ", path.empty() ? "no home directory" : path,
                                            " does not exist"));
  }
  std::ifstream in(path, std::ios::binary);
  const std::string yaml{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  }
  return ReadProfile(yaml, path, name);
}

// Whether `text` is an IPv4 address of 127.0.0.0/8. A name may begin with "127." too.
bool IsLoopback4(const std::string& text) {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

// "host" and "host:port" with a port; gRPC's own schemes ("unix:…", "dns:///…") stay.
absl::StatusOr<std::string> NormaliseAddress(const std::string& address) {
  if (address.rfind("unix:", 0) == 0 || address.find("://") != std::string::npos ||
      address.rfind("dns:", 0) == 0) {
    return address;
  }
  const size_t colon = address.rfind(':');
  const size_t bracket = address.rfind(']');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || bracket < colon);
  const std::string full = has_port ? address : absl::StrCat(address, ":", kDefaultPort);
  const std::string port = full.substr(full.rfind(':') + 1);
  int number = 0;
  const std::string host = HostOf(full);
  // An IPv6 address stands in brackets, and its port right behind them.
  const bool bracketed = full[0] == '[' && full.find(']') + 1 == full.rfind(':');
  if (host.empty() || (!bracketed && host.find_first_of(":[]") != std::string::npos) ||
      port.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(port, &number) || number < 1 || number > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is not a host:port, for example 127.0.0.1:7400"));
  }
  return full;
}

}  // namespace

absl::StatusOr<std::optional<Profile>> ReadProfile(const std::string& yaml, const std::string& path,
                                                   const std::string& name) {
  return Reader(path).Read(yaml, name);
}

std::string ProfileFile(const GetEnv& getenv) {
  const auto config_home = getenv("XDG_CONFIG_HOME");
  if (config_home.has_value() && !config_home->empty() && config_home->front() == '/') {
    return *config_home + "/cxscribe/config.yaml";
  }
  const auto home = getenv("HOME");
  if (!home.has_value() || home->empty()) return "";
  return *home + "/.config/cxscribe/config.yaml";
}

bool IsLoopback(const std::string& address) {
  if (address.rfind("unix:", 0) == 0) return true;
  const std::string host = HostOf(address);
  return host == "localhost" || host == "::1" || IsLoopback4(host);
}

absl::StatusOr<ServerOptions> ResolveServer(const ServerFlags& flags, const GetEnv& getenv) {
  const auto variable = [&getenv](const char* name) { return getenv(name).value_or(""); };
  std::string server = flags.server;
  Profile profile;
  if (server.empty()) {
    const std::string from_environment = flags.profile.empty() ? variable("CXSCRIBE_SERVER") : "";
    if (!from_environment.empty()) {
      server = from_environment;
    } else {
      const std::string name = flags.profile.empty() ? variable("CXSCRIBE_PROFILE") : flags.profile;
      auto read = ReadProfileFile(ProfileFile(getenv), name);
      if (!read.ok()) return read.status();
      profile = read->value_or(Profile());
      server = profile.server;
    }
  }
  ServerOptions options;
  if (!server.empty()) options.address = server;
  auto address = NormaliseAddress(options.address);
  if (!address.ok()) return address.status();
  options.address = *address;
  options.tls_ca = flags.tls_ca.empty() ? profile.tls_ca : flags.tls_ca;
  options.tls_cert = flags.tls_cert.empty() ? profile.tls_cert : flags.tls_cert;
  options.tls_key = flags.tls_key.empty() ? profile.tls_key : flags.tls_key;
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return absl::InvalidArgumentError(
        "a client certificate and its key go together: give both --tls-cert and --tls-key");
  }
  const bool wants_tls = flags.tls || profile.tls || !options.tls_ca.empty() ||
                         !options.tls_cert.empty() || !IsLoopback(options.address);
  if (flags.plaintext && (flags.tls || !flags.tls_ca.empty() || !flags.tls_cert.empty())) {
    return absl::InvalidArgumentError("--plaintext and TLS options exclude each other");
  }
  options.tls = wants_tls && !flags.plaintext;
  return options;
}

}  // namespace cxscribe::client
