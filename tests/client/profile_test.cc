#include "client/profile.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace cxscribe::client {
namespace {

using ::testing::HasSubstr;

struct Config {
  TempDir home;
  std::map<std::string, std::string> variables;

  explicit Config(const std::string& yaml = "") {
    variables["XDG_CONFIG_HOME"] = home.path().string();
    if (!yaml.empty()) {
      std::filesystem::create_directory(home.path() / "cxscribe");
      home.Write("cxscribe/config.yaml", yaml);
    }
  }
  absl::StatusOr<ServerOptions> Resolve(const ServerFlags& flags = {}) const {
    return ResolveServer(flags, [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    });
  }
};

constexpr char kProfiles[] =
    "default_profile: local\n"
    "profiles:\n"
    "  local: {server: 127.0.0.1:7500}\n"
    "  production:\n"
    "    server: cxscribe.example.com\n"
    "    tls: {ca: ca.pem, cert: /etc/client.pem, key: client.key}\n";

TEST(Profile, WithoutAnythingTheServerIsThisMachineInPlain) {
  const auto server = Config().Resolve();
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(server->address, "127.0.0.1:7400");
  EXPECT_FALSE(server->tls);
}

TEST(Profile, FlagsBeatProfilesBeatEnvironmentBeatsTheDefaultProfile) {
  Config config(kProfiles);
  EXPECT_EQ(config.Resolve()->address, "127.0.0.1:7500");
  config.variables["CXSCRIBE_PROFILE"] = "production";
  EXPECT_EQ(config.Resolve()->address, "cxscribe.example.com:7400");
  config.variables["CXSCRIBE_SERVER"] = "localhost:1";
  EXPECT_EQ(config.Resolve()->address, "localhost:1");
  ServerFlags flags;
  flags.profile = "production";
  EXPECT_EQ(config.Resolve(flags)->address, "cxscribe.example.com:7400");
  flags.server = "127.0.0.1:2";
  EXPECT_EQ(config.Resolve(flags)->address, "127.0.0.1:2");
}

TEST(Profile, TlsFilesAreRelativeToTheProfileFile) {
  Config config(kProfiles);
  ServerFlags flags;
  flags.profile = "production";
  const auto server = config.Resolve(flags);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_TRUE(server->tls);
  EXPECT_EQ(server->tls_ca, config.home.File("cxscribe/ca.pem"));
  EXPECT_EQ(server->tls_cert, "/etc/client.pem");
}

TEST(Profile, OtherMachinesGetTlsUnlessToldOtherwise) {
  ServerFlags flags;
  flags.server = "cxscribe.example.com:7400";
  EXPECT_TRUE(Config().Resolve(flags)->tls);
  flags.plaintext = true;
  EXPECT_FALSE(Config().Resolve(flags)->tls);
  flags.tls = true;
  EXPECT_EQ(Config().Resolve(flags).status().code(), absl::StatusCode::kInvalidArgument);
}

// Such a name can belong to anybody; what goes there goes over TLS.
TEST(Profile, ANameThatBeginsLikeALoopbackAddressIsAnotherMachine) {
  for (const char* other :
       {"127.example.com:1", "127.0.0.1.example.com:1", "localhost.example:1"}) {
    ServerFlags flags;
    flags.server = other;
    const auto server = Config().Resolve(flags);
    ASSERT_TRUE(server.ok()) << other << ": " << server.status();
    EXPECT_TRUE(server->tls) << other;
  }
  ServerFlags flags;
  flags.server = "127.4.5.6:1";
  EXPECT_FALSE(Config().Resolve(flags)->tls);
}

TEST(Profile, ACertificateNeedsItsKey) {
  ServerFlags flags;
  flags.tls_cert = "c.pem";
  EXPECT_THAT(std::string(Config().Resolve(flags).status().message()), HasSubstr("--tls-key"));
}

TEST(Profile, ReportsEveryErrorWithItsPlace) {
  Config config(
      "default: x\n"
      "profiles:\n"
      "  a:\n"
      "    servr: 127.0.0.1:1\n"
      "  b:\n"
      "    server: [1]\n"
      "    tls: {cacert: x}\n");
  const auto server = config.Resolve();
  const std::string message(server.status().message());
  EXPECT_THAT(message, HasSubstr("config.yaml:1:10: unknown key \"default\""));
  EXPECT_THAT(message, HasSubstr("config.yaml:4:12: unknown key \"servr\""));
  EXPECT_THAT(message, HasSubstr("config.yaml:4:5: profile a needs a server"));
  EXPECT_THAT(message, HasSubstr("config.yaml:6:13: \"server\" must be a text"));
  EXPECT_THAT(message, HasSubstr("config.yaml:7:19: unknown key \"cacert\""));
}

TEST(Profile, RefusesDuplicatesAndBrokenYaml) {
  EXPECT_THAT(
      std::string(Config("profiles: {a: {server: x, server: y}}\n").Resolve().status().message()),
      HasSubstr("duplicate key \"server\""));
  EXPECT_THAT(std::string(Config("profiles: {a\n").Resolve().status().message()),
              HasSubstr("config.yaml:"));
}

TEST(Profile, AMissingProfileIsAnErrorThatNamesTheOthers) {
  ServerFlags flags;
  flags.profile = "staging";
  EXPECT_THAT(std::string(Config(kProfiles).Resolve(flags).status().message()),
              HasSubstr("it has: local, production"));
  EXPECT_THAT(std::string(Config().Resolve(flags).status().message()), HasSubstr("does not exist"));
}

TEST(Profile, ReadsAddresses) {
  const std::pair<const char*, const char*> good[] = {{"localhost", "localhost:7400"},
                                                      {"localhost:1", "localhost:1"},
                                                      {"[::1]", "[::1]:7400"},
                                                      {"[::1]:65535", "[::1]:65535"},
                                                      {"unix:/run/cx.sock", "unix:/run/cx.sock"}};
  for (const auto& one : good) {
    ServerFlags flags;
    flags.server = one.first;
    const auto server = Config().Resolve(flags);
    ASSERT_TRUE(server.ok()) << one.first << ": " << server.status();
    EXPECT_EQ(server->address, one.second);
    EXPECT_FALSE(server->tls) << one.first;
  }
  for (const char* bad : {":7400", "h:0", "h:65536", "h:x", "h:", "::1:7400", "h:+1", "[", "[::1",
                          "[::1]x:1", "x[::1]:1", "[]:1"}) {
    ServerFlags flags;
    flags.server = bad;
    EXPECT_EQ(Config().Resolve(flags).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(Profile, FileFollowsXdg) {
  std::map<std::string, std::string> variables = {{"HOME", "/home/u"}};
  const GetEnv getenv = [&variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  EXPECT_EQ(ProfileFile(getenv), "/home/u/.config/cxscribe/config.yaml");
  variables["XDG_CONFIG_HOME"] = "relative";  // the specification: ignore it
  EXPECT_EQ(ProfileFile(getenv), "/home/u/.config/cxscribe/config.yaml");
  variables["XDG_CONFIG_HOME"] = "/x";
  EXPECT_EQ(ProfileFile(getenv), "/x/cxscribe/config.yaml");
}

}  // namespace
}  // namespace cxscribe::client
