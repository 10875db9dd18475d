// ThreadPool: the bounded queue, draining, and stopping.
#include "server/base/thread_pool.h"

#include <atomic>
#include <latch>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

TEST(ThreadPool, RefusesWhatItsQueueCannotHold) {
  std::latch started(1);
  std::latch held(1);
  std::atomic<int> ran = 0;
  ThreadPool pool("test", 1, 2);
  ASSERT_TRUE(pool.TryPost([&] {
    started.count_down();
    held.wait();
  }));
  started.wait();  // the thread is busy, the queue is empty
  EXPECT_TRUE(pool.TryPost([&ran] { ++ran; }));
  EXPECT_TRUE(pool.TryPost([&ran] { ++ran; }));
  EXPECT_FALSE(pool.TryPost([&ran] { ran += 100; }));
  held.count_down();
  pool.Stop();
  EXPECT_EQ(ran, 2) << "what was queued ran, what was refused did not";
}

TEST(ThreadPool, RefusesNewWorkOnceStopped) {
  ThreadPool pool("test", 2, 10);
  pool.Stop();
  pool.Stop();  // idempotent
  EXPECT_FALSE(pool.TryPost([] { FAIL() << "ran after Stop"; }));
}

TEST(ThreadPool, FinishesWhatIsQueuedBeforeItIsDestroyed) {
  std::atomic<int> ran = 0;
  {
    ThreadPool pool("test", 2, 1000);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(pool.TryPost([&ran] { ++ran; }));
    }
  }
  EXPECT_EQ(ran, 1000);
}

TEST(ThreadPool, RunsAsManyTasksAtOnceAsItHasThreads) {
  constexpr int kThreads = 3;
  std::latch all_running(kThreads);  // opens only if all run at the same time
  ThreadPool pool("test", kThreads, 10);
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(pool.TryPost([&all_running] { all_running.arrive_and_wait(); }));
  }
  all_running.wait();
}

TEST(ThreadPool, TakesWorkFromManyThreadsAndLosesNone) {
  std::atomic<int> accepted = 0;
  std::atomic<int> ran = 0;
  {
    ThreadPool pool("test", 2, 16);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          if (pool.TryPost([&ran] { ++ran; })) ++accepted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(ran, accepted);
}

TEST(ThreadPool, DropsARefusedTaskAtOnce) {
  ThreadPool pool("test", 1, 1);
  pool.Stop();
  auto captured = std::make_shared<int>(0);
  EXPECT_FALSE(pool.TryPost([captured] {}));
  EXPECT_EQ(captured.use_count(), 1);
}

}  // namespace
}  // namespace cxscribe
