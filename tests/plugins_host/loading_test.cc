// Loading real libraries, each broken in its own way.
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Broken {
  const char* fixture;
  const char* reason;
  const char* words;
};

void PrintTo(const Broken& value, std::ostream* out) { *out << value.fixture; }

class LoadingBroken : public testing::TestWithParam<Broken> {
 protected:
  static void Check(const absl::StatusOr<std::shared_ptr<const Plugin>>& plugin);
};

TEST_P(LoadingBroken, IsRefusedWithItsReason) { Check(LoadFixture(GetParam().fixture)); }
TEST_P(LoadingBroken, IsRefusedWithItsReasonByAWorker) { Check(LoadIsolated(GetParam().fixture)); }

void LoadingBroken::Check(const absl::StatusOr<std::shared_ptr<const Plugin>>& plugin) {
  ASSERT_FALSE(plugin.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(plugin.status())) << plugin.status();
  EXPECT_EQ(ReasonOf(plugin.status()), GetParam().reason);
  EXPECT_THAT(std::string(plugin.status().message()),
              AllOf(HasSubstr(GetParam().words),
                    HasSubstr(std::string("fixture_") + GetParam().fixture + ".so: ")));
}

INSTANTIATE_TEST_SUITE_P(
    Fixtures, LoadingBroken,
    testing::Values(Broken{"no_symbol", "PLUGIN_NO_ENTRY", "does not export cx_plugin_entry"},
                    Broken{"unresolved", "PLUGIN_LOAD", "cx_fixture_nobody_defines_this"},
                    Broken{"null_table", "PLUGIN_NULL_TABLE", "returned NULL"},
                    Broken{"short_table", "PLUGIN_SHORT_TABLE", "says it has 16 bytes"},
                    Broken{"wrong_magic", "PLUGIN_MAGIC", "0x0000000000001234"},
                    Broken{"major_newer", "PLUGIN_ABI", "ABI 2.0, this host speaks 1.0"},
                    Broken{"minor_newer", "PLUGIN_ABI", "ABI 1.1, this host speaks 1.0"},
                    Broken{"bad_fields", "PLUGIN_TABLE", "create is NULL"},
                    Broken{"bad_schema", "PLUGIN_SCHEMA",
                           "#/properties/a has a pattern that RE2 does not"}),
    [](const testing::TestParamInfo<Broken>& param) { return std::string(param.param.fixture); });

TEST(Loading, ATableLongerThanTheHostKnowsWorks) {
  const auto plugin = LoadFixture("long_table");
  EXPECT_TRUE(plugin.ok()) << plugin.status();
}

TEST(Loading, SaysWhatThePluginIs) {
  const auto plugin = LoadFixture("verify");
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  const PluginInfo& info = (*plugin)->info();
  EXPECT_EQ(info.name, "scripted");
  EXPECT_EQ(info.version, "2.3.4");
  EXPECT_EQ(info.description, "Does what it is told.");
  EXPECT_EQ(info.abi, "1.0");
  EXPECT_EQ(info.capability, "test.scripted");
  EXPECT_EQ(info.kind, PluginKind::kVerify);
  EXPECT_FALSE(info.reentrant);
  EXPECT_EQ(info.sha256.size(), 64u);
  EXPECT_EQ(info.file, FixtureDirectory() + "/fixture_verify.so");
  EXPECT_THAT(info.config_schema, HasSubstr("read_fd"));
}

TEST(Loading, DifferentBytesWithTheSameNameAreDifferentPlugins) {
  const auto transform = LoadFixture("transform");
  const auto verify = LoadFixture("verify");
  ASSERT_TRUE(transform.ok() && verify.ok());
  EXPECT_EQ((*transform)->info().kind, PluginKind::kTransform);
  EXPECT_EQ((*verify)->info().kind, PluginKind::kVerify);
}

// What a library missed may be there when the pipelines are loaded again.
TEST(Loading, WhatFailedIsTriedAgain) {
  EXPECT_EQ(ReasonOf(LoadFixture("late").status()), "PLUGIN_NULL_TABLE");
  EXPECT_TRUE(LoadFixture("late").ok());
}

TEST(Loading, ManyThreadsMayLoadTheSamePlugin) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([] {
      const auto plugin = LoadFixture("reentrant");
      EXPECT_TRUE(plugin.ok()) << plugin.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Loading, TheSchemasProblemsComeFirstAndThenThePlugins) {
  const auto plugin = LoadFixture("transform");
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  const auto schema = (*plugin)->CheckConfig(R"({"do": "invalid", "read_fd": -1, "colour": 1})");
  ASSERT_EQ(schema.size(), 2u);
  EXPECT_EQ(schema[0].pointer, "/colour");
  EXPECT_EQ(schema[1].pointer, "/read_fd");

  const auto own = (*plugin)->CheckConfig(R"({"do": "invalid"})");
  ASSERT_EQ(own.size(), 2u);
  EXPECT_EQ(own[0].pointer, "/do");
  EXPECT_EQ(own[0].message, "is not done here");
  EXPECT_EQ(own[1].pointer, "/read_fd");

  EXPECT_TRUE((*plugin)->CheckConfig(R"({"do": "copy"})").empty());
  const auto threw = (*plugin)->CheckConfig(R"({"do": "validate_throws"})");
  ASSERT_EQ(threw.size(), 1u);
  EXPECT_THAT(threw[0].message, HasSubstr("threw"));
}

}  // namespace
}  // namespace cxscribe
