#include "plugins/punctuation/features.h"

#include <gtest/gtest.h>

namespace cxscribe::punctuation {
namespace {

constexpr Buckets kBuckets{64, 128};

TEST(Features, DigitsAreAllTheSame) {
  EXPECT_EQ(LookupForm("q4"), "q0");
  EXPECT_EQ(LookupForm("2019"), LookupForm("1987"));
  EXPECT_EQ(LookupForm("call"), "call");
}

TEST(Features, WordsHaveTheIdOfTheirPlace) {
  const Vocabulary vocabulary({"the", "call"});
  EXPECT_EQ(vocabulary.IdOf("the"), kFirstKnownWord);
  EXPECT_EQ(vocabulary.IdOf("call"), kFirstKnownWord + 1);
  EXPECT_EQ(vocabulary.IdOf("calls"), kUnknownWord);
  EXPECT_EQ(vocabulary.IdOf(""), kUnknownWord);
}

TEST(Features, AVocabularyMayBeMoved) {
  Vocabulary first({"a", "b"});
  const Vocabulary second(std::move(first));
  EXPECT_EQ(second.IdOf("b"), kFirstKnownWord + 1);
}

TEST(Features, UnknownWordsAreKnownByTheirEnds) {
  const Vocabulary vocabulary;
  const Features booking = FeaturesOf("booking", vocabulary, kBuckets);
  const Features bookish = FeaturesOf("bookish", vocabulary, kBuckets);
  EXPECT_EQ(booking.word, kUnknownWord);
  EXPECT_EQ(booking.begin, bookish.begin);
  EXPECT_EQ(FeaturesOf("walking", vocabulary, kBuckets).end, booking.end);
}

TEST(Features, StayWithinTheirBuckets) {
  const Vocabulary vocabulary;
  for (const std::string word : {"", "a", "ab", "abcd", "\xC3\xA9t\xC3\xA9", "'"}) {
    const Features features = FeaturesOf(word, vocabulary, kBuckets);
    EXPECT_LT(features.begin, kBuckets.affixes);
    EXPECT_LT(features.end, kBuckets.affixes);
    EXPECT_LT(PairBucket(word, "next", kBuckets), kBuckets.pairs);
  }
}

TEST(Features, APairHasAnOrder) {
  constexpr Buckets kMany{64, 1U << 20};
  EXPECT_NE(PairBucket("not", "is", kMany), PairBucket("is", "not", kMany));
}

// The file depends on it: other hashes would need another model.
TEST(Features, HashesAreThoseOfTheModel) {
  constexpr Buckets kAll{0xFFFFFFFF, 0xFFFFFFFF};
  EXPECT_EQ(PairBucket("", "", kAll), 0x250C8F7FU);
}

}  // namespace
}  // namespace cxscribe::punctuation
