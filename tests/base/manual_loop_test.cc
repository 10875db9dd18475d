// ManualLoop is what every test in virtual time stands on.
#include "tests/support/manual_loop.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using ::testing::ElementsAre;

TEST(ManualLoop, RunsNothingByItself) {
  ManualLoop loop;
  bool ran = false;
  loop.Post([&ran] { ran = true; });
  loop.PostAfter(absl::ZeroDuration(), [&ran] { ran = true; });
  EXPECT_FALSE(ran);
  EXPECT_EQ(loop.pending_timers(), 1u);
}

TEST(ManualLoop, AdvanceStopsAtEachTimerInItsOwnInstant) {
  ManualLoop loop;
  const absl::Time start = loop.Now();
  std::vector<absl::Duration> times;
  const auto note = [&] { times.push_back(loop.Now() - start); };
  loop.PostAfter(absl::Seconds(3), note);
  loop.PostAfter(absl::Seconds(1), [&] {
    note();
    loop.PostAfter(absl::Seconds(1), note);  // a timer that a timer sets, on the way
  });
  loop.PostAfter(absl::Seconds(9), note);
  EXPECT_EQ(loop.Advance(absl::Seconds(5)), 3u);
  EXPECT_THAT(times, ElementsAre(absl::Seconds(1), absl::Seconds(2), absl::Seconds(3)));
  EXPECT_EQ(loop.Now() - start, absl::Seconds(5));
  EXPECT_EQ(loop.pending_timers(), 1u);
}

TEST(ManualLoop, AdvanceToNextTimerJumpsAndSaysWhenThereIsNone) {
  ManualLoop loop;
  const absl::Time start = loop.Now();
  bool ran = false;
  loop.PostAfter(absl::Hours(7), [&ran] { ran = true; });
  EXPECT_TRUE(loop.AdvanceToNextTimer());
  EXPECT_TRUE(ran);
  EXPECT_EQ(loop.Now() - start, absl::Hours(7));
  EXPECT_FALSE(loop.AdvanceToNextTimer());
  EXPECT_EQ(loop.Now() - start, absl::Hours(7));
}

TEST(ManualLoop, ACancelledTimerDoesNotRun) {
  ManualLoop loop;
  bool ran = false;
  const auto timer = loop.PostAfter(absl::Seconds(1), [&ran] { ran = true; });
  EXPECT_TRUE(loop.Cancel(timer));
  EXPECT_FALSE(loop.Cancel(timer));
  loop.Advance(absl::Seconds(2));
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace cxscribe
