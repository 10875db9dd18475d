// What a reload leaves to a restart: of every key that there is.
#include "server/config/restart.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_replace.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/config_fixture.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr char kOldSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char kNewSecret[] = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

std::string BaseYaml() {
  return std::string(kAccount) + "webhook: {signing_secret: " + kOldSecret + "}\n";
}

Settings Read(const std::string& yaml, std::map<std::string, std::string> overrides = {},
              std::set<std::string>* keys = nullptr) {
  LoadOptions options = OptionsFor({{}, {{"/some.pem", "text"}}});
  options.overrides = std::move(overrides);
  options.keys_seen = keys;
  Loaded loaded = Load(yaml, options);
  EXPECT_TRUE(loaded.settings) << loaded.text;
  return loaded.settings ? *std::move(loaded.settings) : Settings();
}

// A key that is added to the configuration has to be added to RestartRequired, or here.
TEST(RestartRequiredTest, EveryKeyIsEitherTakenInOrNamed) {
  const std::map<std::string, std::string> others = {
      {"listen.grpc", "127.0.0.1:1"},
      {"listen.metrics", "127.0.0.1:2"},
      {"cxone.accounts.*.base_url", "https://other.example.com"},
      {"cxone.accounts.*.token_url", "https://other.example.com/token"},
      {"cxone.accounts.*.scope", "other"},
      {"cxone.accounts.*.recordings_path", "/other"},
      {"cxone.accounts.*.transcriptions_path", "/other"},
      {"cxone.accounts.*.max_storage_mb", "7"},
      {"cxone.accounts.*.budget.requests", "7"},
      {"cxone.accounts.*.budget.per", "7m"},
      {"cxone.accounts.*.idempotency", "header"},
      {"cxone.accounts.*.upstream_webhook_url", "https://other.example.com"},
      {"cxone.accounts.*.ca_file", "/some.pem"},
      {"cxone.accounts.*.connect_timeout", "7s"},
      {"cxone.accounts.*.request_timeout", "7s"},
      {"cxone.accounts.*.retry.initial_backoff", "7ms"},
      {"cxone.accounts.*.retry.max_backoff", "7m"},
      {"cxone.accounts.*.retry.malformed_attempts", "7"},
      {"cxone.accounts.*.retry.max_attempts", "7"},
      {"cxone.accounts.*.retry.max_elapsed", "7m"},
      {"cxone.accounts.*.poll.min_interval", "1s"},
      {"cxone.accounts.*.poll.max_interval", "7m"},
      {"storage.path", "other.db"},
      {"audit.path", "other.jsonl"},
      {"webhook.allow_http", "true"},
      {"webhook.allow_private_networks", "true"},
      {"webhook.timeout", "7s"},
      {"jobs.deadline", "7h"},
      {"jobs.max_queued", "7"},
      {"jobs.max_active", "7"},
      {"jobs.request_id_retention", "7h"},
      {"server.drain_timeout", "7s"},
      {"server.worker_threads", "7"},
      {"server.log_level", "warn"},
  };
  const std::map<std::string, std::string> taken_in = {
      {"cxone.accounts.*.client_id", "other"},
      {"cxone.accounts.*.client_secret", "other"},
      {"webhook.signing_secret", kNewSecret},
  };
  // Not to be had by an override; tested below.
  const std::set<std::string> elsewhere = {"listen.tls.certificate_file", "listen.tls.key_file",
                                           "listen.tls.client_ca_file", "storage.driver",
                                           "webhook.retry_schedule"};

  std::set<std::string> keys;
  const Settings base = Read(BaseYaml(), {}, &keys);
  ASSERT_THAT(keys, testing::Contains("jobs.deadline"));
  for (const std::string& key : keys) {
    if (absl::StartsWith(key, "plugins") || absl::StartsWith(key, "pipelines") ||
        absl::StartsWith(key, "redaction_policies") || elsewhere.count(key) != 0) {
      continue;
    }
    const auto after = keys.upper_bound(key + ".");
    if (after != keys.end() && absl::StartsWith(*after, key + ".")) continue;  // a section
    SCOPED_TRACE(key);
    const bool is_taken_in = taken_in.count(key) != 0;
    ASSERT_TRUE(is_taken_in || others.count(key) != 0) << "give it another value above";
    const std::string value = is_taken_in ? taken_in.at(key) : others.at(key);
    const std::string name = absl::StrReplaceAll(key, {{"*", "default"}});
    const auto restart = RestartRequired(base, Read(BaseYaml(), {{name, value}}));
    if (is_taken_in) {
      EXPECT_THAT(restart, IsEmpty());
    } else {
      EXPECT_THAT(restart, IsSupersetOf({name}));
      // The default of token_url follows base_url.
      EXPECT_EQ(restart.size(), key == "cxone.accounts.*.base_url" ? 2u : 1u);
    }
  }
}

TEST(RestartRequiredTest, NamesWhatAnOverrideCannotChange) {
  const Settings base = Read(BaseYaml());
  Settings read = base;
  read.listen.tls = TlsSettings{"a", "b", "c"};
  read.storage.driver = "postgres";
  read.webhook.retry_schedule.pop_back();
  EXPECT_THAT(RestartRequired(base, read),
              ElementsAre("listen.tls.certificate_file", "listen.tls.key_file",
                          "listen.tls.client_ca_file", "storage.driver", "webhook.retry_schedule"));
}

TEST(RestartRequiredTest, NamesAccountsThatCameOrWent) {
  const Settings base = Read(BaseYaml());
  Settings read = base;
  read.accounts["new"] = base.accounts.at("default");
  EXPECT_THAT(RestartRequired(base, read), ElementsAre("cxone.accounts.new"));
  EXPECT_THAT(RestartRequired(read, base), ElementsAre("cxone.accounts.new"));
}

TEST(RestartRequiredTest, ASecretForANewPlaceWaitsUntilThatIsInForce) {
  const Settings base = Read(BaseYaml());
  const Settings read =
      Read(BaseYaml(), {{"cxone.accounts.default.token_url", "https://other.example.com/token"},
                        {"cxone.accounts.default.client_secret", "other"}});
  EXPECT_FALSE(CredentialsAreTakenIn(base.accounts.at("default"), read.accounts.at("default")));
  EXPECT_THAT(RestartRequired(base, read), ElementsAre("cxone.accounts.default.token_url",
                                                       "cxone.accounts.default.client_secret"));
}

TEST(RestartRequiredTest, WebhooksAreTurnedOnAndOffByARestart) {
  const Settings with = Read(BaseYaml());
  const Settings without = Read(kAccount);
  EXPECT_THAT(RestartRequired(with, without), ElementsAre("webhook.signing_secret"));
  EXPECT_THAT(RestartRequired(without, with), ElementsAre("webhook.signing_secret"));
}

TEST(RestartRequiredTest, PipelinesPluginsAndPoliciesAreTakenIn) {
  const Settings base = Read(BaseYaml());
  const Settings read = Read(BaseYaml() +
                             "plugins: {directory: /other, data_directory: /data, worker: /worker, "
                             "worker_memory_mb: 512, start_timeout: 7s}\n"
                             "pipelines: {other: [{plugin: a.so}]}\n"
                             "redaction_policies: {other: {entity_types: [PIN]}}\n");
  EXPECT_THAT(RestartRequired(base, read), IsEmpty());
}

}  // namespace
}  // namespace cxscribe
