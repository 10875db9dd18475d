// What the loader refuses, and where it says the fault is.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/config_fixture.h"

namespace cxscribe {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

struct BadFile {
  std::string name;
  std::string yaml;
  std::string error;  // a piece of the one error
};

void PrintTo(const BadFile& bad, std::ostream* out) { *out << bad.name; }

class LoaderRefuses : public ::testing::TestWithParam<BadFile> {};

TEST_P(LoaderRefuses, WithOneErrorAtItsPlace) {
  const Loaded loaded = Load(GetParam().yaml + kAccount);
  EXPECT_FALSE(loaded.settings.has_value());
  EXPECT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text, HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Files, LoaderRefuses,
    ::testing::Values(
        BadFile{"UnknownTopKey", "lisen: {}\n",
                "c.yaml:1:1: unknown key \"lisen\"; did you mean listen?"},
        BadFile{"UnknownKeyFarFromAll", "listen:\n  zzzzzz: 1\n",
                "c.yaml:2:3: unknown key \"zzzzzz\" in listen; known here: grpc, metrics, tls"},
        BadFile{"UnknownNestedKey", "jobs:\n  dedline: 4h\n",
                "c.yaml:2:3: unknown key \"dedline\" in jobs; did you mean deadline?"},
        BadFile{"DuplicateKey", "jobs:\n  deadline: 4h\n  deadline: 5h\n",
                "c.yaml:3:3: duplicate key \"deadline\"; its first value is at line 2"},
        BadFile{"DuplicateQuotedKey", "jobs:\n  deadline: 4h\n  \"deadline\": 5h\n",
                "c.yaml:3:3: duplicate key \"deadline\""},
        BadFile{"DuplicateInFlowMap", "jobs: {max_active: 1, max_active: 2}\n",
                "c.yaml:1:23: duplicate key"},
        BadFile{"MapWantedListGiven", "listen: [1]\n",
                "c.yaml:1:9: listen must be a map of keys and values, not a list"},
        BadFile{"ScalarWantedMapGiven", "storage:\n  path: {a: b}\n",
                "c.yaml:2:9: storage.path must be a single value, not a map"},
        BadFile{"NullScalar", "storage:\n  path:\nserver: {}\n", "storage.path has no value"},
        BadFile{"Yes", "webhook:\n  allow_http: yes\n",
                "c.yaml:2:15: webhook.allow_http: \"yes\" is not a boolean"},
        BadFile{"QuotedTrue", "webhook:\n  allow_http: \"true\"\n", "is not a boolean"},
        BadFile{"NotAnInteger", "jobs:\n  max_active: many\n",
                "c.yaml:2:15: jobs.max_active: \"many\" is not an integer of 1 to 1000000"},
        BadFile{"QuotedInteger", "jobs:\n  max_active: '7'\n", "is not an integer"},
        BadFile{"FractionForInteger", "jobs:\n  max_active: 1.5\n", "is not an integer"},
        BadFile{"IntegerBelowRange", "jobs:\n  max_active: 0\n", "is not an integer of 1"},
        BadFile{"IntegerAboveRange", "jobs:\n  max_active: 1000001\n", "is not an integer"},
        BadFile{"IntegerBeyond64Bits", "jobs:\n  max_active: 99999999999999999999\n",
                "is not an integer"},
        BadFile{"IntegerBeyondSigned", "jobs:\n  max_active: 18446744073709551615\n",
                "is not an integer"},
        BadFile{"DurationWithoutUnit", "jobs:\n  deadline: 30\n",
                "jobs.deadline: \"30\" is not a duration; write a number with a unit"},
        BadFile{"DurationNegative", "jobs:\n  deadline: -5m\n", "is not a duration"},
        BadFile{"DurationInfinite", "jobs:\n  deadline: inf\n", "is not a duration"},
        BadFile{"DurationZero", "jobs:\n  deadline: 0s\n", "is not between"},
        BadFile{"DurationTooLong", "jobs:\n  deadline: 100000h\n", "is not between 1ms and 744h"},
        BadFile{"ListenWithoutPort", "listen:\n  grpc: localhost\n", "is not host:port"},
        BadFile{"ListenPortTooLarge", "listen:\n  grpc: localhost:70000\n", "is not host:port"},
        BadFile{"PlaintextOnAllAddresses", "listen:\n  grpc: 0.0.0.0:7400\n",
                "c.yaml:2:9: listen.grpc: plaintext is allowed on loopback only; give listen.tls"},
        BadFile{"PlaintextOnNameThatLooksLocal", "listen:\n  grpc: 127.example.com:7400\n",
                "plaintext is allowed on loopback only"},
        BadFile{"UnknownDriver", "storage:\n  driver: oracle\n", "is not a driver; use sqlite"},
        BadFile{"Postgres", "storage:\n  driver: postgres\n", "is not in this version yet"},
        BadFile{"LogLevel", "server:\n  log_level: verbose\n",
                "server.log_level: \"verbose\" is not one of debug, info, warn, error"},
        BadFile{"RetryScheduleNotAList", "webhook:\n  retry_schedule: 5s\n",
                "webhook.retry_schedule must be a list"},
        BadFile{"RetryScheduleItem", "webhook:\n  retry_schedule: [5s, soon]\n",
                "c.yaml:2:24: webhook.retry_schedule: \"soon\" is not a duration"},
        BadFile{"Anchor", "jobs: &jobs\n  max_active: 7\n", "anchors (&name) are not supported"},
        BadFile{"Tag", "jobs:\n  max_active: !!int 7\n", "explicit tags (!tag) are not supported"},
        BadFile{"MergeKey", "jobs:\n  <<: {max_active: 7}\n",
                "c.yaml:2:3: merge keys (<<) are not supported"},
        BadFile{"ComplexKey", "? [a, b]\n: 1\n", "a key must be a plain name"},
        BadFile{"PolicyUnknownType",
                "redaction_policies:\n  mine:\n    entity_types: [CREDIT_CRD]\n",
                "c.yaml:3:20: redaction_policies.mine.entity_types: \"CREDIT_CRD\" is not an "
                "entity type; did you mean CREDIT_CARD?"},
        BadFile{"PolicyLowerCaseType",
                "redaction_policies:\n  mine:\n    entity_types: [acme.id]\n",
                "is not an entity type"},
        BadFile{"PolicyTypeTwice", "redaction_policies:\n  mine: {entity_types: [PIN, PIN]}\n",
                "is listed twice"},
        BadFile{"PolicyEmpty", "redaction_policies:\n  mine: {entity_types: []}\n", "is empty"},
        BadFile{"PolicyWithoutTypes", "redaction_policies:\n  mine: {upstream: pci}\n",
                "redaction_policies.mine needs entity_types"},
        BadFile{"PolicyUpstream",
                "redaction_policies:\n  mine: {entity_types: [PIN], upstream: all}\n",
                "is not one of pii, pci, phi, none"},
        BadFile{"PolicyBuiltIn", "redaction_policies:\n  pii: {entity_types: [PIN]}\n",
                "c.yaml:2:3: redaction_policies: pii is built in"},
        BadFile{"PolicyName", "redaction_policies:\n  Mine: {entity_types: [PIN]}\n",
                "\"Mine\" is not a name"}),
    [](const auto& test) { return test.param.name; });

class PipelineSectionRefuses : public ::testing::TestWithParam<BadFile> {};

TEST_P(PipelineSectionRefuses, WithOneErrorAtItsPlace) {
  const Loaded loaded = LoadPipelinesOnly(GetParam().yaml);
  EXPECT_FALSE(loaded.settings.has_value());
  EXPECT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text, HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Files, PipelineSectionRefuses,
    ::testing::Values(
        BadFile{"Empty", "pipelines:\n", "pipelines is empty"},
        BadFile{"EmptyMap", "pipelines: {}\n", "pipelines has 0 entries"},
        BadFile{"NoStages", "pipelines: {p: []}\n", "pipelines.p must be a list of 1 to 64 stages"},
        BadFile{"StagesNotAList", "pipelines: {p: {plugin: a.so}}\n", "must be a list"},
        BadFile{"Name", "pipelines: {P!: [{plugin: a.so}]}\n", "\"P!\" is not a name"},
        BadFile{"SameNameTwice", "pipelines:\n  p: [{plugin: a.so}]\n  p: [{plugin: b.so}]\n",
                "c.yaml:3:3: duplicate key \"p\""},
        BadFile{"NoPlugin", "pipelines: {p: [{timeout: 1s}]}\n", "pipelines.p[0] needs plugin"},
        BadFile{"StageIsText", "pipelines: {p: [a.so]}\n", "pipelines.p[0] must be a map"},
        BadFile{"StageIsNull", "pipelines:\n  p:\n  -\n", "pipelines.p[0] is empty"},
        BadFile{"PluginPath", "pipelines: {p: [{plugin: ../a.so}]}\n",
                "\"../a.so\" is not the bare name of a file in plugins.directory"},
        BadFile{"PluginAbsolute", "pipelines: {p: [{plugin: /tmp/a.so}]}\n",
                "is not the bare name"},
        BadFile{"PluginNotALibrary", "pipelines: {p: [{plugin: a.txt}]}\n", "is not the bare name"},
        BadFile{"PluginHidden", "pipelines: {p: [{plugin: .so}]}\n", "is not the bare name"},
        BadFile{"StageNameTwice", "pipelines:\n  p:\n  - plugin: a.so\n  - plugin: a.so\n",
                "c.yaml:4:5: pipelines.p[1]: a second stage named \"a\""},
        BadFile{"StageName", "pipelines: {p: [{plugin: a.so, stage: 'x y'}]}\n",
                "is not a stage name"},
        BadFile{"IsolationWord", "pipelines: {p: [{plugin: a.so, isolation: vm}]}\n",
                "is not one of in_process, process"},
        BadFile{"OnError", "pipelines: {p: [{plugin: a.so, on_error: ignore}]}\n",
                "is not one of fail, skip"},
        BadFile{"OnFinding", "pipelines: {p: [{plugin: a.so, on_finding: mask}]}\n",
                "is not one of redact, flag, quarantine"},
        BadFile{"TimeoutZero", "pipelines: {p: [{plugin: a.so, timeout: 0s}]}\n", "is not between"},
        BadFile{"InstancesZero", "pipelines: {p: [{plugin: a.so, instances: 0}]}\n",
                "is not an integer of 1 to 64"},
        BadFile{"Instances65", "pipelines: {p: [{plugin: a.so, instances: 65}]}\n",
                "is not an integer of 1 to 64"},
        BadFile{"Sha256", "pipelines: {p: [{plugin: a.so, sha256: abc}]}\n", "is not a SHA-256"},
        BadFile{"ConfigNotAMap", "pipelines: {p: [{plugin: a.so, config: [1]}]}\n",
                "pipelines.p[0].config must be a map"},
        BadFile{"ConfigInfinity", "pipelines: {p: [{plugin: a.so, config: {x: .inf}}]}\n",
                "is not a number that JSON can hold"},
        BadFile{"ConfigUnsetVariable",
                "pipelines:\n  p:\n  - plugin: a.so\n    config:\n      k: ${NOT_SET}\n",
                "c.yaml:5:10: the environment variable NOT_SET is not set"}),
    [](const auto& test) { return test.param.name; });

struct BadAccountLine {
  std::string name;
  std::string key;
  std::string value;
  std::string error;
};

void PrintTo(const BadAccountLine& bad, std::ostream* out) { *out << bad.name; }

class AccountRefuses : public ::testing::TestWithParam<BadAccountLine> {};

TEST_P(AccountRefuses, WithOneErrorAtItsPlace) {
  std::map<std::string, std::string> keys = {
      {"base_url", "https://org.example.com"}, {"client_id", "id"}, {"client_secret", "hush-hush"}};
  keys[GetParam().key] = GetParam().value;
  std::string yaml = "cxone:\n  accounts:\n    default:\n";
  for (const auto& [key, value] : keys) yaml += "      " + key + ": " + value + "\n";
  const Loaded loaded = Load(yaml);
  EXPECT_FALSE(loaded.settings.has_value());
  EXPECT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text, HasSubstr("cxone.accounts.default." + GetParam().error));
  EXPECT_THAT(loaded.text, Not(HasSubstr("hush-hush")));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, AccountRefuses,
    ::testing::Values(
        BadAccountLine{"RelativeUrl", "base_url", "org.example.com",
                       "base_url: \"org.example.com\" is not an absolute URL"},
        BadAccountLine{"OtherScheme", "base_url", "ftp://org.example.com",
                       "base_url: \"ftp://org.example.com\" is not an absolute URL"},
        BadAccountLine{"PlainHttp", "base_url", "http://org.example.com",
                       "base_url: \"http://org.example.com\" uses http"},
        BadAccountLine{"HttpToNameThatLooksLocal", "base_url", "http://localhost.example.com",
                       "base_url: \"http://localhost.example.com\" uses http"},
        BadAccountLine{"HttpWithLoopbackAsUser", "base_url", "http://127.0.0.1@example.com",
                       "base_url: \"http://127.0.0.1@example.com\" may not hold a user"},
        BadAccountLine{"UrlWithQuery", "base_url", "https://org.example.com/?a=b",
                       "base_url: \"https://org.example.com/?a=b\" may not have a query"},
        BadAccountLine{"UrlWithBadPort", "base_url", "https://org.example.com:99999",
                       "base_url: \"https://org.example.com:99999\" has no valid host and port"},
        BadAccountLine{"UrlWithoutHost", "base_url", "https:///x",
                       "base_url: \"https:///x\" has no valid host"},
        BadAccountLine{"TokenUrl", "token_url", "/oauth2/token",
                       "token_url: \"/oauth2/token\" is not an absolute URL"},
        BadAccountLine{"EmptyClientId", "client_id", "''", "client_id: \"\" is empty"},
        BadAccountLine{"EmptySecret", "client_secret", "''", "client_secret is empty"},
        BadAccountLine{"EmptyScope", "scope", "''", "scope: \"\" is empty"},
        BadAccountLine{"Path", "recordings_path", "api", "recordings_path: \"api\" must begin"},
        BadAccountLine{"PathWithQuery", "transcriptions_path", "/a?b",
                       "transcriptions_path: \"/a?b\" is not a URL path"},
        BadAccountLine{"Quota", "max_storage_mb", "0", "max_storage_mb: \"0\" is not an integer"},
        BadAccountLine{"BudgetRequests", "budget", "{requests: 0}",
                       "budget.requests: \"0\" is not an integer of 1"},
        BadAccountLine{"BudgetPer", "budget", "{per: 0s}", "budget.per: \"0s\" is not between"},
        BadAccountLine{"Idempotency", "idempotency", "maybe", "idempotency: \"maybe\" is not one"},
        BadAccountLine{"Backoff", "retry", "{initial_backoff: 10s, max_backoff: 5s}",
                       "retry.max_backoff (5s) is shorter than initial_backoff (10s)"},
        BadAccountLine{"Poll", "poll", "{min_interval: 2m}",
                       "poll.max_interval (1m) is shorter than min_interval (2m)"},
        BadAccountLine{"CaFile", "ca_file", "missing.pem",
                       "ca_file: cannot read \"/etc/cxscribe/missing.pem\": there is no such"}),
    [](const auto& test) { return test.param.name; });

TEST(LoaderErrors, AllAreReportedAtOnceInTheOrderOfTheFile) {
  const Loaded loaded = Load(
      "server:\n"
      "  worker_threads: -1\n"
      "  log_level: loud\n"
      "jobs:\n"
      "  deadline: soon\n"
      "pipelines:\n"
      "  p:\n"
      "  - plugin: a.so\n"
      "    timeout: x\n"
      "    colour: red\n"
      "listen:\n"
      "  grpc: here\n");
  std::vector<int> lines;
  for (const ConfigError& error : loaded.errors) lines.push_back(error.where.line);
  // The first is the missing account, which is to be written at the top level.
  EXPECT_THAT(lines, ::testing::UnorderedElementsAre(1, 2, 3, 5, 9, 10, 12)) << loaded.text;
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end()));
}

TEST(LoaderErrors, TlsNeedsACertificateAKeyAndReadableFiles) {
  const Loaded loaded = Load(std::string(kAccount) + "listen:\n  tls: {client_ca_file: /gone}\n");
  EXPECT_THAT(loaded.errors, SizeIs(3));
  EXPECT_THAT(loaded.text, AllOf(HasSubstr("listen.tls needs certificate_file"),
                                 HasSubstr("listen.tls needs key_file"),
                                 HasSubstr("listen.tls.client_ca_file: cannot read \"/gone\"")));
}

TEST(LoaderErrors, MissingAccountKeysAreEachNamed) {
  const Loaded loaded = Load("cxone: {accounts: {default: {}}}\n");
  EXPECT_THAT(loaded.text, AllOf(HasSubstr("needs base_url"), HasSubstr("needs client_id"),
                                 HasSubstr("needs client_secret")));
}

TEST(LoaderErrors, AnAccountNamedDefaultIsNeeded) {
  const Loaded loaded = Load(
      "cxone: {accounts: {other: {base_url: 'https://a.b', client_id: i, client_secret: s}}}\n");
  ASSERT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text, HasSubstr("needs an account named default"));
}

TEST(LoaderErrors, AnAliasIsRefusedAndNotExpanded) {
  std::string yaml = "jobs: &a {max_active: 7}\n";
  yaml += "server: *a\n";
  const Loaded loaded = Load(yaml + kAccount);
  EXPECT_THAT(loaded.text, AllOf(HasSubstr("c.yaml:1:"), HasSubstr("anchors (&name)"),
                                 HasSubstr("c.yaml:2:9: aliases (*name) are not supported")));
}

TEST(LoaderErrors, ABillionLaughsFileIsRefusedQuickly) {
  std::string yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 30; ++i) {
    absl::StrAppend(&yaml, "a", i, ": &a", i, " [");
    for (int k = 0; k < 9; ++k) absl::StrAppend(&yaml, "*a", i - 1, ",");
    yaml += "]\n";
  }
  EXPECT_FALSE(Load(yaml).settings.has_value());
}

TEST(LoaderErrors, DeepNestingIsRefused) {
  for (const std::string& open : {std::string("["), std::string("{a: "), std::string("- ")}) {
    std::string yaml = "jobs: ";
    if (open == "- ") yaml = "";
    for (int i = 0; i < 5000; ++i) yaml += open;
    const Loaded loaded = Load(yaml);
    ASSERT_THAT(loaded.errors, SizeIs(1));
    EXPECT_THAT(loaded.text, HasSubstr("nested deeper than 64 levels"));
  }
}

TEST(LoaderErrors, ALargeFileIsRefused) {
  const Loaded loaded = Load(std::string((size_t{1} << 20) + 1, '#'));
  ASSERT_THAT(loaded.errors, SizeIs(1));
  EXPECT_THAT(loaded.text, HasSubstr("at most 1048576 are read"));
}

TEST(LoaderErrors, BytesThatAreNotTextAreRefusedAtTheirPlace) {
  EXPECT_THAT(Load("jobs: {}\nx: \"a\xff\"\n").text, HasSubstr("c.yaml:2:6: not UTF-8 text"));
  EXPECT_THAT(Load(std::string("a\0b", 3)).text, HasSubstr("c.yaml:1:2: not UTF-8 text"));
}

TEST(LoaderErrors, BrokenYamlIsRefusedAtItsPlace) {
  const Loaded loaded = Load("jobs:\n  deadline: [1, 2\nserver: {}\n");
  ASSERT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text, HasSubstr("not valid YAML"));
  EXPECT_GT(loaded.errors[0].where.line, 1);
}

TEST(LoaderErrors, ASecondDocumentIsRefused) {
  const Loaded loaded = Load(std::string(kAccount) + "---\njobs: {}\n");
  ASSERT_THAT(loaded.errors, SizeIs(1)) << loaded.text;
  EXPECT_THAT(loaded.text, HasSubstr("a second YAML document"));
}

TEST(LoaderErrors, AListAtTheTopIsRefused) {
  EXPECT_THAT(Load("- a\n").text, HasSubstr("the file must be a map of keys and values"));
}

TEST(LoaderErrors, AnAbsentFileIsNamed) {
  std::vector<ConfigError> errors;
  EXPECT_FALSE(LoadSettings("/nowhere/c.yaml", {}, errors).has_value());
  EXPECT_THAT(FormatErrors(errors), HasSubstr("/nowhere/c.yaml: there is no such file"));
}

TEST(LoaderErrors, ADirectoryIsNotAFile) {
  std::vector<ConfigError> errors;
  EXPECT_FALSE(LoadSettings("/tmp", {}, errors).has_value());
  EXPECT_THAT(FormatErrors(errors), HasSubstr("/tmp: is a directory"));
}

// Where it should be written is as near as can be.
TEST(LoaderErrors, AMissingSectionIsReportedInItsFile) {
  for (const auto& [yaml, where] : std::vector<std::pair<std::string, std::string>>{
           {"", "/etc/cxscribe/c.yaml:1:1: "},
           {"# nothing yet\n\njobs: {deadline: 4h}\n", "/etc/cxscribe/c.yaml:3:1: "},
           {"jobs: {}\ncxone:\n", "/etc/cxscribe/c.yaml:2:"},
           {"jobs: {}\ncxone: {}\n", "/etc/cxscribe/c.yaml:2:8: "},
           {"jobs: {}\ncxone:\n  accounts:\n", "/etc/cxscribe/c.yaml:3:"},
           {"jobs: {}\ncxone:\n  accounts: {}\n", "/etc/cxscribe/c.yaml:3:13: "}}) {
    const Loaded loaded = Load(yaml);
    EXPECT_THAT(loaded.errors, SizeIs(1)) << yaml << loaded.text;
    EXPECT_THAT(loaded.text, ::testing::StartsWith(where)) << yaml;
  }
}

}  // namespace
}  // namespace cxscribe
