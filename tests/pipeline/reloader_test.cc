#include "server/pipeline/reloader.h"

#include <functional>
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

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Answer = absl::StatusOr<Reloaded>;

class ReloaderTest : public testing::Test {
 protected:
  std::shared_ptr<const PipelineSet> MakeSet(const std::string& pipeline) {
    PipelineSet set;
    set.pipelines[pipeline] =
        std::make_shared<StagedPipeline>(pipeline, std::vector<LoadedStage>(), loop_);
    return std::make_shared<const PipelineSet>(std::move(set));
  }

  void Reload() {
    reloader_.Reload([this](const Answer& answer) { answers_.push_back(answer); });
  }

  ManualLoop loop_;
  // What the next load comes to: a set, or errors.
  std::shared_ptr<const PipelineSet> next_;
  std::vector<ConfigError> errors_;
  int loads_ = 0;
  // Happens while it loads.
  std::function<void(const PipelineReloader::AbandonFlag&)> during_;
  std::vector<std::string> taken_;  // the log levels that came with what was loaded
  std::vector<Answer> answers_;
  PipelineReloader reloader_{
      MakeSet("first"),
      [this](const PipelineReloader::AbandonFlag& abandon, std::vector<ConfigError>& errors) {
        ++loads_;
        if (during_) during_(abandon);
        errors = errors_;
        LoadedConfiguration loaded;
        loaded.pipelines = std::exchange(next_, nullptr);
        loaded.settings.server.log_level = "warn";
        return loaded;
      },
      [this](const Settings& settings) {
        taken_.push_back(settings.server.log_level);
        return std::vector<std::string>{"server.log_level"};
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
  EXPECT_EQ(answers_[0].value().pipelines, reloader_.current());
}

TEST_F(ReloaderTest, TheRestIsTakenInWithThePipelinesOrNotAtAll) {
  errors_ = {{{"/etc/c.yaml", 1, 1}, "is wrong"}};
  Reload();
  loop_.RunReady();
  EXPECT_THAT(taken_, IsEmpty());
  errors_.clear();
  next_ = MakeSet("second");
  Reload();
  loop_.RunReady();
  EXPECT_THAT(taken_, ElementsAre("warn"));
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_THAT(answers_[1].value().restart_required, ElementsAre("server.log_level"));
}

// ---------------------------------------------------------------- while the server stops

const absl::Status kStopping = absl::UnavailableError("stopping");

TEST_F(ReloaderTest, DrainingGivesUpTheLoadAndAnswersWhoWaits) {
  const auto before = reloader_.current();
  during_ = [this](const PipelineReloader::AbandonFlag& abandon) {
    EXPECT_FALSE(abandon->load());
    Reload();  // for the load after this one
    EXPECT_THAT(answers_, IsEmpty());
    EXPECT_FALSE(reloader_.AwaitIdle(absl::ZeroDuration()));
    reloader_.Drain(kStopping);
    EXPECT_TRUE(abandon->load());
    EXPECT_EQ(answers_.size(), 2u) << "nobody waits for the load to notice";
  };
  next_ = MakeSet("second");
  Reload();
  loop_.RunReady();
  ASSERT_EQ(answers_.size(), 2u) << "and nobody is answered twice";
  for (const Answer& answer : answers_) EXPECT_EQ(answer.status(), kStopping);
  EXPECT_EQ(loads_, 1);
  EXPECT_EQ(reloader_.current(), before) << "what was loaded is dropped";
  EXPECT_THAT(taken_, IsEmpty());
  EXPECT_TRUE(reloader_.AwaitIdle(absl::ZeroDuration()));
}

TEST_F(ReloaderTest, NothingIsLoadedOnceItDrains) {
  Reload();
  reloader_.Drain(kStopping);
  ASSERT_EQ(answers_.size(), 1u);
  Reload();
  ASSERT_EQ(answers_.size(), 2u) << "refused before Reload returns";
  EXPECT_EQ(answers_[1].status(), kStopping);
  reloader_.Drain(absl::InternalError("again"));
  loop_.RunReady();
  EXPECT_EQ(loads_, 0);
  EXPECT_EQ(answers_.size(), 2u);
}

// ---------------------------------------------------------------- many reloads

TEST(CheckRetiredSetsTest, RefusesFromTheBoundOn) {
  EXPECT_TRUE(CheckRetiredSets(0).ok());
  EXPECT_TRUE(CheckRetiredSets(kMostRetiredSets - 1).ok());
  const absl::Status refused = CheckRetiredSets(kMostRetiredSets);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), "RELOAD_BUSY");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("Try again when"));
}

TEST_F(ReloaderTest, SetsThatNobodyUsesDoNotCount) {
  for (size_t i = 0; i < 3 * kMostRetiredSets; ++i) {
    next_ = MakeSet("next");
    Reload();
    loop_.RunReady();
    ASSERT_TRUE(answers_.back().ok()) << answers_.back().status();
    answers_.clear();  // they hold the sets
  }
}

TEST_F(ReloaderTest, IsRefusedWhileJobsUseTooManyEarlierSets) {
  std::vector<std::shared_ptr<const Pipeline>> of_jobs;
  for (size_t i = 0; i < kMostRetiredSets; ++i) {
    of_jobs.push_back(reloader_.current()->pipelines.begin()->second);
    next_ = MakeSet("next");
    Reload();
    loop_.RunReady();
    ASSERT_TRUE(answers_.back().ok()) << answers_.back().status();
    answers_.clear();  // they hold the sets
  }
  const auto current = reloader_.current();
  const int loads = loads_;
  next_ = MakeSet("one too many");
  Reload();
  loop_.RunReady();
  EXPECT_EQ(ReasonOf(answers_.back().status()), "RELOAD_BUSY");
  EXPECT_EQ(loads_, loads) << "refused before it costs anything";
  EXPECT_EQ(reloader_.current(), current);
  of_jobs.pop_back();
  Reload();
  loop_.RunReady();
  EXPECT_TRUE(answers_.back().ok()) << answers_.back().status();
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
