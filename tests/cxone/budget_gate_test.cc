#include "server/cxone/budget_gate.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;

class BudgetGateTest : public testing::Test {
 protected:
  // Burst 2, then one each 10 s / 9.
  BudgetGateTest()
      : gate_(std::make_unique<BudgetGate>(loop_, BudgetSettings{10, absl::Seconds(10)})) {}

  void Run(CallPriority priority, std::string name) {
    gate_->Run(priority, [this, name] { ran_.push_back(name); });
  }

  ManualLoop loop_;
  std::unique_ptr<BudgetGate> gate_;
  std::vector<std::string> ran_;
};

TEST_F(BudgetGateTest, RunsNothingInsideTheCall) {
  Run(CallPriority::kPoll, "a");
  EXPECT_THAT(ran_, ElementsAre());
  loop_.RunReady();
  EXPECT_THAT(ran_, ElementsAre("a"));
}

TEST_F(BudgetGateTest, LetsABurstThroughThenPaces) {
  for (const char* name : {"a", "b", "c", "d"}) Run(CallPriority::kPoll, name);
  loop_.RunReady();
  EXPECT_THAT(ran_, ElementsAre("a", "b"));
  loop_.Advance(absl::Milliseconds(1100));
  EXPECT_THAT(ran_, ElementsAre("a", "b"));
  loop_.Advance(absl::Milliseconds(20));
  EXPECT_THAT(ran_, ElementsAre("a", "b", "c"));
  loop_.Advance(absl::Seconds(2));
  EXPECT_THAT(ran_, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(gate_->size(), 0u);
}

TEST_F(BudgetGateTest, UrgentCallsOvertake) {
  Run(CallPriority::kValidate, "validate 1");
  Run(CallPriority::kPoll, "poll 1");
  Run(CallPriority::kPoll, "poll 2");
  Run(CallPriority::kSubmit, "submit 1");
  Run(CallPriority::kSubmit, "submit 2");
  loop_.Advance(absl::Seconds(10));
  EXPECT_THAT(ran_, ElementsAre("submit 1", "submit 2", "poll 1", "poll 2", "validate 1"));
}

TEST_F(BudgetGateTest, NobodyStarves) {
  Run(CallPriority::kPoll, "x");
  Run(CallPriority::kPoll, "x");
  loop_.RunReady();  // the burst is gone
  Run(CallPriority::kValidate, "validate");
  // Submissions come faster than the budget lets them go.
  for (int i = 0; i < 120; ++i) {
    Run(CallPriority::kSubmit, "submit");
    loop_.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(ran_, testing::Contains("validate"));
  EXPECT_GT(gate_->size(), 0u);
}

TEST_F(BudgetGateTest, ThrottlingStopsWhatWaits) {
  for (const char* name : {"a", "b", "c"}) Run(CallPriority::kPoll, name);
  loop_.RunReady();
  gate_->OnThrottled(absl::Seconds(60));
  loop_.Advance(absl::Seconds(59));
  EXPECT_THAT(ran_, ElementsAre("a", "b"));
  loop_.Advance(absl::Seconds(1));
  EXPECT_THAT(ran_, ElementsAre("a", "b", "c"));
  EXPECT_LT(gate_->RateShare(), 0.6);
}

TEST_F(BudgetGateTest, ChargesDelayTheNext) {
  gate_->Charge(3);
  Run(CallPriority::kPoll, "a");
  loop_.Advance(absl::Seconds(1));
  EXPECT_THAT(ran_, ElementsAre());
  loop_.Advance(absl::Seconds(2));
  EXPECT_THAT(ran_, ElementsAre("a"));
}

TEST_F(BudgetGateTest, ACancelledTaskCostsNoRequest) {
  std::vector<BudgetGate::Ticket> tickets;
  for (const char* name : {"a", "b", "c"}) {
    tickets.push_back(gate_->Run(CallPriority::kPoll, [this, name] { ran_.push_back(name); }));
  }
  EXPECT_TRUE(gate_->Cancel(tickets[0]));
  EXPECT_TRUE(gate_->Cancel(tickets[1]));
  EXPECT_FALSE(gate_->Cancel(tickets[1]));
  Run(CallPriority::kPoll, "d");
  loop_.RunReady();
  EXPECT_THAT(ran_, ElementsAre("c", "d")) << "the burst of two";
  EXPECT_FALSE(gate_->Cancel(tickets[2])) << "it has run";
}

TEST_F(BudgetGateTest, ATaskMayAddAnother) {
  gate_->Run(CallPriority::kPoll, [this] { Run(CallPriority::kPoll, "inner"); });
  loop_.RunReady();
  EXPECT_THAT(ran_, ElementsAre("inner"));
}

TEST_F(BudgetGateTest, ATaskMayDestroyTheGate) {
  gate_->Run(CallPriority::kPoll, [this] { gate_.reset(); });
  Run(CallPriority::kPoll, "dropped");
  loop_.Advance(absl::Seconds(60));
  EXPECT_THAT(ran_, ElementsAre());
  EXPECT_EQ(loop_.pending_timers(), 0u);
}

}  // namespace
}  // namespace cxscribe
