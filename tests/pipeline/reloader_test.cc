#include "server/pipeline/reloader.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "tests/pipeline/fake_stage.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using Loaded = absl::StatusOr<std::shared_ptr<const PipelineSet>>;

class ReloaderTest : public testing::Test {
 protected:
  std::shared_ptr<const PipelineSet> MakeSet(const std::string& pipeline) {
    PipelineSet set;
    set.pipelines[pipeline] =
        std::make_shared<StagedPipeline>(pipeline, std::vector<LoadedStage>(), loop_);
    return std::make_shared<const PipelineSet>(std::move(set));
  }

  void Reload() {
    reloader_.Reload([this](const Loaded& loaded) { answers_.push_back(loaded); });
  }

  ManualLoop loop_;
  // What the next load comes to: a set, or errors.
  std::shared_ptr<const PipelineSet> next_;
  std::vector<ConfigError> errors_;
  int loads_ = 0;
  std::vector<Loaded> answers_;
  PipelineReloader reloader_{MakeSet("first"),
                             [this](std::vector<ConfigError>& errors) {
                               ++loads_;
                               errors = errors_;
                               return std::exchange(next_, nullptr);
                             },
                             loop_};
};

TEST_F(ReloaderTest, SwapsTheWholeSet) {
  next_ = MakeSet("second");
  Reload();
  EXPECT_NE(reloader_.current()->Find("first"), nullptr) << "nothing happens before the loop runs";
  loop_.RunReady();
  EXPECT_EQ(reloader_.current()->Find("first"), nullptr);
  EXPECT_NE(reloader_.current()->Find("second"), nullptr);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0].value(), reloader_.current());
}

TEST_F(ReloaderTest, AnErrorLeavesEverythingAsItWasAndAllAreNamed) {
  const auto before = reloader_.current();
  errors_ = {{{"/etc/c.yaml", 4, 7}, "is no duration"}, {{"/etc/c.yaml", 0, 0}, "is empty"}};
  Reload();
  loop_.RunReady();
  EXPECT_EQ(reloader_.current(), before);
  ASSERT_EQ(answers_.size(), 1u);
  const absl::Status& status = answers_[0].status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "CONFIG_INVALID");
  google::rpc::BadRequest bad;
  const google::rpc::Status rpc = ToRpcStatus(status);
  for (const auto& detail : rpc.details()) {
    if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&bad);
  }
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(0).field(), "/etc/c.yaml:4:7");
  EXPECT_EQ(bad.field_violations(0).description(), "is no duration");
  EXPECT_EQ(bad.field_violations(1).field(), "/etc/c.yaml");
}

TEST_F(ReloaderTest, ThoseWhoWaitTogetherAreAnsweredByOneLoad) {
  next_ = MakeSet("second");
  Reload();
  Reload();
  loop_.RunReady();
  EXPECT_EQ(loads_, 1);
  EXPECT_EQ(answers_.size(), 2u);
}

TEST_F(ReloaderTest, RefusesMoreThanItCanHold) {
  for (int i = 0; i < 65; ++i) Reload();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0].status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(ReloaderTest, AJobsPipelineLivesUntilTheJobLetsItGo) {
  std::weak_ptr<const PipelineSet> first = reloader_.current();
  std::shared_ptr<const Pipeline> of_a_job = reloader_.current()->Find("first");
  next_ = MakeSet("second");
  Reload();
  loop_.RunReady();
  loop_.Advance(absl::Minutes(1));
  EXPECT_FALSE(first.expired());
  EXPECT_EQ(of_a_job->name(), "first");
  of_a_job.reset();
  EXPECT_FALSE(first.expired()) << "who lets go does not pay for the end of the stages";
  loop_.Advance(absl::Seconds(1));
  EXPECT_TRUE(first.expired());
  EXPECT_EQ(loop_.pending_timers(), 0u);
}

}  // namespace
}  // namespace cxscribe
