#include "plugins/redaction/ssn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SsnNumber, RefusesWhatWasNeverIssued) {
  EXPECT_FALSE(SsnPlausible("000121234"));
  EXPECT_FALSE(SsnPlausible("666121234"));
  EXPECT_FALSE(SsnPlausible("900121234"));
  EXPECT_FALSE(SsnPlausible("219001234"));
  EXPECT_FALSE(SsnPlausible("219090000"));
  EXPECT_FALSE(SsnPlausible("21909999"));
  EXPECT_TRUE(SsnPlausible("219099999"));
  EXPECT_TRUE(SsnPlausible("899990001"));
}

TEST(ItinNumber, HasItsOwnGroups) {
  EXPECT_FALSE(ItinPlausible("900491234"));
  EXPECT_FALSE(ItinPlausible("900661234"));
  EXPECT_FALSE(ItinPlausible("900931234"));
  EXPECT_FALSE(ItinPlausible("800701234"));
  EXPECT_TRUE(ItinPlausible("900701234"));
  EXPECT_TRUE(ItinPlausible("912941234"));
}

TEST(Ssn, OfNumbersThatCannotBeNothingIsReported) {
  EXPECT_THAT(Found({"customer: my social security number is 000-12-3456"}), IsEmpty());
  EXPECT_THAT(Found({"customer: my social is 666 12 3456"}), IsEmpty());
}

TEST(Ssn, InOnePieceNeedsTheTopic) {
  EXPECT_THAT(Found({"customer: it's two one nine oh nine nine nine nine nine"}),
              ElementsAre("NUMBER_SEQUENCE two one nine oh nine nine nine nine nine"));
  EXPECT_THAT(Found({"agent: your social security number please",
                     "customer: it's two one nine oh nine nine nine nine nine"}),
              ElementsAre("SSN two one nine oh nine nine nine nine nine"));
  EXPECT_THAT(Found({"customer: SSN 219099999"}), ElementsAre("SSN 219099999"));
}

TEST(Ssn, ByItsGroups) {
  EXPECT_THAT(Found({"customer: 219-09-9999"}), ElementsAre("SSN 219-09-9999"));
  EXPECT_THAT(Found({"customer: it's 219 09 9999."}), ElementsAre("SSN 219 09 9999"));
  EXPECT_THAT(Found({"customer: two one nine", "agent: mm hmm", "customer: oh nine",
                     "agent: go ahead", "customer: nine nine nine nine"}),
              ElementsAre("SSN two one nine|oh nine|nine nine nine nine"));
  EXPECT_THAT(Found({"customer: two one nine dash oh nine dash nine nine nine nine"}),
              ElementsAre("SSN two one nine dash oh nine dash nine nine nine nine"));
}

TEST(Ssn, ReadBackLaterIsKnownAgain) {
  EXPECT_THAT(Found({"agent: your social please", "customer: one two three",
                     "customer: uh four five", "agent: go on", "customer: six seven eight nine",
                     "agent: thanks my phone system is slow today so that was",
                     "agent: one two three four five six seven eight nine"}),
              ElementsAre("SSN one two three|four five|six seven eight nine",
                          "SSN one two three four five six seven eight nine"));
}

TEST(Ssn, LastFourRightAfterTheQuestion) {
  EXPECT_THAT(Found({"agent: the last four of your social", "customer: nine nine one two"}),
              ElementsAre("SSN nine nine one two"));
  EXPECT_THAT(Found({"agent: what year was it", "customer: nineteen ninety two"}), IsEmpty());
}

TEST(Ssn, SocialMediaIsNoTopic) {
  EXPECT_THAT(Found({"customer: i saw it on social media 2024"}), IsEmpty());
}

TEST(Itin, IsNamedAsSuch) {
  EXPECT_THAT(Found({"customer: my social is 912-94-1234"}), ElementsAre("ITIN 912-94-1234"));
}

}  // namespace
}  // namespace cxscribe::redaction
