// The files in config/: they load, and the long one shows every key with its default.
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/config_fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

const char* const kFolder = CXSCRIBE_CONFIG_SAMPLES;

FakeOutside SampleOutside() {
  FakeOutside outside;
  outside.environment = {{"CXONE_CLIENT_ID", "id"}};
  outside.files = {{"/run/secrets/cxone_client_secret", "secret\n"}};
  return outside;
}

std::string ReadSample(const std::string& name) {
  return ReadFile(std::string(kFolder) + "/" + name);
}

TEST(Sample, MinimalLoads) {
  const Loaded loaded = Load(ReadSample("minimal.yaml"), SampleOutside());
  EXPECT_TRUE(loaded.settings) << loaded.text;
}

TEST(Sample, ContainersLoadsWithEveryFileWhereTheImageMayWrite) {
  FakeOutside outside = SampleOutside();
  outside.environment["CXONE_BASE_URL"] = "https://your-org.cxone.com";
  const Loaded loaded = Load(ReadSample("container.yaml"), outside);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->storage.path.rfind("/var/lib/cxscribe/", 0), 0u);
  EXPECT_EQ(loaded.settings->audit.path.rfind("/var/lib/cxscribe/", 0), 0u);
}

TEST(Sample, FullLoads) {
  const Loaded loaded = Load(ReadSample("cxscribe.yaml"), SampleOutside());
  EXPECT_TRUE(loaded.settings) << loaded.text;
}

// Text after which the key is known to be there, whether or not it is behind a #.
TEST(Sample, FullShowsEveryKeyThatTheLoaderKnows) {
  const std::string sample = ReadSample("cxscribe.yaml");
  std::set<std::string> keys;
  LoadOptions options = OptionsFor(SampleOutside());
  options.keys_seen = &keys;
  ASSERT_TRUE(Load(sample, options).settings);
  EXPECT_GT(keys.size(), 60u);
  for (const std::string& key : keys) {
    const std::string last = key.substr(key.rfind('.') + 1);
    if (last == "*") continue;
    EXPECT_TRUE(std::regex_search(sample, std::regex("(^|\n)[ #-]*" + last + ":"))) << key;
  }
}

TEST(Sample, EveryKeyIsKnownHoweverLittleTheFileHolds) {
  std::set<std::string> from_minimal;
  std::set<std::string> from_full;
  LoadOptions options = OptionsFor(SampleOutside());
  options.keys_seen = &from_minimal;
  ASSERT_TRUE(
      Load(ReadSample("minimal.yaml") + "pipelines: {p: [{plugin: a.so}]}\n", options).settings);
  options.keys_seen = &from_full;
  ASSERT_TRUE(Load(ReadSample("cxscribe.yaml"), options).settings);
  EXPECT_EQ(from_minimal, from_full);
}

// The full sample says that what it shows are defaults; so both files mean the same.
TEST(Sample, FullShowsDefaults) {
  const Loaded minimal = Load(ReadSample("minimal.yaml"), SampleOutside());
  const Loaded full = Load(ReadSample("cxscribe.yaml"), SampleOutside());
  ASSERT_TRUE(minimal.settings && full.settings);
  const Settings& a = *minimal.settings;
  const Settings& b = *full.settings;
  EXPECT_EQ(a.listen.grpc, b.listen.grpc);
  EXPECT_EQ(a.listen.metrics, b.listen.metrics);
  EXPECT_EQ(a.listen.tls.has_value(), b.listen.tls.has_value());
  ASSERT_EQ(a.accounts.size(), b.accounts.size());
  const AccountSettings& x = a.accounts.at("default");
  const AccountSettings& y = b.accounts.at("default");
  EXPECT_EQ(x.base_url, y.base_url);
  EXPECT_EQ(x.token_url, y.token_url);
  EXPECT_EQ(x.client_id, y.client_id);
  EXPECT_EQ(x.client_secret.Reveal(), y.client_secret.Reveal());
  EXPECT_EQ(x.scope, y.scope);
  EXPECT_EQ(x.recordings_path, y.recordings_path);
  EXPECT_EQ(x.transcriptions_path, y.transcriptions_path);
  EXPECT_EQ(x.max_storage_mb, y.max_storage_mb);
  EXPECT_EQ(x.budget.requests, y.budget.requests);
  EXPECT_EQ(x.budget.per, y.budget.per);
  EXPECT_EQ(x.idempotency, y.idempotency);
  EXPECT_EQ(x.upstream_webhook_url, y.upstream_webhook_url);
  EXPECT_EQ(x.ca_file, y.ca_file);
  EXPECT_EQ(x.connect_timeout, y.connect_timeout);
  EXPECT_EQ(x.request_timeout, y.request_timeout);
  EXPECT_EQ(x.retry.initial_backoff, y.retry.initial_backoff);
  EXPECT_EQ(x.retry.max_backoff, y.retry.max_backoff);
  EXPECT_EQ(x.retry.malformed_attempts, y.retry.malformed_attempts);
  EXPECT_EQ(x.retry.max_attempts, y.retry.max_attempts);
  EXPECT_EQ(x.retry.max_elapsed, y.retry.max_elapsed);
  EXPECT_EQ(x.poll.min_interval, y.poll.min_interval);
  EXPECT_EQ(x.poll.max_interval, y.poll.max_interval);
  EXPECT_EQ(a.storage.driver, b.storage.driver);
  EXPECT_EQ(a.storage.path, b.storage.path);
  EXPECT_EQ(a.audit.path, b.audit.path);
  EXPECT_EQ(a.webhook.signing_secret.Reveal(), b.webhook.signing_secret.Reveal());
  EXPECT_EQ(a.webhook.allow_http, b.webhook.allow_http);
  EXPECT_EQ(a.webhook.allow_private_networks, b.webhook.allow_private_networks);
  EXPECT_EQ(a.webhook.timeout, b.webhook.timeout);
  EXPECT_EQ(a.webhook.retry_schedule, b.webhook.retry_schedule);
  EXPECT_EQ(a.jobs.deadline, b.jobs.deadline);
  EXPECT_EQ(a.jobs.max_queued, b.jobs.max_queued);
  EXPECT_EQ(a.jobs.max_active, b.jobs.max_active);
  EXPECT_EQ(a.jobs.request_id_retention, b.jobs.request_id_retention);
  EXPECT_EQ(a.server.drain_timeout, b.server.drain_timeout);
  EXPECT_EQ(a.server.worker_threads, b.server.worker_threads);
  EXPECT_EQ(a.server.log_level, b.server.log_level);
  EXPECT_EQ(a.plugins.directory, b.plugins.directory);
  EXPECT_EQ(a.plugins.data_directory, b.plugins.data_directory);
  EXPECT_EQ(a.plugins.worker, b.plugins.worker);
  EXPECT_EQ(a.plugins.worker_memory_mb, b.plugins.worker_memory_mb);
  EXPECT_EQ(a.plugins.allow_sanitizers, b.plugins.allow_sanitizers);
  EXPECT_EQ(a.plugins.start_timeout, b.plugins.start_timeout);
  ASSERT_EQ(a.pipelines.size(), b.pipelines.size());
  ASSERT_EQ(a.pipelines[0].stages.size(), b.pipelines[0].stages.size());
  for (size_t i = 0; i < a.pipelines[0].stages.size(); ++i) {
    const StageSettings& s = a.pipelines[0].stages[i];
    const StageSettings& t = b.pipelines[0].stages[i];
    EXPECT_EQ(s.name, t.name);
    EXPECT_EQ(s.plugin, t.plugin);
    EXPECT_EQ(s.timeout, t.timeout);
    EXPECT_EQ(s.isolation, t.isolation);
    EXPECT_EQ(s.on_error, t.on_error);
    EXPECT_EQ(s.on_finding, t.on_finding);
    EXPECT_EQ(s.instances, t.instances);
    EXPECT_EQ(s.sha256, t.sha256);
    EXPECT_EQ(s.config, t.config);
  }
  EXPECT_EQ(a.redaction_policies.size(), b.redaction_policies.size());
}

// Uncomments what the sample shows behind a #, so that those lines cannot rot either.
TEST(Sample, WhatStandsBehindAHashLoadsToo) {
  const std::string sample = ReadSample("cxscribe.yaml");
  const std::regex shown("^( *)# ( *(- )?[a-z_0-9]+:( .*)?)$");
  // Prose that has the form of a key.
  const std::regex prose("^ *# +(Default|fail|Required|process|in_process)[: ].*$");
  std::string uncommented;
  std::set<std::string> revealed;
  std::istringstream lines(sample);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, shown) && !std::regex_match(line, prose)) {
      line = match[1].str() + match[2].str();
      revealed.insert(line.substr(line.find_first_not_of(' ')));
    }
    uncommented += line + "\n";
  }
  EXPECT_GE(revealed.size(), 10u);
  FakeOutside outside = SampleOutside();
  for (const char* file : {"/etc/cxscribe/tls/server.pem", "/etc/cxscribe/tls/server.key",
                           "/etc/cxscribe/tls/clients.pem", "/etc/cxscribe/tls/upstream-ca.pem"}) {
    outside.files[file] = "x";
  }
  outside.files["/run/secrets/cxscribe_webhook_secret"] =
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
  const Loaded loaded = Load(uncommented, outside);
  ASSERT_TRUE(loaded.settings) << loaded.text << uncommented;
  EXPECT_TRUE(loaded.settings->listen.tls.has_value());
  EXPECT_EQ(loaded.settings->redaction_policies.count("contact"), 1u);
  EXPECT_EQ(loaded.settings->plugins.directory, "/usr/lib/cxscribe/plugins");
  EXPECT_FALSE(loaded.settings->webhook.signing_secret.empty());
}

}  // namespace
}  // namespace cxscribe
