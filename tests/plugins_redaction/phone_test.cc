#include "plugins/redaction/phone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Nanp, RefusesWhatThePlanDoesNotAllow) {
  EXPECT_FALSE(NanpPlausible("1125550147"));  // area begins with 1
  EXPECT_FALSE(NanpPlausible("9115550147"));  // N11
  EXPECT_FALSE(NanpPlausible("2921550147"));  // N9X is reserved
  EXPECT_FALSE(NanpPlausible("2120550147"));  // exchange begins with 0
  EXPECT_FALSE(NanpPlausible("2129110147"));
  EXPECT_FALSE(NanpPlausible("212555014"));
  EXPECT_TRUE(NanpPlausible("2125550147"));
}

TEST(Phone, OfSevenDigitsNeedsTheTopic) {
  EXPECT_THAT(Found({"customer: five five five oh one four seven"}), IsEmpty());
  EXPECT_THAT(Found({"agent: what's your cell", "customer: five five five oh one four seven"}),
              ElementsAre("PHONE five five five oh one four seven"));
  EXPECT_THAT(Found({"customer: 555-0147 is my phone"}), ElementsAre("PHONE 555-0147"));
}

TEST(Phone, OfAnotherCountryNeedsPlusOrTopic) {
  EXPECT_THAT(Found({"customer: oh two oh seven nine four six"}), IsEmpty());
  EXPECT_THAT(Found({"customer: the order is 020 7946 0958"}), IsEmpty());
  EXPECT_THAT(Found({"customer: 020 7946 0958"}), ElementsAre("PHONE 020 7946 0958"));
  EXPECT_THAT(Found({"customer: my mobile is 020 7946 0958"}), ElementsAre("PHONE 020 7946 0958"));
  EXPECT_THAT(Found({"customer: +44 20 7946 0958"}), ElementsAre("PHONE 44 20 7946 0958"));
  EXPECT_THAT(Found({"customer: plus four four two oh seven nine four six oh nine five eight"}),
              ElementsAre("PHONE four four two oh seven nine four six oh nine five eight"));
}

struct PhoneCase {
  std::string_view text;
  std::string_view under_span;
};

class NanpForms : public ::testing::TestWithParam<PhoneCase> {};

TEST_P(NanpForms, AreFoundExactly) {
  const std::string line = "customer: " + std::string(GetParam().text);
  EXPECT_THAT(Found({line}), ElementsAre("PHONE " + std::string(GetParam().under_span)));
}

INSTANTIATE_TEST_SUITE_P(
    All, NanpForms,
    ::testing::Values(PhoneCase{"(212) 555-0147", "212) 555-0147"},
                      PhoneCase{"212.555.0147", "212.555.0147"},
                      PhoneCase{"(212)555-0147x912", "212)555-0147x912"},
                      PhoneCase{"it's 1-212-555-0147 okay", "1-212-555-0147"},
                      PhoneCase{"two one two five five five oh one four seven",
                                "two one two five five five oh one four seven"},
                      PhoneCase{"eight hundred five five five oh one three two",
                                "eight hundred five five five oh one three two"},
                      PhoneCase{"two twelve triple five oh one forty seven",
                                "two twelve triple five oh one forty seven"},
                      PhoneCase{"area code two one two then five five five then oh one four seven",
                                "two one two then five five five then oh one four seven"},
                      PhoneCase{
                          "my line is two one two five five five oh one hundred, extension twelve",
                          "two one two five five five oh one hundred"},
                      // A form as clear as this outweighs the topic.
                      PhoneCase{"the reference says 212-555-0147", "212-555-0147"}));

TEST(Phone, OverSegmentsWithTheEndRepeated) {
  EXPECT_THAT(Found({"customer: it's two one two", "agent: uh huh", "customer: five five five",
                     "customer: oh one four seven", "agent: oh one four seven", "customer: yes"}),
              ElementsAre("PHONE two one two|five five five|oh one four seven|oh one four seven"));
}

TEST(Phone, SaidTwiceIsNoCard) {
  EXPECT_THAT(
      Found({"agent: your phone number", "customer: four one six, five five five, oh one seven one",
             "agent: four one six, five five five, oh one seven one thank you"}),
      ElementsAre("PHONE four one six, five five five, oh one seven one",
                  "PHONE four one six, five five five, oh one seven one"));
}

TEST(Phone, EachPartRepeatedWithTheCountry) {
  EXPECT_THAT(
      Found({"agent: your number", "customer: my mobile is plus forty four",
             "agent: plus forty four", "customer: two oh seven nine four six",
             "agent: two oh seven nine four six", "customer: oh nine five eight"}),
      ElementsAre("PHONE forty four|forty four|two oh seven nine four six|two oh seven nine four "
                  "six|oh nine five eight"));
}

TEST(Phone, AskedForByTheWordsBehindIt) {
  EXPECT_THAT(Found({"agent: your ticket is 7712", "customer: written down",
                     "agent: is 212 555 0147 still a good phone number"}),
              ElementsAre("PHONE 212 555 0147"));
}

TEST(Phone, TwoOfThemInOneBreath) {
  EXPECT_THAT(Found({"customer: five oh three five five five", "customer: oh one seven six",
                     "agent: five oh three five five five oh one seven six thank you"}),
              ElementsAre("PHONE five oh three five five five|oh one seven six",
                          "PHONE five oh three five five five oh one seven six"));
}

}  // namespace
}  // namespace cxscribe::redaction
