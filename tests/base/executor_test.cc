// LoopThread: order, timers, cancelling, stopping, and posting from many threads.
#include "server/base/executor.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;

// How long a test waits for what should happen at once, before it fails.
constexpr std::chrono::seconds kPatience{60};

// Runs `task` on the loop and waits for it.
void RunOn(LoopThread& loop, Task task) {
  std::promise<void> done;
  loop.Post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

TEST(LoopThread, DropsTimersThatAreNotDueWhenItStops) {
  const SystemClock clock;
  bool ran = false;
  {
    LoopThread loop("test", clock);
    loop.PostAfter(absl::Hours(1), [&ran] { ran = true; });
    loop.PostAt(absl::InfiniteFuture(), [&ran] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(LoopThread, RunsWhatWasPostedAndWhatThatAddsBeforeItStops) {
  const SystemClock clock;
  std::vector<std::string> ran;
  LoopThread loop("test", clock);
  std::latch held(1);
  loop.Post([&held] { held.wait(); });  // so that all that follows is still queued at Stop
  loop.Post([&] {
    ran.push_back("posted");
    loop.Post([&ran] { ran.push_back("added"); });
    loop.PostAfter(absl::ZeroDuration(), [&ran] { ran.push_back("added timer"); });
  });
  std::thread stopper([&loop] { loop.Stop(); });
  held.count_down();
  stopper.join();
  EXPECT_THAT(ran, ::testing::UnorderedElementsAre("posted", "added", "added timer"));
}

TEST(LoopThread, DropsTasksAndTimersPostedAfterStop) {
  const SystemClock clock;
  LoopThread loop("test", clock);
  loop.Stop();
  loop.Stop();  // idempotent
  auto captured = std::make_shared<int>(0);
  loop.Post([captured] { ++*captured; });
  const auto timer = loop.PostAfter(absl::ZeroDuration(), [captured] { ++*captured; });
  EXPECT_EQ(*captured, 0);
  EXPECT_EQ(captured.use_count(), 1) << "a task that will never run must not be kept";
  EXPECT_FALSE(loop.Cancel(timer));
}

TEST(LoopThread, ReleasesTheTimersItDropsWhenItStops) {
  const SystemClock clock;
  LoopThread loop("test", clock);
  auto captured = std::make_shared<int>(0);
  loop.PostAfter(absl::Hours(1), [captured] { ++*captured; });
  loop.Stop();
  EXPECT_EQ(captured.use_count(), 1);
}

TEST(LoopThread, RunsTasksInOrderAndOneAtATime) {
  const SystemClock clock;
  LoopThread loop("test", clock);
  std::vector<int> order;  // unguarded: the loop is serial
  for (int i = 0; i < 1000; ++i) loop.Post([&order, i] { order.push_back(i); });
  RunOn(loop, [] {});
  ASSERT_EQ(order.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(LoopThread, PostNeverRunsTheTaskInside) {
  const SystemClock clock;
  LoopThread loop("test", clock);
  std::vector<std::string> order;
  RunOn(loop, [&] {
    loop.Post([&order] { order.push_back("inner"); });
    order.push_back("outer");
  });
  RunOn(loop, [] {});
  EXPECT_THAT(order, ElementsAre("outer", "inner"));
}

TEST(LoopThread, RunsTimersByTimeThenByArrival) {
  ManualLoop clock;
  std::vector<int> order;
  LoopThread loop("test", clock);
  RunOn(loop, [&] {
    const absl::Time now = clock.Now();
    loop.PostAt(now + absl::Seconds(2), [&order] { order.push_back(3); });
    loop.PostAt(now + absl::Seconds(1), [&order] { order.push_back(1); });
    loop.PostAt(now + absl::Seconds(1), [&order] { order.push_back(2); });
    clock.Advance(absl::Seconds(5));
  });
  loop.Stop();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

// A wall clock that somebody sets; time itself passes as it does.
class SettableClock final : public Clock {
 public:
  absl::Time Now() const override { return system_.Now() + absl::Hours(offset_hours_.load()); }
  absl::Time SteadyNow() const override { return system_.SteadyNow(); }
  void SetOff(int hours) { offset_hours_ = hours; }

 private:
  SystemClock system_;
  std::atomic<int> offset_hours_{0};
};

TEST(LoopThread, AWallClockThatIsSetBackDoesNotDelayTimers) {
  SettableClock clock;
  LoopThread loop("test", clock);
  std::promise<void> ran;
  RunOn(loop, [&] {
    loop.PostAfter(absl::Milliseconds(1), [&ran] { ran.set_value(); });
    clock.SetOff(-1);
  });
  EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST(LoopThread, AWallClockThatIsSetForwardDoesNotHastenTimers) {
  SettableClock clock;
  LoopThread loop("test", clock);
  bool ran = false;
  RunOn(loop, [&] {
    loop.PostAfter(absl::Hours(1), [&ran] { ran = true; });
    clock.SetOff(2);
  });
  loop.Stop();  // runs what is due
  EXPECT_FALSE(ran);
}

TEST(LoopThread, ATimerInThePastRunsAtOnce) {
  ManualLoop clock;  // its time stands still, so that nothing becomes due by waiting
  std::vector<std::string> order;
  std::promise<void> ran;
  LoopThread loop("test", clock);
  RunOn(loop, [&] {
    loop.PostAfter(absl::Seconds(1), [&order] { order.push_back("future"); });
    loop.PostAt(absl::InfinitePast(), [&] {
      order.push_back("past");
      ran.set_value();
    });
    order.push_back("task");
  });
  EXPECT_EQ(ran.get_future().wait_for(kPatience), std::future_status::ready);
  loop.Stop();
  EXPECT_THAT(order, ElementsAre("task", "past"));
}

TEST(LoopThread, ATimerWakesALoopThatSleepsUntilALaterOne) {
  const SystemClock clock;
  std::vector<std::string> order;
  std::promise<absl::Time> ran;
  LoopThread loop("test", clock);
  loop.PostAfter(absl::Hours(1), [&order] { order.push_back("later"); });
  RunOn(loop, [] {});
  const absl::Time due = clock.Now() + absl::Milliseconds(5);
  loop.PostAt(due, [&] {
    order.push_back("sooner");
    ran.set_value(clock.Now());
  });
  std::future<absl::Time> at = ran.get_future();
  ASSERT_EQ(at.wait_for(kPatience), std::future_status::ready) << "the loop slept on";
  EXPECT_GE(at.get(), due);
  loop.Stop();
  EXPECT_THAT(order, ElementsAre("sooner"));
}

TEST(LoopThread, ACancelledTimerDoesNotRun) {
  ManualLoop clock;
  bool ran = false;
  LoopThread loop("test", clock);
  const auto timer = loop.PostAfter(absl::Seconds(1), [&ran] { ran = true; });
  EXPECT_TRUE(loop.Cancel(timer));
  EXPECT_FALSE(loop.Cancel(timer)) << "it is no longer known";
  clock.Advance(absl::Seconds(2));
  loop.Stop();
  EXPECT_FALSE(ran);
}

TEST(LoopThread, CancelIsFalseForATimerThatRanOrNeverWas) {
  const SystemClock clock;
  LoopThread loop("test", clock);
  EXPECT_FALSE(loop.Cancel(12345));
  std::promise<void> ran;
  const auto timer = loop.PostAfter(absl::ZeroDuration(), [&ran] { ran.set_value(); });
  ran.get_future().wait();
  EXPECT_FALSE(loop.Cancel(timer));
}

// A loop that takes a due timer off its list before it runs the tasks ahead of it would answer
// "already run" for a timer that has not run yet, and run it all the same.
TEST(LoopThread, CancelIsNeverFalseForATimerThatIsStillToRun) {
  ManualLoop clock;
  LoopThread loop("test", clock);
  bool cancelled = false;
  bool ran = false;
  bool ran_before_cancel = false;
  std::latch held(1);
  loop.Post([&held] { held.wait(); });  // so that the next two are both there when it goes on
  const auto timer = loop.PostAt(clock.Now() - absl::Seconds(1), [&ran] { ran = true; });
  loop.Post([&] {
    ran_before_cancel = ran;
    cancelled = loop.Cancel(timer);
  });
  held.count_down();
  loop.Stop();
  EXPECT_EQ(cancelled, !ran_before_cancel);
  EXPECT_NE(cancelled, ran);
}

TEST(LoopThread, ATimerCanCancelTheNextOfTheSameInstant) {
  ManualLoop clock;
  LoopThread loop("test", clock);
  TimerExecutor::TimerId second = 0;
  bool cancelled = false;
  bool ran = false;
  RunOn(loop, [&] {
    const absl::Time due = clock.Now() - absl::Seconds(1);
    loop.PostAt(due, [&] { cancelled = loop.Cancel(second); });
    second = loop.PostAt(due, [&ran] { ran = true; });
  });
  loop.Stop();
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(ran);
}

TEST(LoopThread, PostedTasksDoNotStarveTimers) {
  ManualLoop clock;
  LoopThread loop("test", clock);
  // A task that posts itself again keeps the queue from ever being empty.
  constexpr int kEnough = 1000;
  int tasks = 0;
  int tasks_before_timer = -1;
  std::promise<void> ended;
  std::function<void()> again = [&] {
    if (++tasks < kEnough && tasks_before_timer < 0) {
      loop.Post(again);
    } else {
      ended.set_value();
    }
  };
  RunOn(loop, [&] {
    loop.Post(again);
    loop.PostAfter(absl::ZeroDuration(), [&] { tasks_before_timer = tasks; });
  });
  ASSERT_EQ(ended.get_future().wait_for(kPatience), std::future_status::ready);
  loop.Stop();
  EXPECT_GE(tasks_before_timer, 0) << "the timer waited for " << kEnough << " tasks";
  EXPECT_LE(tasks_before_timer, 2) << "a due timer runs between the tasks";
}

TEST(LoopThread, TakesTasksFromManyThreads) {
  const SystemClock clock;
  LoopThread loop("test", clock);
  constexpr int kThreads = 8;
  constexpr int kTasks = 500;
  int total = 0;
  std::vector<int> last(kThreads, -1);
  bool ordered = true;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kTasks; ++i) {
        loop.Post([&, t, i] {
          ordered = ordered && last[static_cast<size_t>(t)] == i - 1;
          last[static_cast<size_t>(t)] = i;
          ++total;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  loop.Stop();
  EXPECT_EQ(total, kThreads * kTasks);
  EXPECT_TRUE(ordered) << "each thread's tasks run in its order";
}

// The captures of a dropped task may post: no lock may be held while they are destroyed.
TEST(LoopThread, DestroysCancelledTasksWithoutItsLock) {
  struct PostsWhenDestroyed {
    LoopThread& loop;
    explicit PostsWhenDestroyed(LoopThread& l) : loop(l) {}
    ~PostsWhenDestroyed() {
      loop.Post([] {});
    }
  };
  const SystemClock clock;
  LoopThread loop("test", clock);
  const auto cancelled =
      loop.PostAfter(absl::Hours(1), [capture = std::make_unique<PostsWhenDestroyed>(loop)] {});
  EXPECT_TRUE(loop.Cancel(cancelled));
  loop.PostAfter(absl::Hours(1), [capture = std::make_unique<PostsWhenDestroyed>(loop)] {});
  loop.Stop();
}

}  // namespace
}  // namespace cxscribe
