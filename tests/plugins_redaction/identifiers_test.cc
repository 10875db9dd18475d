// Identifiers of letters and digits: vehicles, passports, licences, national and medical numbers.
#include "plugins/redaction/identifiers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

TEST(Vin, NeedsItsCheckDigit) {
  EXPECT_FALSE(VinHolds("1hgcm82630a004352"));
  EXPECT_FALSE(VinHolds("1hgcm82690a00435"));
  EXPECT_FALSE(VinHolds("ihgcm82690a004352"));
  EXPECT_TRUE(VinHolds("1hgcm82690a004352"));
  EXPECT_TRUE(VinHolds("wvwzzz1jxyw000007"));
}

TEST(Nino, HasAPrefixThatIsIssued) {
  EXPECT_FALSE(NinoPlausible("dq123456c"));
  EXPECT_FALSE(NinoPlausible("bg123456c"));
  EXPECT_FALSE(NinoPlausible("ab123456e"));
  EXPECT_FALSE(NinoPlausible("ab12345c"));
  EXPECT_TRUE(NinoPlausible("ab123456c"));
}

TEST(Nhs, NeedsItsCheckDigit) {
  EXPECT_FALSE(NhsHolds("9434765918"));
  EXPECT_FALSE(NhsHolds("943476591"));
  EXPECT_TRUE(NhsHolds("9434765919"));
}

class Identifier : public ::testing::TestWithParam<Call> {};

TEST_P(Identifier, IsFoundExactly) { EXPECT_EQ(Found(GetParam().lines), GetParam().found); }

INSTANTIATE_TEST_SUITE_P(
    Nothing, Identifier,
    ::testing::Values(Call{{"a: part number ab4471982"}, {}},
                      Call{{"a: the passport office opens at nine"}, {}},
                      Call{{"b: i got my license in nineteen ninety nine"}, {}},
                      Call{{"a: he has a lot on his plate in 2024"}, {}},
                      Call{{"a: a b c d e f g"}, {}}, Call{{"a: i a m fine"}, {}},
                      Call{{"b: mike and oscar went to lima in november"}, {}},
                      Call{{"a: your group number two is waiting"}, {}},
                      Call{{"a: gym membership number", "b: 44198207"}, {}},
                      Call{{"a: the policy number is 77120934"}, {}},
                      Call{{"b: seat 14c and gate b22 at 3pm on the 3rd"}, {}},
                      Call{{"a: booking code x y four four one nine"}, {}}));

INSTANTIATE_TEST_SUITE_P(
    Vehicle, Identifier,
    ::testing::Values(
        Call{{"b: it's 1HGCM82690A004352"}, {"VEHICLE_ID 1HGCM82690A004352"}},
        Call{{"a: the vin please", "b: one h g c m, eight two six nine",
              "b: zero alpha zero zero four three five two"},
             {"VEHICLE_ID one h g c m, eight two six nine|zero alpha zero zero four three five "
              "two"}},
        // One character misheard.
        Call{{"a: vehicle identification number", "b: 1HGCM82630A004352"},
             {"VEHICLE_ID 1HGCM82630A004352"}},
        Call{{"a: what's your license plate", "b: a b c one two three four"},
             {"LICENSE_PLATE a b c one two three four"}},
        Call{{"b: my plate number is ABC 1234"}, {"LICENSE_PLATE ABC 1234"}},
        Call{{"b: the reg is w x nine zero e z y"}, {"LICENSE_PLATE w x nine zero e z y"}},
        Call{{"a: the number plate", "b: w x nine zero e as in echo z for zulu y"},
             {"LICENSE_PLATE w x nine zero e as in echo z for zulu y"}}));

INSTANTIATE_TEST_SUITE_P(
    InParts, Identifier,
    ::testing::Values(
        Call{{"a: what's the license plate", "b: yeah kfd", "a: go ahead", "b: 2931",
              "a: your ticket number is 77120934"},
             {"LICENSE_PLATE kfd|2931"}},
        Call{{"a: the vehicle registration please", "b: um, LRD, 4471"},
             {"LICENSE_PLATE LRD, 4471"}},
        Call{{"a: the number plate", "b: x-ray f x as in x-ray two nine three one"},
             {"LICENSE_PLATE x-ray f x as in x-ray two nine three one"}},
        Call{{"a: the vin please", "b: 1HG uh CMHJ and then 82690A004352"},
             {"VEHICLE_ID 1HG uh CMHJ and then 82690A004352"}},
        // Seventeen characters of two answers are no vehicle number, whatever their check digit.
        Call{{"a: what's your insurance id", "b: a c m eight two six three oh oh oh four"},
             {"HEALTH_PLAN a c m eight two six three oh oh oh four"}}));

INSTANTIATE_TEST_SUITE_P(
    Bank, Identifier,
    ::testing::Values(Call{{"a: do you have the swift code", "b: that is what they call it"}, {}},
                      Call{{"a: the bic please", "b: k o r a d e f four"},
                           {"SWIFT_CODE k o r a d e f four"}},
                      Call{{"b: the swift code is KORA, DEF4 500"}, {"SWIFT_CODE KORA, DEF4 500"}},
                      Call{{"a: and the bic", "b: um kora", "a: okay", "b: def4 please"},
                           {"SWIFT_CODE kora|def4"}}));

INSTANTIATE_TEST_SUITE_P(
    Papers, Identifier,
    ::testing::Values(
        Call{{"a: your passport number",
              "b: it's c as in charlie zero one two three four five six "
              "seven"},
             {"PASSPORT c as in charlie zero one two three four five six seven"}},
        Call{{"b: passport 512347761"}, {"PASSPORT 512347761"}},
        Call{{"a: driver's license number please", "b: d four four one nine eight two oh"},
             {"DRIVER_LICENSE d four four one nine eight two oh"}},
        Call{{"b: license is w four two six five four five three oh seven six one"},
             {"DRIVER_LICENSE w four two six five four five three oh seven six one"}},
        Call{{"b: my driving licence is MORGA753116SM9IJ"}, {"DRIVER_LICENSE MORGA753116SM9IJ"}},
        Call{{"b: AB123456C"}, {"NATIONAL_ID AB123456C"}},
        Call{{"a: national insurance number",
              "b: alpha bravo, twelve thirty four fifty six, "
              "charlie"},
             {"NATIONAL_ID alpha bravo, twelve thirty four fifty six, charlie"}}));

INSTANTIATE_TEST_SUITE_P(
    Medical, Identifier,
    ::testing::Values(
        Call{{"a: can i take your nhs number", "b: 943 476 5919"}, {"NATIONAL_ID 943 476 5919"}},
        Call{{"a: do you have your medical record number", "b: m r four four one nine eight"},
             {"MEDICAL_RECORD m r four four one nine eight"}},
        Call{{"b: mrn 00441982"}, {"MEDICAL_RECORD 00441982"}},
        Call{{"a: which health insurance do you have and what's the member id",
              "b: x e h nine four four one nine eight two oh"},
             {"HEALTH_PLAN x e h nine four four one nine eight two oh"}},
        Call{{"a: your member id with that health insurance", "b: a c m eight two six three oh"},
             {"HEALTH_PLAN a c m eight two six three oh"}},
        Call{{"b: my medicare number is 1EG4-TE5-MK73"}, {"HEALTH_PLAN 1EG4-TE5-MK73"}},
        // What was asked for is known again in the read-back.
        Call{{"a: the member id on your insurance card", "b: x e h nine four four one",
              "a: alright give me one second to bring it up so i have",
              "a: x e h nine four four one is that right"},
             {"HEALTH_PLAN x e h nine four four one", "HEALTH_PLAN x e h nine four four one"}}));

}  // namespace
}  // namespace cxscribe::redaction
