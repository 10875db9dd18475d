// Routing numbers and sort codes, account numbers, PINs, IBANs and the codes of banks.
#include "plugins/redaction/bank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/redaction/iban.h"
#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

TEST(RoutingNumber, NeedsItsCheckDigitAndAnAssignedPrefix) {
  EXPECT_FALSE(RoutingNumberHolds("121000359"));
  EXPECT_FALSE(RoutingNumberHolds("000000000"));
  EXPECT_FALSE(RoutingNumberHolds("500000005"));  // no such prefix
  EXPECT_FALSE(RoutingNumberHolds("12100035"));
  EXPECT_TRUE(RoutingNumberHolds("121000358"));
  EXPECT_TRUE(RoutingNumberHolds("026009593"));
}

TEST(Iban, NeedsItsCheckDigitsAndItsCountrysLength) {
  EXPECT_FALSE(IbanHolds("gb29nwbk60161331926818"));
  EXPECT_FALSE(IbanHolds("gb29nwbk6016133192681"));
  EXPECT_FALSE(IbanHolds("us29nwbk60161331926819"));
  EXPECT_FALSE(IbanHolds("gb"));
  EXPECT_TRUE(IbanHolds("gb29nwbk60161331926819"));
  EXPECT_TRUE(IbanHolds("de89370400440532013000"));
}

TEST(SwiftCode, HasFourLettersAndACountry) {
  EXPECT_FALSE(SwiftPlausible("deutzzff"));
  EXPECT_FALSE(SwiftPlausible("deutdeff5"));
  EXPECT_FALSE(SwiftPlausible("d3utdeff"));
  EXPECT_TRUE(SwiftPlausible("deutdeff"));
  EXPECT_TRUE(SwiftPlausible("deutdeff500"));
}

class Bank : public ::testing::TestWithParam<Call> {};

TEST_P(Bank, IsFoundExactly) { EXPECT_EQ(Found(GetParam().lines), GetParam().found); }

INSTANTIATE_TEST_SUITE_P(
    Nothing, Bank,
    ::testing::Values(Call{{"a: the order number is 121000358"}, {}},
                      Call{{"a: your customer account number is 4471 983"}, {}},
                      Call{{"b: transfer 5000 to my savings account"}, {}},
                      Call{{"b: i opened the account in 2014"}, {}},
                      Call{{"a: about your account we charged nineteen ninety nine in march"}, {}},
                      Call{{"a: your account is overdrawn by 545480.96"}, {}},
                      Call{{"a: the store at 32780-2541 has routing slips"}, {}},
                      Call{{"a: do you know your pin", "b: i got it at four forty five"}, {}},
                      Call{{"a: we need to pin down 4471 cases"}, {}},
                      Call{{"b: the swift response was helpful and kind"}, {}},
                      Call{{"a: swift code", "b: i have no idea whatever"}, {}},
                      Call{{"a: flight de89 leaves at 3704"}, {}}));

INSTANTIATE_TEST_SUITE_P(
    Routing, Bank,
    ::testing::Values(
        Call{{"a: what's the routing number", "b: one two one, oh oh oh, three five eight"},
             {"ROUTING_NUMBER one two one, oh oh oh, three five eight"}},
        Call{{"b: 026009593"}, {"ROUTING_NUMBER 026009593"}},
        Call{{"a: and the a b a", "b: sure"}, {}},
        // A misheard digit.
        Call{{"a: the routing number please", "b: um 026009594"}, {"ROUTING_NUMBER 026009594"}},
        Call{{"a: routing and account number please",
              "b: the routing is 312017367 and the account is 88 214 557"},
             {"ROUTING_NUMBER 312017367", "BANK_ACCOUNT 88 214 557"}},
        Call{{"a: routing number and then the account number",
              "b: zero two six, double zero nine, five nine three", "a: okay",
              "b: then four four one nine eight two"},
             {"ROUTING_NUMBER zero two six, double zero nine, five nine three",
              "BANK_ACCOUNT four four one nine eight two"}},
        Call{{"a: what's the sort code", "b: twenty forty sixty"},
             {"ROUTING_NUMBER twenty forty sixty"}},
        Call{{"b: sort code 20-40-60 account number 13371337"},
             {"ROUTING_NUMBER 20-40-60", "BANK_ACCOUNT 13371337"}}));

INSTANTIATE_TEST_SUITE_P(
    Account, Bank,
    ::testing::Values(
        Call{{"a: can i have your account number", "b: it's four four one nine eight two oh seven"},
             {"BANK_ACCOUNT four four one nine eight two oh seven"}},
        Call{{"b: account 5632 please"}, {"BANK_ACCOUNT 5632"}},
        Call{{"b: please move it to account 9911"}, {"BANK_ACCOUNT 9911"}},
        Call{{"b: 64261 is my savings account"}, {"BANK_ACCOUNT 64261"}},
        Call{{"a: your checking account number please", "b: hang on",
              "b: eight eight two no wait eight eight three five five one"},
             {"BANK_ACCOUNT eight eight two no wait eight eight three five five one"}},
        // The answer has been given; what follows is a price.
        Call{{"a: account number", "b: 44198207", "a: thanks that leaves 4500 to pay"},
             {"BANK_ACCOUNT 44198207"}}));

INSTANTIATE_TEST_SUITE_P(Pin, Bank,
                         ::testing::Values(Call{{"a: please say your pin", "b: four four one nine"},
                                                {"PIN four four one nine"}},
                                           Call{{"b: my p i n is 8214"}, {"PIN 8214"}},
                                           Call{{"a: what's your four digit pin",
                                                 "b: forty four nineteen"},
                                                {"PIN forty four nineteen"}}));

INSTANTIATE_TEST_SUITE_P(
    IbanAndSwift, Bank,
    ::testing::Values(
        Call{{"b: send it to GB29 NWBK 6016 1331 9268 19 today"},
             {"IBAN GB29 NWBK 6016 1331 9268 19"}},
        Call{{"b: DE89370400440532013000"}, {"IBAN DE89370400440532013000"}},
        Call{
            {"b: it's d e eight nine, three seven oh four, double oh four four, oh five three two, "
             "oh one three oh, double oh"},
            {"IBAN d e eight nine, three seven oh four, double oh four four, oh five three two, oh "
             "one three oh, double oh"}},
        Call{{"a: the iban please", "b: golf bravo two nine", "a: okay",
              "b: november whiskey bravo kilo", "b: six oh one six one three three one",
              "b: nine two six eight one nine"},
             {"IBAN golf bravo two nine|november whiskey bravo kilo|six oh one six one three three "
              "one|nine two six eight one nine"}},
        // One digit misheard.
        Call{{"a: and your iban", "b: de 89 3704 0044 0532 0130 09"},
             {"IBAN de 89 3704 0044 0532 0130 09"}},
        Call{{"a: what is the swift code", "b: it's DEUTDEFF"}, {"SWIFT_CODE DEUTDEFF"}},
        Call{{"a: and the bic", "b: d e u t d e f f five hundred"},
             {"SWIFT_CODE d e u t d e f f five hundred"}}));

}  // namespace
}  // namespace cxscribe::redaction
