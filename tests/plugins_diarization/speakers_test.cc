#include "plugins/diarization/speakers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Lines of a second each, without a pause.
std::vector<Line> Lines(const std::vector<std::pair<std::string_view, std::string_view>>& said) {
  std::vector<Line> lines;
  std::int32_t time = 0;
  for (const auto& [label, text] : said) {
    lines.push_back({label, text, time, time + 1000});
    time += 1000;
  }
  return lines;
}

std::vector<std::string> Names(const std::vector<Line>& lines, const Options& options = {}) {
  return NameSpeakers(lines, options).names;
}

TEST(Labels, ThatSayNothingAreNobody) {
  for (const std::string_view label :
       {"", " ", "unknown", "UNKNOWN", "unknown_1", "none", "null"}) {
    EXPECT_EQ(ReadLabel(label, {}).key, "") << label;
  }
}

TEST(Labels, ThatNameARole) {
  for (const std::string_view label : {"agent", "Agent", " AGENT ", "agent_1", "rep", "operator",
                                       "advisor", "representative", "CSR"}) {
    EXPECT_EQ(ReadLabel(label, {}).role, Role::kAgent) << label;
  }
  for (const std::string_view label : {"customer", "Caller", "client", "caller 2"}) {
    EXPECT_EQ(ReadLabel(label, {}).role, Role::kCustomer) << label;
  }
  for (const std::string_view label : {"spk_0", "channel_1", "agency", "A", "1"}) {
    EXPECT_EQ(ReadLabel(label, {}).role, Role::kNone) << label;
    EXPECT_NE(ReadLabel(label, {}).key, "") << label;
  }
}

TEST(Labels, OfTheOperatorsOwnComeFirst) {
  const Aliases aliases{{"Teller"}, {"member", "rep"}};
  EXPECT_EQ(ReadLabel("teller_3", aliases).role, Role::kAgent);
  EXPECT_EQ(ReadLabel("MEMBER", aliases).role, Role::kCustomer);
  EXPECT_EQ(ReadLabel("rep", aliases).role, Role::kCustomer);
}

TEST(Labels, OfSeveralTheFirstCounts) {
  EXPECT_EQ(ReadLabel("spk_0,spk_1", {}).key, "spk_0");
  EXPECT_EQ(ReadLabel("agent, customer", {}).role, Role::kAgent);
}

TEST(Speakers, WithoutAnyLabelAreUnknown) {
  const Speakers speakers = NameSpeakers(Lines({{"", "thank you for calling"}, {"", "hi"}}), {});
  EXPECT_FALSE(speakers.any_label);
  EXPECT_THAT(speakers.names, ElementsAre("unknown", "unknown"));
  EXPECT_THAT(Names({}), IsEmpty());
}

TEST(Speakers, WithoutCuesAreNumberedByTheirFirstWord) {
  EXPECT_THAT(Names(Lines({{"spk_7", "yes"}, {"spk_2", "no"}, {"spk_7", "well"}})),
              ElementsAre("speaker_1", "speaker_2", "speaker_1"));
}

TEST(Speakers, CuesThatBalanceDecideNothing) {
  EXPECT_THAT(Names(Lines({{"a", "how can i help you"}, {"b", "how can i help you"}})),
              ElementsAre("speaker_1", "speaker_2"));
}

TEST(Speakers, KeepTheRolesOfTheirLabels) {
  // Even where the words say otherwise: correct labels are never made worse.
  EXPECT_THAT(
      Names(Lines({{"Customer", "thank you for calling how can i help you"}, {"Rep", "hi"}})),
      ElementsAre("customer", "agent"));
}

struct CueCase {
  std::string_view agent_says;
  std::string_view customer_says;
};

class RolesByCues : public ::testing::TestWithParam<CueCase> {};

TEST_P(RolesByCues, InEitherOrder) {
  const CueCase& said = GetParam();
  EXPECT_THAT(Names(Lines({{"spk_0", said.agent_says}, {"spk_1", said.customer_says}})),
              ElementsAre("agent", "customer"));
  EXPECT_THAT(Names(Lines({{"spk_0", said.customer_says}, {"spk_1", said.agent_says}})),
              ElementsAre("customer", "agent"));
}

INSTANTIATE_TEST_SUITE_P(
    All, RolesByCues,
    ::testing::Values(CueCase{"thank you for calling meridian mobile", "hello"},
                      CueCase{"Thank you for calling, how can I help?", "Hello."},
                      CueCase{"hello", "i'm calling because i got a letter"},
                      CueCase{"may i have your name", "it's ann"},
                      CueCase{"is there anything else", "no that's all"},
                      CueCase{"you\xE2\x80\x99re through to andre", "hi"}));

TEST(Speakers, AThirdOneAfterATransferIsKeptApart) {
  EXPECT_THAT(Names(Lines({{"spk_0", "thank you for calling how can i help"},
                           {"spk_1", "i want to cancel my line"},
                           {"spk_0", "i'll transfer you to loyalty"},
                           {"spk_2", "hi this is loyalty how can i help you"},
                           {"spk_1", "hi"}})),
              ElementsAre("agent", "customer", "agent", "speaker_1", "customer"));
}

TEST(Speakers, TwoAgentsByLabelAreTwoPeople) {
  EXPECT_THAT(Names(Lines({{"agent_1", "hi"}, {"customer", "hi"}, {"agent_2", "hi"}})),
              ElementsAre("agent", "customer", "speaker_1"));
}

TEST(Speakers, TheOtherOfTwoHasTheOtherRole) {
  EXPECT_THAT(Names(Lines({{"agent", "hi"}, {"spk_1", "hi"}})), ElementsAre("agent", "customer"));
  EXPECT_THAT(Names(Lines({{"agent", "hi"}, {"spk_1", "thank you for calling"}})),
              ElementsAre("agent", "speaker_1"));
  EXPECT_THAT(Names(Lines({{"agent", "hi"}, {"spk_1", "hi"}, {"spk_2", "hi"}})),
              ElementsAre("agent", "speaker_1", "speaker_2"));
}

TEST(Speakers, RolesAreNotInferredWhenSwitchedOff) {
  Options options;
  options.infer_roles = false;
  EXPECT_THAT(Names(Lines({{"spk_0", "thank you for calling"}, {"caller", "hi"}}), options),
              ElementsAre("speaker_1", "customer"));
}

TEST(Gaps, StayUnknownUnlessBothNeighboursAgreeAndAreNear) {
  EXPECT_THAT(Names(Lines({{"agent", "x"}, {"", "y"}, {"customer", "z"}})),
              ElementsAre("agent", "unknown", "customer"));
  EXPECT_THAT(Names(Lines({{"", "a"}, {"agent", "b"}, {"", "c"}})),
              ElementsAre("unknown", "agent", "unknown"));
  EXPECT_THAT(Names(Lines({{"agent", "a"}, {"", "b"}, {"", "c"}, {"agent", "d"}})),
              ElementsAre("agent", "agent", "agent", "agent"));
  std::vector<Line> far = Lines({{"agent", "a"}, {"", "b"}, {"agent", "c"}});
  far[2].start_ms += 2001;
  EXPECT_THAT(Names(far), ElementsAre("agent", "unknown", "agent"));
  far[2].start_ms -= 1;
  EXPECT_THAT(Names(far), ElementsAre("agent", "agent", "agent"));
}

TEST(Gaps, AreFilledByWhatIsSaid) {
  const auto speakers = NameSpeakers(Lines({{"agent", "how can i help you today"},
                                            {"", "i'm calling because i got a letter"},
                                            {"agent", "can i have your account number"},
                                            {"customer", "sure"}}),
                                     {});
  EXPECT_THAT(speakers.names, ElementsAre("agent", "customer", "agent", "customer"));
  EXPECT_THAT(speakers.bases,
              ElementsAre(Basis::kLabel, Basis::kFilled, Basis::kLabel, Basis::kLabel));
}

// A call in which one label is wrong, in the middle of the agent's sentence.
std::vector<Line> CallWithAFlip() {
  return Lines({{"spk_0", "thank you for calling how can i help you"},
                {"spk_1", "i'm calling because i got a bill"},
                {"spk_0", "okay can i have your account number and"},
                {"spk_1", "can i have your date of birth for security and"},
                {"spk_0", "can you confirm your postcode"},
                {"spk_1", "sure"}});
}

TEST(Flips, AreCorrectedWhereEverythingSpeaksAgainstALabel) {
  const auto speakers = NameSpeakers(CallWithAFlip(), {});
  EXPECT_THAT(speakers.names,
              ElementsAre("agent", "customer", "agent", "agent", "agent", "customer"));
  EXPECT_THAT(speakers.bases, ElementsAre(Basis::kLabel, Basis::kLabel, Basis::kLabel,
                                          Basis::kCorrected, Basis::kLabel, Basis::kLabel));
}

TEST(Flips, StayWhereRepairIsSwitchedOff) {
  Options options;
  options.repair = false;
  EXPECT_EQ(Names(CallWithAFlip(), options)[3], "customer");
}

TEST(Flips, AWordInBetweenIsNone) {
  EXPECT_THAT(Names(Lines({{"spk_0", "thank you for calling how can i help you"},
                           {"spk_1", "i'm calling because i got a bill and"},
                           {"spk_0", "right"},
                           {"spk_1", "i want to know if i have to"},
                           {"spk_0", "okay"},
                           {"spk_1", "pay it"}})),
              ElementsAre("agent", "customer", "agent", "customer", "agent", "customer"));
}

TEST(Flips, AreNotLookedForAmongThree) {
  std::vector<Line> lines = CallWithAFlip();
  lines.push_back({"spk_2", "hello", 6000, 7000});
  EXPECT_NE(Names(lines)[3], "agent");
}

TEST(Roles, HaveAConfidenceWhereTheyWereTold) {
  const auto sure = NameSpeakers(CallWithAFlip(), {});
  ASSERT_TRUE(sure.role_confidence.has_value());
  EXPECT_GT(*sure.role_confidence, 0.9);
  EXPECT_FALSE(
      NameSpeakers(Lines({{"agent", "hi"}, {"customer", "hi"}}), {}).role_confidence.has_value());
}

TEST(Gaps, AreMeasuredWithoutOverflow) {
  EXPECT_THAT(Names({{"a", "x", 0, -2147483647 - 1}, {"", "y", 2147483647, 0}, {"a", "z", 0, 0}}),
              ElementsAre("speaker_1", "unknown", "speaker_1"));
}

}  // namespace
}  // namespace cxscribe::diarization
