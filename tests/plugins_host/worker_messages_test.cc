// What a worker says is rebuilt, never believed.
#include "plugins/host/worker_messages.h"

#include <functional>
#include <string>

#include <cxscribe/plugin.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/plugins_host/fixture.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const PluginIdentity kIdentity{"test", "scripted", "2.3.4"};

PluginInfo SampleInfo() {
  PluginInfo info;
  info.name = "scripted";
  info.version = "2.3.4";
  info.description = "What it does.";
  info.capability = "test.scripted";
  info.kind = PluginKind::kVerify;
  info.reentrant = true;
  info.config_schema = "{}";
  return info;
}

std::string SampleMessage(const std::function<void(internal::v1::WorkerPlugin&)>& edit) {
  internal::v1::WorkerPlugin message = ToMessage(SampleInfo());
  message.set_abi_major(CX_ABI_MAJOR);
  edit(message);
  return message.SerializeAsString();
}

TEST(WorkerMessages, APluginIsWhatItSaid) {
  const auto loaded = ReadLoadedMessage(SampleMessage([](auto&) {}));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const PluginInfo& info = loaded->plugin;
  EXPECT_EQ(info.name, "scripted");
  EXPECT_EQ(info.kind, PluginKind::kVerify);
  EXPECT_TRUE(info.reentrant);
  EXPECT_EQ(info.abi, "1.0");
  EXPECT_EQ(info.config_schema, "{}");
  EXPECT_THAT(loaded->gaps, IsEmpty());
}

TEST(WorkerMessages, WhatAWorkerCouldNotGiveUpIsBoundedAndPrintable) {
  const auto loaded = ReadLoadedMessage(SampleMessage([](auto& m) {
    m.add_gaps("it runs\nas root");
    for (int i = 0; i < 1'000; ++i) m.add_gaps("more");
  }));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->gaps, SizeIs(10));
  EXPECT_EQ(loaded->gaps[0], "it runs?as root");
}

TEST(WorkerMessages, APluginIsHeldToTheRulesOfTables) {
  EXPECT_FALSE(ReadLoadedMessage("\xFF\xFF").ok());
  EXPECT_FALSE(ReadLoadedMessage(SampleMessage([](auto& m) { m.set_name("../evil\n"); })).ok());
  EXPECT_FALSE(ReadLoadedMessage(SampleMessage([](auto& m) { m.set_version("new"); })).ok());
  EXPECT_FALSE(ReadLoadedMessage(SampleMessage([](auto& m) { m.set_kind(9); })).ok());
  EXPECT_FALSE(ReadLoadedMessage(SampleMessage([](auto& m) { m.set_abi_major(70'000); })).ok());
  EXPECT_FALSE(
      ReadLoadedMessage(SampleMessage([](auto& m) { m.set_config_schema("\xC0\xAF"); })).ok());
  EXPECT_FALSE(ReadLoadedMessage(SampleMessage([](auto& m) {
                 m.set_capability("redaction-verification");
                 m.set_kind(CX_KIND_TRANSFORM);
               })).ok());
}

TEST(WorkerMessages, AnErrorArrivesAsItWasMade) {
  const absl::Status sent = PluginOwnError(kIdentity, "process", CX_UNAVAILABLE, "BUSY", "later");
  const absl::Status read = ReadCallError(ToErrorMessage(sent).SerializeAsString(), kIdentity);
  EXPECT_EQ(read.code(), sent.code());
  EXPECT_EQ(read.message(), sent.message());
  EXPECT_EQ(ReasonOf(read), "PLUGIN_ERROR");
  EXPECT_EQ(MetadataOf(read), MetadataOf(sent));
}

TEST(WorkerMessages, AnErrorCannotPoseAsAnother) {
  internal::v1::WorkerError message;
  message.set_code(0);  // no error at all
  message.set_reason("PLUGIN_CANCELLED");
  message.set_message("line\n" + std::string(100'000, 'x') + "\xFF");
  absl::Status status = ReadCallError(message.SerializeAsString(), kIdentity);
  EXPECT_EQ(ReasonOf(status), "PLUGIN_VIOLATION");
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_LT(status.message().size(), 6'000u);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
  message.set_reason("PLUGIN_ERROR");
  message.set_code(-5);
  status = ReadCallError(message.SerializeAsString(), kIdentity);
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_EQ(MetadataOf(status)["stage"], "test");

  message.set_reason("QUOTA");
  EXPECT_EQ(ReasonOf(ReadLoadError(message.SerializeAsString())), "PLUGIN_LOAD");
}

TEST(WorkerMessages, ProblemsAreBoundedAndPrintable) {
  internal::v1::WorkerProblems message;
  for (int i = 0; i < 5'000; ++i) message.add_problems()->set_message("bad\n\xFF");
  const auto problems = ReadProblems(message.SerializeAsString());
  ASSERT_TRUE(problems.ok());
  EXPECT_THAT(*problems, SizeIs(1'000));
  EXPECT_EQ((*problems)[0].message, "bad??");
}

TEST(WorkerMessages, ACallArrivesWhole) {
  RunContext context;
  context.language = "de-AT";
  context.redaction_policy = "pci";
  context.entity_types = {"PIN"};
  context.labels = {{"team", "north"}};
  const SteadyTime deadline = SteadyNow() + std::chrono::seconds(3);
  const internal::v1::WorkerCall message = ToMessage(context, deadline);
  const RunContext read = ReadCall(message);
  EXPECT_EQ(read.language, "de-AT");
  EXPECT_EQ(read.redaction_policy, "pci");
  EXPECT_EQ(read.entity_types, context.entity_types);
  EXPECT_EQ(read.labels, context.labels);
  EXPECT_EQ(DeadlineOf(message), deadline);
  EXPECT_EQ(DeadlineOf(ToMessage(context, SteadyTime::max())), SteadyTime::max());
}

}  // namespace
}  // namespace cxscribe
