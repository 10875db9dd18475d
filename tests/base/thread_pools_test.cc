// Work of one key never waits for another's.
#include "server/base/thread_pools.h"

#include <future>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

// A key's threads, all held until it is let go.
class Held {
 public:
  Held(ThreadPools& pools, const std::string& key, int threads) {
    for (int i = 0; i < threads; ++i) {
      EXPECT_TRUE(pools.TryPost(key, [released = released_] { released.wait(); }));
    }
  }
  ~Held() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

void ExpectRuns(ThreadPools& pools, const std::string& key) {
  std::promise<void> ran;
  ASSERT_TRUE(pools.TryPost(key, [&ran] { ran.set_value(); }));
  ran.get_future().wait();
}

TEST(ThreadPools, WhatHoldsOnesThreadsHoldsUpNobodyElse) {
  ThreadPools pools("test", 2, 10);
  const Held held(pools, "stuck", 6);
  ExpectRuns(pools, "other");
  EXPECT_TRUE(pools.TryPost("other", [] {}));
}

TEST(ThreadPools, EachKeysQueueIsBounded) {
  ThreadPools pools("test", 1, 2);
  const Held held(pools, "stuck", 1);
  int taken = 0;
  while (taken < 100 && pools.TryPost("stuck", [] {})) ++taken;
  // The thread may have taken its task out of the queue already, or not.
  EXPECT_LE(taken, 2);
}

TEST(ThreadPools, KeysBeyondTheBoundShareOnePool) {
  ThreadPools pools("test", 1, 1'000);
  for (size_t i = 0; i < 3 * ThreadPools::kMostPools; ++i) {
    ExpectRuns(pools, absl::StrCat("key", i));
  }
}

TEST(ThreadPools, AStoppedOneFinishesWhatItHasAndTakesNothing) {
  ThreadPools pools("test", 1, 10);
  int ran = 0;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(pools.TryPost("a", [&ran] { ++ran; }));
  pools.Stop();
  EXPECT_EQ(ran, 5);
  EXPECT_FALSE(pools.TryPost("a", [] {}));
  EXPECT_FALSE(pools.TryPost("b", [] {}));
}

}  // namespace
}  // namespace cxscribe
