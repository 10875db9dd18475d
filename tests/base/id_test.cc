// ULIDs: their form, and that they rise whatever the clock does.
#include "server/base/id.h"

#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(uint64_t value) : value_(value) {}
  uint64_t Next() override { return value_; }

 private:
  const uint64_t value_;
};

class SettableClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now;
};

TEST(UlidGenerator, EncodesTheTimeAsTheSpecificationDoes) {
  SettableClock clock;
  // The specification's example: 01ARYZ6S41 is 1469918176385 ms.
  clock.now = absl::FromUnixMillis(1'469'918'176'385);
  FixedRandom random(0);
  EXPECT_EQ(UlidGenerator(clock, random).Next(), "01ARYZ6S410000000000000000");
}

TEST(UlidGenerator, UsesEightyRandomBits) {
  SettableClock clock;
  clock.now = absl::FromUnixMillis(0) + absl::Milliseconds(1);
  FixedRandom random(~uint64_t{0});
  EXPECT_EQ(UlidGenerator(clock, random).Next(), "0000000001ZZZZZZZZZZZZZZZZ");
}

TEST(UlidGenerator, RisesWithinAMillisecond) {
  SettableClock clock;
  clock.now = absl::FromUnixSeconds(1'705'312'800);
  SeededRandom random(1);
  UlidGenerator generator(clock, random);
  std::string last = generator.Next();
  for (int i = 0; i < 1000; ++i) {
    const std::string next = generator.Next();
    EXPECT_LT(last, next);
    last = next;
  }
}

TEST(UlidGenerator, RisesWhenTheClockStepsBack) {
  SettableClock clock;
  clock.now = absl::FromUnixSeconds(1'705'312'800);
  SeededRandom random(1);
  UlidGenerator generator(clock, random);
  const std::string first = generator.Next();
  clock.now -= absl::Hours(1);
  const std::string second = generator.Next();
  EXPECT_LT(first, second);
  clock.now += absl::Hours(2);
  EXPECT_LT(second, generator.Next());
}

// All 80 bits set: the next id of the same millisecond has to carry into the time.
TEST(UlidGenerator, CarriesIntoTheTimeWhenAMillisecondIsUsedUp) {
  SettableClock clock;
  clock.now = absl::FromUnixMillis(1);
  FixedRandom random(~uint64_t{0});
  UlidGenerator generator(clock, random);
  EXPECT_EQ(generator.Next(), "0000000001ZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(generator.Next(), "00000000020000000000000000");
}

TEST(UlidGenerator, DoesNotRepeatAcrossThreads) {
  const SystemClock clock;
  SeededRandom random(1);
  UlidGenerator generator(clock, random);
  constexpr size_t kThreads = 4;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&generator, &mine = made[t]] {
      for (int i = 0; i < 2000; ++i) mine.push_back(generator.Next());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::unordered_set<std::string> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), kThreads * 2000);
}

TEST(IsJobId, TakesWhatTheGeneratorMakes) {
  const SystemClock clock;
  SystemRandom random;
  UlidGenerator generator(clock, random);
  EXPECT_TRUE(IsJobId("job_" + generator.Next()));
}

TEST(IsJobId, RefusesEverythingElse) {
  const std::string ulid = "01ARYZ6S410000000000000000";
  ASSERT_TRUE(IsJobId("job_" + ulid));
  EXPECT_FALSE(IsJobId(""));
  EXPECT_FALSE(IsJobId("job_"));
  EXPECT_FALSE(IsJobId(ulid));
  EXPECT_FALSE(IsJobId("txn_" + ulid));
  EXPECT_FALSE(IsJobId("JOB_" + ulid));
  EXPECT_FALSE(IsJobId("job_" + ulid + "0"));
  EXPECT_FALSE(IsJobId("job_" + ulid.substr(1)));
  EXPECT_FALSE(IsJobId("job_01aryz6s410000000000000000")) << "lower case";
  EXPECT_FALSE(IsJobId("job_01ARYZ6S41000000000000000I")) << "no I in the alphabet";
  EXPECT_FALSE(IsJobId("job_81ARYZ6S410000000000000000")) << "above 128 bits";
  EXPECT_FALSE(IsJobId(std::string("job_01ARYZ6S41000000000000000\0", 30)));
}

}  // namespace
}  // namespace cxscribe
