#include "server/telemetry/trace.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(uint64_t value) : value_(value) {}
  uint64_t Next() override { return value_; }

 private:
  const uint64_t value_;
};

TEST(ParseTraceparent, RefusesWhatTheSpecificationCallsInvalid) {
  const std::string good = kParent;
  ASSERT_TRUE(ParseTraceparent(good).has_value());
  EXPECT_FALSE(ParseTraceparent(""));
  EXPECT_FALSE(ParseTraceparent("garbage"));
  EXPECT_FALSE(ParseTraceparent(good.substr(0, 54)));
  EXPECT_FALSE(ParseTraceparent(good + "-more")) << "version 00 has no more parts";
  EXPECT_FALSE(ParseTraceparent("ff" + good.substr(2)));
  EXPECT_FALSE(ParseTraceparent("0g" + good.substr(2)));
  EXPECT_FALSE(ParseTraceparent("00_" + good.substr(3)));
  EXPECT_FALSE(ParseTraceparent("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"))
      << "upper case";
  EXPECT_FALSE(ParseTraceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  EXPECT_FALSE(ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
  EXPECT_FALSE(ParseTraceparent(good.substr(0, 53) + "zz"));
}

TEST(ParseTraceparent, FindsTheTraceId) { EXPECT_EQ(ParseTraceparent(kParent), kTraceId); }

TEST(ParseTraceparent, ReadsTheKnownPartsOfALaterVersion) {
  const std::string later = "cc" + std::string(kParent).substr(2);
  EXPECT_EQ(ParseTraceparent(later), kTraceId);
  EXPECT_EQ(ParseTraceparent(later + "-what-the-future-holds"), kTraceId);
  EXPECT_FALSE(ParseTraceparent(later + "x"));
}

TEST(TraceIdFor, MakesANewIdWhereTheCallerSentNone) {
  SeededRandom random(1);
  const std::string first = TraceIdFor("", random);
  const std::string second = TraceIdFor("garbage", random);
  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(first, second);
  EXPECT_EQ(TraceIdFor(kParent, random), kTraceId);
}

TEST(NewTraceId, IsNeverAllZero) {
  FixedRandom random(0);
  EXPECT_EQ(NewTraceId(random), "00000000000000000000000000000001");
}

}  // namespace
}  // namespace cxscribe
