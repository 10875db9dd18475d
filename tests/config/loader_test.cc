// What the loader makes of good files.
#include "server/config/loader.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/entity_types.h"
#include "server/config/redaction_policies.h"
#include "tests/config/config_fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Loader, PathsStartFromTheFileAndPluginsFromTheProgram) {
  const Loaded loaded = Load(std::string(kAccount) +
                             "storage: {path: ../data/x.db}\n"
                             "audit: {path: /var/log/audit.jsonl}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->storage.path, "/etc/data/x.db");
  EXPECT_EQ(loaded.settings->audit.path, "/var/log/audit.jsonl");
  EXPECT_EQ(loaded.settings->plugins.directory, "/opt/cxscribe/lib/cxscribe/plugins");
  EXPECT_EQ(loaded.settings->plugins.data_directory, "/opt/cxscribe/lib/cxscribe/plugins/data");
  EXPECT_EQ(loaded.settings->plugins.worker, "/opt/cxscribe/bin/cx-plugin-worker");
}

TEST(Loader, DefaultPathsAreMadeAbsoluteToo) {
  const Loaded loaded = Load(kAccount);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->storage.path, "/etc/cxscribe/var/cxscribe.db");
  EXPECT_EQ(loaded.settings->audit.path, "/etc/cxscribe/var/audit.jsonl");
}

TEST(Loader, ThePluginDirectoryMovesItsDataDirectory) {
  const Loaded loaded = Load(std::string(kAccount) + "plugins: {directory: p}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->plugins.directory, "/etc/cxscribe/p");
  EXPECT_EQ(loaded.settings->plugins.data_directory, "/etc/cxscribe/p/data");
}

TEST(Loader, AnAccountHasTheContractsDefaults) {
  const Loaded loaded = Load(kAccount);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  const AccountSettings& account = loaded.settings->accounts.at("default");
  EXPECT_EQ(account.name, "default");
  EXPECT_EQ(account.base_url, "https://org.example.com");
  EXPECT_EQ(account.token_url, "https://org.example.com/oauth2/token");
  EXPECT_EQ(account.scope, "recordings:read voice:transcribe");
  EXPECT_EQ(account.recordings_path, "/api/v2/recordings");
  EXPECT_EQ(account.transcriptions_path, "/api/v2/voice/transcriptions");
  EXPECT_EQ(account.max_storage_mb, 500);
  EXPECT_EQ(account.budget.requests, 150);
  EXPECT_EQ(account.budget.per, absl::Minutes(5));
  EXPECT_EQ(account.client_secret.Reveal(), "secret");
}

TEST(Loader, HttpIsAllowedToLoopback) {
  for (const char* url : {"http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080"}) {
    const Loaded loaded = Load("cxone: {accounts: {default: {base_url: \"" + std::string(url) +
                               "\", client_id: demo, client_secret: demo}}}\n");
    EXPECT_TRUE(loaded.settings) << loaded.text;
  }
}

TEST(Loader, LeadingZerosDoNotMeanOctal) {
  const Loaded loaded = Load(std::string(kAccount) + "jobs: {max_active: 010, max_queued: 0o17}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->jobs.max_active, 10);
  EXPECT_EQ(loaded.settings->jobs.max_queued, 15);
}

TEST(Loader, ATextKeepsTheFormInWhichItWasWritten) {
  const Loaded loaded = Load(
      "cxone: {accounts: {default: {base_url: 'https://a.b', client_id: 0123, client_secret: "
      "true}}}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->accounts.at("default").client_id, "0123");
  EXPECT_EQ(loaded.settings->accounts.at("default").client_secret.Reveal(), "true");
}

TEST(Loader, TlsAllowsOtherAddresses) {
  FakeOutside outside;
  outside.files = {{"/etc/cxscribe/s.pem", "x"}, {"/etc/cxscribe/s.key", "x"}};
  const Loaded loaded =
      Load(std::string(kAccount) +
               "listen: {grpc: '0.0.0.0:7400', tls: {certificate_file: s.pem, key_file: s.key}}\n",
           outside);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  ASSERT_TRUE(loaded.settings->listen.tls);
  EXPECT_EQ(loaded.settings->listen.tls->certificate_file, "/etc/cxscribe/s.pem");
}

TEST(Loader, WebhookSecretIsTakenAndRetriesAreReplaced) {
  const Loaded loaded = Load(
      std::string(kAccount) +
      "webhook: {signing_secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, retry_schedule: [1s]}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->webhook.signing_secret.Reveal(),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  EXPECT_THAT(loaded.settings->webhook.retry_schedule, ElementsAre(absl::Seconds(1)));
}

TEST(Loader, WithoutPipelinesThereIsTheDefaultOne) {
  const Loaded loaded = LoadPipelinesOnly("");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  ASSERT_THAT(loaded.settings->pipelines, SizeIs(1));
  const PipelineSettings& pipeline = loaded.settings->pipelines[0];
  EXPECT_EQ(pipeline.name, "default");
  ASSERT_THAT(pipeline.stages, SizeIs(3));
  EXPECT_EQ(pipeline.stages[0].plugin, "punctuation.so");
  EXPECT_EQ(pipeline.stages[1].plugin, "diarization.so");
  EXPECT_EQ(pipeline.stages[2].plugin, "redaction.so");
  EXPECT_EQ(pipeline.stages[2].name, "redaction-verification");
  EXPECT_EQ(pipeline.stages[2].on_finding, OnFinding::kRedact);
  EXPECT_EQ(pipeline.stages[2].on_error, OnError::kFail);
  EXPECT_EQ(pipeline.stages[2].timeout, absl::Seconds(30));
}

TEST(Loader, AStageTakesItsPluginsNameAndItsConfigAsJson) {
  const Loaded loaded = LoadPipelinesOnly(
      "pipelines:\n"
      "  p:\n"
      "  - plugin: acme-script.so\n"
      "    timeout: 1m30s\n"
      "    on_error: skip\n"
      "    on_finding: flag\n"
      "    instances: 4\n"
      "    sha256: 00000000000000000000000000000000000000000000000000000000000000AB\n"
      "    config:\n"
      "      limit: 010\n"
      "      ratio: 1e-3\n"
      "      word: yes\n"
      "      text: \"7\"\n"
      "      nothing: ~\n"
      "      list: [true, 0x1F, -2, \"\"]\n"
      "      a/b~c: {deep: 1}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  const StageSettings& stage = loaded.settings->pipelines[0].stages[0];
  EXPECT_EQ(stage.name, "acme-script");
  EXPECT_EQ(stage.timeout, absl::Seconds(90));
  EXPECT_EQ(stage.on_error, OnError::kSkip);
  EXPECT_EQ(stage.on_finding, OnFinding::kFlag);
  EXPECT_TRUE(stage.on_finding_given);
  EXPECT_EQ(stage.instances, 4);
  EXPECT_THAT(stage.sha256, ::testing::EndsWith("00ab"));
  EXPECT_EQ(stage.config, nlohmann::json::parse(R"({"limit": 10, "ratio": 0.001, "word": "yes",
      "text": "7", "nothing": null, "list": [true, 31, -2, ""], "a/b~c": {"deep": 1}})"));
  EXPECT_EQ(stage.where.line, 3);
  EXPECT_EQ(stage.plugin_where.column, 13);
  EXPECT_EQ(stage.config_where.at("/list/1").line, 15);
  EXPECT_EQ(stage.config_where.at("/a~1b~0c/deep").line, 16);
  EXPECT_EQ(stage.config_where.at("").line, 10);
}

TEST(Loader, PipelinesKeepTheOrderOfTheFile) {
  const Loaded loaded =
      LoadPipelinesOnly("pipelines: {z: [{plugin: a.so}], a: [{plugin: b.so}]}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->pipelines[0].name, "z");
  EXPECT_EQ(loaded.settings->pipelines[1].name, "a");
}

TEST(Loader, PipelinesOnlyLeavesTheRestUnread) {
  const Loaded loaded = LoadPipelinesOnly(
      "cxone: {accounts: {default: {client_secret: \"${NOT_SET}\"}}}\n"
      "listen: {grpc: 0.0.0.0:1}\n");
  EXPECT_TRUE(loaded.settings) << loaded.text;
}

TEST(Loader, PipelinesOnlyStillRefusesUnknownSections) {
  EXPECT_THAT(LoadPipelinesOnly("pipeline: {}\n").text, HasSubstr("did you mean pipelines?"));
}

TEST(Loader, OverridesWinOverTheFile) {
  LoadOptions options = OptionsFor({});
  options.overrides = {{"listen.grpc", "127.0.0.1:0"},
                       {"cxone.accounts.default.budget.requests", "9"}};
  const Loaded loaded = Load(std::string(kAccount) + "listen: {grpc: '127.0.0.1:7000'}\n", options);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->listen.grpc, "127.0.0.1:0");
  EXPECT_EQ(loaded.settings->accounts.at("default").budget.requests, 9);
}

TEST(Loader, ABadOverrideNamesItsFlag) {
  LoadOptions options = OptionsFor({});
  options.overrides = {{"jobs.max_active", "0"},
                       {"jobs.colour", "red"},
                       {"listen", "x"},
                       {"cxone.accounts.default.base_url.x", "1"},
                       {"a..b", "1"}};
  const Loaded loaded = Load(std::string(kAccount) + "listen: {}\n", options);
  EXPECT_THAT(loaded.text, HasSubstr("--set jobs.max_active: jobs.max_active: \"0\" is not"));
  EXPECT_THAT(loaded.text, HasSubstr("--set jobs.colour: unknown key \"colour\" in jobs"));
  EXPECT_THAT(loaded.text, HasSubstr("--set listen: names a section"));
  EXPECT_THAT(loaded.text, HasSubstr("--set cxone.accounts.default.base_url.x: \"x\" is not in"));
  EXPECT_THAT(loaded.text, HasSubstr("--set a..b: is not a dotted key"));
}

TEST(Loader, ReadsAFileFromDisk) {
  const TempDir dir;
  dir.Write("secret", "from-file\n");
  const std::string path = dir.Write("c.yaml",
                                     "cxone: {accounts: {default: {base_url: 'https://a.b', "
                                     "client_id: i, client_secret: '${file:secret}'}}}\n");
  std::vector<ConfigError> errors;
  const auto settings = LoadSettings(path, {}, errors);
  ASSERT_TRUE(settings) << FormatErrors(errors);
  EXPECT_EQ(settings->accounts.at("default").client_secret.Reveal(), "from-file");
  EXPECT_EQ(settings->storage.path, dir.File("var/cxscribe.db"));
}

TEST(RedactionPolicies, AreThoseOfTheContract) {
  const auto& policies = BuiltInRedactionPolicies();
  ASSERT_THAT(policies, SizeIs(4));
  EXPECT_THAT(KnownEntityTypes(), SizeIs(27));
  EXPECT_THAT(policies.at("pii").entity_types, SizeIs(25));
  EXPECT_THAT(policies.at("pii").entity_types, Not(Contains("MEDICAL_RECORD")));
  EXPECT_THAT(policies.at("pii").entity_types, Not(Contains("HEALTH_PLAN")));
  EXPECT_THAT(policies.at("pci").entity_types,
              ElementsAre("BANK_ACCOUNT", "CARD_CVV", "CARD_EXPIRY", "CREDIT_CARD", "IBAN", "PIN",
                          "ROUTING_NUMBER", "SWIFT_CODE"));
  EXPECT_EQ(policies.at("phi").entity_types, KnownEntityTypes());
  EXPECT_THAT(policies.at("none").entity_types, IsEmpty());
  for (const auto& [name, policy] : policies) {
    EXPECT_EQ(policy.name, name);
    EXPECT_EQ(policy.upstream, name);
    EXPECT_TRUE(std::is_sorted(policy.entity_types.begin(), policy.entity_types.end()));
  }
}

TEST(RedactionPolicies, TheFileAddsItsOwn) {
  const Loaded loaded = LoadPipelinesOnly(
      "redaction_policies:\n"
      "  mine: {entity_types: [PIN, EMAIL, acme.EMPLOYEE_ID], upstream: pci}\n"
      "  plain: {entity_types: [SSN]}\n");
  ASSERT_TRUE(loaded.settings) << loaded.text;
  const auto& policies = loaded.settings->redaction_policies;
  EXPECT_THAT(policies, SizeIs(6));
  EXPECT_THAT(policies.at("mine").entity_types, ElementsAre("EMAIL", "PIN", "acme.EMPLOYEE_ID"));
  EXPECT_EQ(policies.at("mine").upstream, "pci");
  EXPECT_EQ(policies.at("plain").upstream, "pii");
}

// A type that no plugin could ever report would be a hole in a policy that nobody sees.
TEST(EntityTypes, PoliciesTakeWhatThePluginHostTakes) {
  for (const std::string& type : KnownEntityTypes()) {
    EXPECT_TRUE(IsEntityType(type)) << type;
    EXPECT_FALSE(IsNamespacedEntityType(type)) << type;
  }
  for (const char* type : {"acme.EMPLOYEE_ID", "a-b2.X9", "a_b.X", "acme_.X", "_a.X", "2a.X",
                           "acme.x", "acme.", ".X", "acme.X.Y", "ACME.X", "acme.9X", "acme", ""}) {
    EXPECT_EQ(IsNamespacedEntityType(type), IsEntityType(type)) << type;
  }
  EXPECT_TRUE(IsNamespacedEntityType("a-b2.X9"));
  EXPECT_FALSE(IsNamespacedEntityType("a_b.X"));
  EXPECT_FALSE(IsNamespacedEntityType("acme." + std::string(124, 'X')));
}

}  // namespace
}  // namespace cxscribe
