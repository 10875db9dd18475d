// Numbers that are corrected, repeated, interrupted and asked for: how whole calls are read.
#include "plugins/redaction/readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

class Reading : public ::testing::TestWithParam<Call> {};

TEST_P(Reading, IsFoundExactly) { EXPECT_EQ(Found(GetParam().lines), GetParam().found); }

// The corrected digits replace the wrong ones, and the wrong ones are masked too.
INSTANTIATE_TEST_SUITE_P(
    Corrected, Reading,
    ::testing::Values(
        Call{{"a: what's your social",
              "b: four five six no wait four five seven twelve thirty four five six"},
             {"SSN four five six no wait four five seven twelve thirty four five six"}},
        Call{{"b: the card is four one one one one one one one one one one one one one one two "
              "sorry one"},
             {"CREDIT_CARD four one one one one one one one one one one one one one one two sorry "
              "one"}},
        Call{{"b: my cell is two one two five five five scratch that five five six oh one four "
              "seven"},
             {"PHONE two one two five five five scratch that five five six oh one four seven"}},
        Call{{"a: card number please", "b: four one one one", "b: sorry that's four two four two",
              "b: four two four two four two four two four two four two"},
             {"CREDIT_CARD four one one one|four two four two|four two four two four two four two "
              "four two four two"}}));

INSTANTIATE_TEST_SUITE_P(
    Echoed, Reading,
    ::testing::Values(
        // "sixty eight" is the next part, and then its echo.
        Call{{"a: your social", "b: two sixty eight", "b: sixty eight", "a: sixty eight",
              "b: thirty four oh nine"},
             {"SSN two sixty eight|sixty eight|sixty eight|thirty four oh nine"}},
        Call{{"a: routing number", "b: oh two six", "a: oh two six", "b: oh oh nine", "a: okay",
              "b: five nine three"},
             {"ROUTING_NUMBER oh two six|oh two six|oh oh nine|five nine three"}}));

// The question decides what the answer is.
INSTANTIATE_TEST_SUITE_P(
    Asked, Reading,
    ::testing::Values(
        Call{{"a: can i get the last four", "b: sure 4419"}, {"SSN 4419"}},
        Call{{"a: is it the card ending in 4242", "b: yes"}, {}},
        Call{{"a: and the pin on that card", "b: 4419"}, {"PIN 4419"}},
        Call{{"a: and the expiration date", "b: oh nine twenty nine",
              "a: and the three on the back", "b: four one nine"},
             {"CARD_EXPIRY oh nine twenty nine", "CARD_CVV four one nine"}},
        Call{{"a: what phone number is on the account",
              "b: two one two five five five oh one four "
              "seven"},
             {"PHONE two one two five five five oh one four seven"}},
        Call{{"a: may i take your social", "b: is it safe to say that on the phone", "a: it is",
              "b: two one nine", "b: oh nine", "b: nine nine nine nine"},
             {"SSN two one nine|oh nine|nine nine nine nine"}},
        Call{{"a: order number please", "b: four four one nine eight two oh seven five one"}, {}},
        Call{{"a: how much was it", "b: four four one nine dollars"}, {}},
        Call{{"a: when was the account opened", "b: in nineteen ninety nine"}, {}}));

// A word that was heard for a digit, in a number that was asked for and is not complete.
INSTANTIATE_TEST_SUITE_P(
    Misheard, Reading,
    ::testing::Values(Call{{"a: the social please", "b: two one hive oh nine nine nine nine nine"},
                           {"SSN two one hive oh nine nine nine nine nine"}},
                      Call{
                          {"b: that model was made from nineteen eighty two to nineteen ninety one",
                           "a: your social security number"},
                          {}}));

}  // namespace
}  // namespace cxscribe::redaction
