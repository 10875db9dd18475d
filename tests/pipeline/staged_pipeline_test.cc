// What a pipeline says about itself.
#include "server/pipeline/staged_pipeline.h"

#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/hash.h"
#include "tests/pipeline/documented_hash.h"
#include "tests/pipeline/fake_stage.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using ::testing::SizeIs;

std::string HashWith(const std::function<void(LoadedStage&)>& change, size_t stages = 2) {
  const ManualLoop clock;
  std::vector<LoadedStage> list;
  for (size_t i = 0; i < stages; ++i) {
    LoadedStage stage = i == 0 ? FakeStage("t", "punctuation", PluginKind::kTransform, Shout)
                               : Verifier(Finds("x"), OnFinding::kRedact, std::to_string(i));
    change(stage);
    list.push_back(MakeLoadedStage(stage.settings, stage.plugin, stage.runner));
  }
  return StagedPipeline("name", std::move(list), clock).hash();
}

TEST(PipelineHash, ChangesWithAllThatChangesWhatThePipelineDoes) {
  const std::vector<std::function<void(LoadedStage&)>> changes = {
      [](LoadedStage&) {},
      [](LoadedStage& s) { s.settings.name += "x"; },
      [](LoadedStage& s) { s.plugin.sha256 = std::string(64, 'b'); },
      [](LoadedStage& s) { s.settings.config["k"] = 1; },
      [](LoadedStage& s) { s.settings.timeout = absl::Seconds(31); },
      [](LoadedStage& s) { s.settings.isolation = Isolation::kInProcess; },
      [](LoadedStage& s) { s.settings.on_error = OnError::kSkip; },
      [](LoadedStage& s) { s.settings.on_finding = OnFinding::kFlag; },
  };
  std::set<std::string> hashes;
  for (const auto& change : changes) hashes.insert(HashWith(change));
  hashes.insert(HashWith([](LoadedStage&) {}, 3));
  EXPECT_THAT(hashes, SizeIs(changes.size() + 1));
}

// An outsider with docs/evidence.md and sha256sum comes to the same.
TEST(PipelineHash, IsOfTheDocumentedForm) {
  const ManualLoop clock;
  StageSettings settings;
  settings.timeout = absl::Milliseconds(1500);
  settings.on_error = OnError::kSkip;
  settings.config = {{"b", 1}, {"a", {1, 2}}};
  const StagedPipeline pipeline(
      "p",
      {FakeStage("t", "punctuation", PluginKind::kTransform, Shout, settings),
       Verifier(Finds("x"), OnFinding::kQuarantine, "v")},
      clock);
  const std::string plugin = std::string(63, 'a') + "1";
  EXPECT_EQ(pipeline.hash(),
            Sha256Hex(Field("cxscribe.pipeline.2") + Number(2) +  //
                      Field("t") + Field(plugin) + Field(R"({"a":[1,2],"b":1})") +
                      Number(1'500'000'000) + Field("process") + Field("skip") + Field("") +  //
                      Field("v") + Field(plugin) + Field("{}") + Number(30'000'000'000) +
                      Field("process") + Field("fail") + Field("quarantine")));
}

TEST(PipelineHash, DoesNotChangeWithItsNameOrItsInstances) {
  EXPECT_EQ(HashWith([](LoadedStage&) {}),
            HashWith([](LoadedStage& s) { s.settings.instances = 9; }));
  const ManualLoop clock;
  EXPECT_EQ(StagedPipeline("a", {}, clock).hash(), StagedPipeline("b", {}, clock).hash());
  EXPECT_THAT(StagedPipeline("a", {}, clock).hash(), SizeIs(64));
}

TEST(StagedPipelineTest, DescribesItsStages) {
  const ManualLoop clock;
  StageSettings settings;
  settings.timeout = absl::Milliseconds(1500);
  settings.instances = 3;
  const StagedPipeline pipeline(
      "p",
      {FakeStage("t", "punctuation", PluginKind::kTransform, Shout, settings),
       Verifier(Finds("x"), OnFinding::kQuarantine)},
      clock);
  const v1::Pipeline description = pipeline.Describe();
  EXPECT_EQ(description.name(), "p");
  EXPECT_EQ(description.hash(), pipeline.hash());
  ASSERT_EQ(description.stages_size(), 2);
  const v1::Stage& first = description.stages(0);
  EXPECT_EQ(first.name(), "t");
  EXPECT_EQ(first.plugin(), "t.so");
  EXPECT_EQ(first.capability(), "punctuation");
  EXPECT_EQ(first.kind(), v1::STAGE_KIND_TRANSFORM);
  EXPECT_EQ(first.timeout().seconds(), 1);
  EXPECT_EQ(first.timeout().nanos(), 500'000'000);
  EXPECT_EQ(first.isolation(), "process");
  EXPECT_EQ(first.on_error(), "fail");
  EXPECT_EQ(first.on_finding(), "");
  EXPECT_EQ(first.instances(), 3);
  EXPECT_THAT(first.config_sha256(), SizeIs(64));
  EXPECT_EQ(description.stages(1).on_finding(), "quarantine");
}

TEST(StagedPipelineTest, HealthIsThatOfTheWorstStageOfAPlugin) {
  const ManualLoop clock;
  std::vector<LoadedStage> stages = {Verifier(Finds("x"), OnFinding::kRedact, "a"),
                                     Verifier(Finds("x"), OnFinding::kRedact, "b")};
  const auto keep = stages;
  auto pipeline = std::make_shared<StagedPipeline>("p", std::move(stages), clock);
  const std::string sha256 = keep[0].plugin.sha256;
  EXPECT_EQ(pipeline->HealthOf(sha256), v1::PLUGIN_HEALTH_OK);
  EXPECT_EQ(pipeline->HealthOf("other"), v1::PLUGIN_HEALTH_UNSPECIFIED);
  RunnerOf(keep[1]).set_health(StageState::kFailed);
  EXPECT_EQ(pipeline->HealthOf(sha256), v1::PLUGIN_HEALTH_FAILED);

  PipelineSet set;
  set.pipelines["p"] = pipeline;
  set.plugins.emplace_back().set_sha256(sha256);
  EXPECT_EQ(set.PluginsWithHealth()[0].health(), v1::PLUGIN_HEALTH_FAILED);
}

}  // namespace
}  // namespace cxscribe
