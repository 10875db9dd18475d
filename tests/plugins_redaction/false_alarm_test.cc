// What must not be reported. Failure cases first: a verifier that cries wolf gets switched off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::IsEmpty;

class NotReported : public ::testing::TestWithParam<std::vector<std::string_view>> {};

TEST_P(NotReported, LeavesTheTextAlone) { EXPECT_THAT(Found(GetParam()), IsEmpty()); }

INSTANTIATE_TEST_SUITE_P(
    Amounts, NotReported,
    ::testing::Values(
        std::vector<std::string_view>{
            "agent: that is one thousand two hundred and sixty four dollars"},
        std::vector<std::string_view>{"agent: your balance is $4,111,111,111,111,111.00"},
        std::vector<std::string_view>{"agent: that's twelve fifty dollars and forty cents"},
        std::vector<std::string_view>{"agent: three hundred and eighty nine thousand nine hundred"},
        std::vector<std::string_view>{"agent: your phone bill is 555 0147 dollars"}));

INSTANTIATE_TEST_SUITE_P(
    DatesAndTimes, NotReported,
    ::testing::Values(
        std::vector<std::string_view>{
            "agent: it was on march third twenty twenty four at six forty"},
        std::vector<std::string_view>{"agent: from 2024-01-15 to 2024-02-15"},
        std::vector<std::string_view>{"agent: they open at nine and close at five thirty p m"},
        std::vector<std::string_view>{"customer: my phone broke on 12/26/2023"},
        std::vector<std::string_view>{"agent: three to five business days on your card"}));

INSTANTIATE_TEST_SUITE_P(
    OtherNumbers, NotReported,
    ::testing::Values(
        // Seven digits, and the nearest cue says an order.
        std::vector<std::string_view>{"agent: about your phone do you have the order number",
                                      "customer: it's three one oh seven five five two"},
        std::vector<std::string_view>{
            "agent: your confirmation is four four one seven two oh five"},
        std::vector<std::string_view>{"agent: the tracking number is 2125550147"},
        std::vector<std::string_view>{"agent: case number 987654321"},
        std::vector<std::string_view>{"customer: file number two two nine oh four one six"},
        // Sixteen digits whose check digit does not hold, and nobody speaks of a card.
        std::vector<std::string_view>{"agent: the serial number is 4111 1111 1111 1112"},
        // The check digit holds, but no issuer begins with 1.
        std::vector<std::string_view>{"agent: reference 1111 1111 1111 1117"},
        // Nine digits that an order has.
        std::vector<std::string_view>{"agent: the order number is 021000021"},
        // Letters among the digits make a code of it.
        std::vector<std::string_view>{"agent: d zero six six one b two two nine oh one four"},
        std::vector<std::string_view>{"agent: part number ab4111111111111111"}));

INSTANTIATE_TEST_SUITE_P(
    Masks, NotReported,
    ::testing::Values(std::vector<std::string_view>{"customer: it's [CREDIT_CARD]"},
                      std::vector<std::string_view>{"customer: it's [CREDIT_CARD] one one one one"},
                      std::vector<std::string_view>{
                          "customer: my social is ***-**-**** and my cell is <PHONE>"},
                      std::vector<std::string_view>{"agent: the security code", "customer: ***",
                                                    "agent: the balance of nine hundred stays"},
                      std::vector<std::string_view>{"customer: {{email}} at example dot com"}));

INSTANTIATE_TEST_SUITE_P(
    Talk, NotReported,
    ::testing::Values(std::vector<std::string_view>{"agent: oh oh oh okay"},
                      std::vector<std::string_view>{"customer: look at amazon dot com"},
                      std::vector<std::string_view>{"agent: visit us at example dot com"},
                      std::vector<std::string_view>{
                          "customer: i have one for you and two for me and one for him"},
                      std::vector<std::string_view>{
                          "agent: the card has sixteen digits and the code has three"},
                      std::vector<std::string_view>{"agent: one moment one second one moment"},
                      std::vector<std::string_view>{"customer: i was born in ohio"},
                      std::vector<std::string_view>{"x: "}, std::vector<std::string_view>{}));

TEST(NotReportedBetweenTopics, NumbersOfTwoTopicsDoNotRunTogether) {
  EXPECT_THAT(Found({"agent: the first part is four one one one one one one one",
                     "customer: i also wanted to ask about the other invoice",
                     "agent: the second part is one one one one one one one one"}),
              IsEmpty());
}

}  // namespace
}  // namespace cxscribe::redaction
