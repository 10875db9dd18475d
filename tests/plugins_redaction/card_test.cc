#include "plugins/redaction/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Luhn, FailsWhenOneDigitOrTwoNeighboursAreWrong) {
  EXPECT_FALSE(LuhnHolds("4111111111111112"));
  EXPECT_FALSE(LuhnHolds("1411111111111111"));
  EXPECT_TRUE(LuhnHolds("4111111111111111"));
  EXPECT_TRUE(LuhnHolds("378282246310005"));
}

TEST(Issuer, KnowsPrefixAndLengthTogether) {
  EXPECT_FALSE(IssuerPlausible("41111111111111"));    // Visa has no 14
  EXPECT_FALSE(IssuerPlausible("3782822463100050"));  // American Express has only 15
  EXPECT_FALSE(IssuerPlausible("0000000000000000"));
  EXPECT_FALSE(IssuerPlausible("9999999999999999"));
  EXPECT_TRUE(IssuerPlausible("4111111111111111"));
  EXPECT_TRUE(IssuerPlausible("378282246310005"));
  EXPECT_TRUE(IssuerPlausible("5105105105105100"));
  EXPECT_TRUE(IssuerPlausible("2223003122003222"));
  EXPECT_TRUE(IssuerPlausible("6011111111111117"));
}

struct CardCase {
  std::string_view text;
  std::string_view under_span;
};

class CardForms : public ::testing::TestWithParam<CardCase> {};

TEST_P(CardForms, AreFoundExactly) {
  const std::string line = "customer: " + std::string(GetParam().text);
  EXPECT_THAT(Found({line}), ElementsAre("CREDIT_CARD " + std::string(GetParam().under_span)));
}

INSTANTIATE_TEST_SUITE_P(
    Written, CardForms,
    ::testing::Values(CardCase{"it's 4111111111111111 thanks", "4111111111111111"},
                      CardCase{"it's 4111 1111 1111 1111.", "4111 1111 1111 1111"},
                      CardCase{"4111-1111-1111-1111", "4111-1111-1111-1111"},
                      CardCase{"3782 822463 10005 ok", "3782 822463 10005"},
                      // no-break space, en dash and a zero-width space hide nothing
                      CardCase{"4111\xC2\xA0"
                               "1111\xE2\x80\x93"
                               "1111\xE2\x80\x8B"
                               "1111",
                               "4111\xC2\xA0"
                               "1111\xE2\x80\x93"
                               "1111\xE2\x80\x8B"
                               "1111"},
                      CardCase{"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
                               "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"}));

INSTANTIATE_TEST_SUITE_P(
    Spoken, CardForms,
    ::testing::Values(
        CardCase{"four one one one one one one one one one one one one one one one",
                 "four one one one one one one one one one one one one one one one"},
        CardCase{"Four one one one, one one one one. One one one one? one one one one.",
                 "Four one one one, one one one one. One one one one? one one one one"},
        CardCase{"forty one eleven eleven eleven eleven eleven eleven eleven",
                 "forty one eleven eleven eleven eleven eleven eleven eleven"},
        CardCase{
            "four triple one double one double one four ones no sorry it's four two four two four "
            "two four two four two four two four two four two",
            "four triple one double one double one four ones no sorry it's four two four two four "
            "two four two four two four two four two four two"},
        CardCase{"five one oh five one oh five one zero five one o five one double oh",
                 "five one oh five one oh five one zero five one o five one double oh"},
        CardCase{"double five double five triple five five um double five double five double four "
                 "double 4",
                 "double five double five triple five five um double five double five double four "
                 "double 4"},
        CardCase{"4111 then one one one one uh 1111 and the last four are one one one one",
                 "4111 then one one one one uh 1111 and the last four are one one one one"},
        CardCase{
            "twenty two twenty three double oh thirty one twenty two hundred thirty two twenty two",
            "twenty two twenty three double oh thirty one twenty two hundred thirty two twenty "
            "two"}));

TEST(CardAcrossSegments, WithBackchannelsOfTheOtherSpeaker) {
  EXPECT_THAT(Found({"customer: okay it's four one one one", "agent: mm hmm",
                     "customer: one one one one uh one one one one", "agent: got it go ahead",
                     "customer: and then one one one one"}),
              ElementsAre("CREDIT_CARD four one one one|one one one one uh one one one one|"
                          "one one one one"));
}

TEST(CardAcrossSegments, WithTheOtherSpeakerRepeatingEachPart) {
  EXPECT_THAT(Found({"customer: four two four two", "agent: four two four two",
                     "customer: four two four two", "agent: four two four two okay",
                     "customer: four two four two", "agent: yes", "customer: four two four two"}),
              ElementsAre("CREDIT_CARD four two four two|four two four two|four two four two|"
                          "four two four two|four two four two|four two four two"));
}

TEST(CardAcrossSegments, WithoutSpeakerLabels) {
  EXPECT_THAT(
      Found({": five one oh five", ": one oh five one", ": oh five one oh", ": five one oh oh"}),
      ElementsAre("CREDIT_CARD five one oh five|one oh five one|oh five one oh|five one oh oh"));
}

TEST(CardReadBack, IsFoundASecondTime) {
  EXPECT_THAT(
      Found({"customer: 4111 1111 1111 1111", "agent: so let me read that back to you",
             "agent: four one one one one one one one one one one one one one one one"}),
      ElementsAre("CREDIT_CARD 4111 1111 1111 1111",
                  "CREDIT_CARD four one one one one one one one one one one one one one one "
                  "one"));
}

TEST(CardMisheard, IsReportedWhereACardIsSpokenOf) {
  EXPECT_THAT(Found({"agent: what's the card number", "customer: 4111 1111 1111 1112"}),
              ElementsAre("CREDIT_CARD 4111 1111 1111 1112"));
  EXPECT_THAT(Found({"agent: what's the serial number", "customer: 4111 1111 1111 1112"}),
              IsEmpty());
}

// More figures in one piece than a card has, with no part that could be one.
TEST(CardPart, NeedsAtLeastOneItem) {
  Pulse pulse{{}};
  const Tokens tokens = Tokenise({{"", "my card number is 123456789012345678901234"}}, &pulse);
  for (const DigitRun& run : FindDigitRuns(tokens, &pulse)) {
    std::vector<Candidate> candidates;
    FindCardNumbers(run, &candidates);
    for (const Candidate& c : candidates) EXPECT_LT(c.first, c.last);
  }
}

TEST(CardCode, NeedsTheQuestionForIt) {
  EXPECT_THAT(Found({"customer: one two three"}), IsEmpty());
  EXPECT_THAT(Found({"agent: and the three digits on the back", "customer: one two three"}),
              ElementsAre("CARD_CVV one two three"));
  EXPECT_THAT(Found({"agent: the security code please", "customer: sure 1234"}),
              ElementsAre("CARD_CVV 1234"));
  EXPECT_THAT(Found({"agent: the four digits on the front as it's an american express",
                     "customer: okay 7 7 1 2"}),
              ElementsAre("CARD_CVV 7 7 1 2"));
}

TEST(CardCode, AndOthersAreNamedWithTheirVerbInOneWord) {
  EXPECT_THAT(Found({"customer: the cvv's four one nine and my pin's double six two one"}),
              ElementsAre("CARD_CVV four one nine", "PIN double six two one"));
  EXPECT_THAT(Found({"customer: the card's 4111 2222 3333", "agent: okay"}),
              ElementsAre("CREDIT_CARD 4111 2222 3333"));
  EXPECT_THAT(Found({"customer: sort code 60 16 13, and the account's 31926819"}),
              ElementsAre("ROUTING_NUMBER 60 16 13", "BANK_ACCOUNT 31926819"));
  EXPECT_THAT(Found({"customer: my card's expired and my account's locked since 2019"}), IsEmpty());
}

TEST(CardCode, IsACodeOfAnyNameWhereACardIsSpokenOf) {
  EXPECT_THAT(Found({"agent: which card is that", "customer: a visa", "agent: and the code",
                     "customer: four one nine"}),
              ElementsAre("CARD_CVV four one nine"));
  EXPECT_THAT(Found({"agent: the door and the code", "customer: four one nine"}), IsEmpty());
  EXPECT_THAT(Found({"agent: your card is on its way for that order and the code",
                     "customer: four one nine"}),
              IsEmpty());
}

// Of each of these a window passes the check by chance.
TEST(CardNumber, IsWholeThoughADigitWasMisheard) {
  EXPECT_THAT(Found({"customer: the card is four, double three, nine", "agent: yep",
                     "customer: eighty two, forty one", "agent: uh-huh",
                     "customer: nineteen oh six", "agent: and", "customer: seven seven one four"}),
              ElementsAre("CREDIT_CARD four, double three, nine|eighty two, forty one|"
                          "nineteen oh six|seven seven one four"));
  EXPECT_THAT(
      Found({"agent: your card number is five five five five four four four four one one one "
             "one two two two two",
             "customer: no the last four is two two two three"}),
      Contains(StartsWith("CREDIT_CARD five five five five four four four four one one one "
                          "one two two two two")));
}

TEST(CardNumber, IsNoPartOfALongerNumberOfAnOrder) {
  EXPECT_THAT(
      Found({"agent: order one one two dash four four oh seven seven one two dash nine nine one "
             "two three four five"}),
      IsEmpty());
}

TEST(CardExpiry, IsReadInFiguresAndInWords) {
  EXPECT_THAT(Found({"agent: and the expiration date", "customer: oh nine twenty seven"}),
              ElementsAre("CARD_EXPIRY oh nine twenty seven"));
  EXPECT_THAT(Found({"agent: when does it expire", "customer: 04/27"}),
              ElementsAre("CARD_EXPIRY 04/27"));
  EXPECT_THAT(Found({"agent: and the expiry", "customer: april twenty twenty seven"}),
              ElementsAre("CARD_EXPIRY april twenty twenty seven"));
  EXPECT_THAT(Found({"agent: and the expiry", "customer: ninety nine twenty seven"}), IsEmpty());
  EXPECT_THAT(Found({"agent: and the expiry", "customer: oh nine slash twenty seven"}),
              ElementsAre("CARD_EXPIRY oh nine slash twenty seven"));
  EXPECT_THAT(Found({"agent: and the expiry", "customer: nine of twenty seven"}),
              ElementsAre("CARD_EXPIRY nine of twenty seven"));
}

TEST(CardExpiry, HasAShortYearWhereItIsAskedFor) {
  EXPECT_THAT(Found({"agent: when does the card expire", "customer: june twenty six"}),
              ElementsAre("CARD_EXPIRY june twenty six"));
  EXPECT_THAT(Found({"agent: and the expiry", "customer: june of twenty six"}),
              ElementsAre("CARD_EXPIRY june of twenty six"));
  EXPECT_THAT(Found({"agent: this offer expires june twenty six"}), IsEmpty());
  EXPECT_THAT(Found({"agent: when does the offer expire", "agent: june twenty sixth"}), IsEmpty());
  EXPECT_THAT(Found({"agent: when does the offer expire", "agent: june twelve"}), IsEmpty());
}

TEST(CardScore, IsHigherWhereACardIsSpokenOf) {
  const auto score = [](const std::vector<std::string_view>& lines) {
    return Verify(Lines(lines), EntitySet::All(), {}).at(0).verdict.score;
  };
  EXPECT_GT(score({"a: the card is 4111 1111 1111 1111"}), score({"a: it is 4111 1111 1111 1111"}));
  EXPECT_THAT(Found({"a: 4111 1111 1111 1111"}), Not(Contains(StartsWith("PHONE"))));
}

}  // namespace
}  // namespace cxscribe::redaction
