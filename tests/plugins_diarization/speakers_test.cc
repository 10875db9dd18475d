#include "plugins/diarization/speakers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Lines of a second each, without a pause.
std::vector<Line> Lines(const std::vector<std::pair<std::string_view, std::string_view>>& said) {
  std::vector<Line> lines;
  std::int32_t time = 0;
  for (const auto& [label, text] : said) {
    lines.push_back({.label = label, .text = text, .start_ms = time, .end_ms = time + 1000});
    time += 1000;
  }
  return lines;
}

std::vector<std::string> NamesOf(const Speakers& speakers) {
  std::vector<std::string> names;
  for (const Said& said : speakers.said) names.push_back(said.name);
  return names;
}

std::vector<Basis> BasesOf(const Speakers& speakers) {
  std::vector<Basis> bases;
  for (const Said& said : speakers.said) bases.push_back(said.basis);
  return bases;
}

std::vector<std::string> Names(const std::vector<Line>& lines, const Options& options = {}) {
  return NamesOf(NameSpeakers(lines, options));
}

// "agent: how can i help", a part a line.
std::vector<std::string> Written(const std::vector<Line>& lines, const Options& options = {}) {
  std::vector<std::string> written;
  for (const Said& said : NameSpeakers(lines, options).said) {
    written.push_back(said.name + ": " +
                      std::string(lines[said.line].text.substr(said.begin, said.end - said.begin)));
  }
  return written;
}

TEST(Labels, ThatSayNothingAreNobody) {
  for (const std::string_view label :
       {"", " ", "unknown", "UNKNOWN", "unknown_1", "none", "null"}) {
    EXPECT_EQ(ReadLabel(label, {}).key, "") << label;
  }
}

TEST(Labels, ThatNameARole) {
  for (const std::string_view label : {"agent", "Agent", " AGENT ", "agent_1", "rep", "operator",
                                       "advisor", "representative", "CSR", "Internal"}) {
    EXPECT_EQ(ReadLabel(label, {}).role, Role::kAgent) << label;
  }
  for (const std::string_view label : {"customer", "Caller", "client", "caller 2", "external"}) {
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

TEST(Labels, OfSeveralEachCountsOnce) {
  const auto keys = [](std::string_view source) {
    std::vector<std::string> found;
    for (const Label& label : ReadLabels(source, {})) found.push_back(label.key);
    return found;
  };
  EXPECT_THAT(keys("spk_0,spk_1"), ElementsAre("spk_0", "spk_1"));
  EXPECT_THAT(keys("spk_0/SPK_1"), ElementsAre("spk_0", "spk_1"));
  EXPECT_THAT(keys(" agent & customer + Agent"), ElementsAre("agent", "customer"));
  EXPECT_THAT(keys("spk_0,,unknown,spk_1,"), ElementsAre("spk_0", "spk_1"));
  EXPECT_THAT(keys("n/a"), IsEmpty());
  EXPECT_THAT(keys(""), IsEmpty());
  EXPECT_EQ(ReadLabels("agent, customer", {})[1].role, Role::kCustomer);
  EXPECT_EQ(ReadLabels("floor/3", {{"floor/3"}, {}})[0].role, Role::kAgent);
}

TEST(Labels, OfMachines) {
  for (const std::string_view label :
       {"IVR", "system", "bot_1", "virtual agent", "Auto Attendant"}) {
    EXPECT_EQ(ReadLabel(label, {}).role, Role::kIvr) << label;
  }
  EXPECT_EQ(ReadLabel("Voicemail", {}).role, Role::kVoicemail);
  EXPECT_EQ(ReadLabel("bot", {{"bot"}, {}}).role, Role::kAgent);
}

TEST(Speakers, WithoutAnyLabelAreUnknown) {
  const Speakers speakers = NameSpeakers(Lines({{"", "thank you for calling"}, {"", "hi"}}), {});
  EXPECT_FALSE(speakers.any_label);
  EXPECT_THAT(NamesOf(speakers), ElementsAre("unknown", "unknown"));
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
  // Even where a few words say otherwise: correct labels are never made worse.
  EXPECT_THAT(
      Names(Lines({{"Customer", "thank you for calling how can i help you"}, {"Rep", "hi"}})),
      ElementsAre("customer", "agent"));
}

// Channels are swapped in some recordings, and with them the labels that are named after them.
TEST(Speakers, LabelsThatAreSwappedAreExchanged) {
  const auto call = [](std::string_view helper, std::string_view caller) {
    return NameSpeakers(
        Lines({{helper, "thank you for calling harbour gas my name is jo how can i help you today"},
               {caller, "hi i'm calling because my bill is wrong"},
               {helper, "i'm sorry to hear that can i have your account number please"},
               {caller, "yeah it's on my bill one moment"},
               {helper, "thank you for holding i can see the payment on your account"},
               {caller, "can you tell me why i was charged twice"},
               {helper, "is there anything else i can help you with today"},
               {caller, "no that's all thank you for your help"}}),
        {});
  };
  const auto roles = ElementsAre("agent", "customer", "agent", "customer", "agent", "customer",
                                 "agent", "customer");
  const Speakers right = call("Agent", "Customer");
  EXPECT_THAT(NamesOf(right), roles);
  EXPECT_FALSE(right.labels_swapped);
  EXPECT_EQ(right.role_confidence, std::nullopt);
  const Speakers swapped = call("Customer", "Agent");
  EXPECT_THAT(NamesOf(swapped), roles);
  EXPECT_TRUE(swapped.labels_swapped);
  EXPECT_EQ(swapped.role_confidence, 99);
  EXPECT_THAT(BasesOf(swapped), ::testing::Each(Basis::kLabel));
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
  Options options;
  options.repair = false;
  EXPECT_THAT(Names(Lines({{"agent", "x"}, {"", "y"}, {"customer", "z"}}), options),
              ElementsAre("agent", "unknown", "customer"));
  EXPECT_THAT(Names(Lines({{"", "a"}, {"agent", "b"}, {"", "c"}}), options),
              ElementsAre("unknown", "agent", "unknown"));
  EXPECT_THAT(Names(Lines({{"agent", "a"}, {"", "b"}, {"", "c"}, {"agent", "d"}}), options),
              ElementsAre("agent", "agent", "agent", "agent"));
  std::vector<Line> far = Lines({{"agent", "a"}, {"", "b"}, {"agent", "c"}});
  far[2].start_ms += 2001;
  EXPECT_THAT(Names(far, options), ElementsAre("agent", "unknown", "agent"));
  far[2].start_ms -= 1;
  EXPECT_THAT(Names(far, options), ElementsAre("agent", "agent", "agent"));
}

TEST(Gaps, AreFilledByWhatIsSaid) {
  const auto speakers = NameSpeakers(Lines({{"agent", "how can i help you today"},
                                            {"", "i'm calling because i got a letter"},
                                            {"agent", "can i have your account number"},
                                            {"customer", "sure"}}),
                                     {});
  EXPECT_THAT(NamesOf(speakers), ElementsAre("agent", "customer", "agent", "customer"));
  EXPECT_THAT(BasesOf(speakers),
              ElementsAre(Basis::kLabel, Basis::kFilled, Basis::kLabel, Basis::kLabel));
}

// A call whose recogniser ends a segment at each pause, in which one label is wrong, in the middle of
// the agent's sentence.
constexpr std::size_t kFlipped = 3;
std::vector<Line> CallWithAFlip() {
  std::vector<std::pair<std::string_view, std::string_view>> said = {
      {"spk_0", "thank you for calling how can i help you"},
      {"spk_1", "i'm calling because i got a bill"},
      {"spk_0", "okay so i'll put you through to somebody in the"},
      {"spk_1", "um department that can put that on your account so"},
      {"spk_0", "that we don't have to"},
      {"spk_1", "sure"}};
  said.insert(said.end(), 20, {"spk_1", "and so on"});
  return Lines(said);
}

TEST(Flips, AreCorrectedWhereEverythingSpeaksAgainstALabel) {
  const Speakers speakers = NameSpeakers(CallWithAFlip(), {});
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(speakers.said[i].name, i == 1 || i == 5 ? "customer" : "agent") << i;
    EXPECT_EQ(speakers.said[i].basis, i == kFlipped ? Basis::kCorrected : Basis::kLabel) << i;
  }
}

TEST(Flips, StayWhereRepairIsSwitchedOff) {
  Options options;
  options.repair = false;
  EXPECT_EQ(Names(CallWithAFlip(), options)[kFlipped], "customer");
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
  lines.push_back({.label = "spk_2", .text = "hello", .start_ms = 26000, .end_ms = 27000});
  EXPECT_NE(Names(lines)[kFlipped], "agent");
}

TEST(Flips, ALongStretchSaidTwiceIsOnePersons) {
  constexpr std::string_view kWhole =
      "it came on friday without any of the cables and the lid was cracked so it cannot be used";
  EXPECT_THAT(Names(Lines({{"spk_0", "thank you for calling how can i help you"},
                           {"spk_0", kWhole},
                           {"spk_1", "it came on friday without any of the cables"},
                           {"spk_1", "and the lid was cracked so it cannot be used"},
                           {"spk_0", "right"},
                           {"spk_1", kWhole}}))[1],
              "customer");
}

TEST(Splits, AQuestionAndItsAnswer) {
  EXPECT_THAT(
      Written(Lines({{"agent", "thank you for calling how can i help hi i'm calling about a fee"},
                     {"customer", "i'd like to dispute it sure can i have your name"},
                     {"customer", "it's leo"}})),
      ElementsAre("agent: thank you for calling how can i help ",
                  "customer: hi i'm calling about a fee", "customer: i'd like to dispute it ",
                  "agent: sure can i have your name", "customer: it's leo"));
}

TEST(Splits, AreSaidToBe) {
  const auto speakers = NameSpeakers(Lines({{"agent", "can i have your name yeah it's leo marsh"},
                                            {"agent", "thank you"},
                                            {"customer", "okay"}}),
                                     {});
  EXPECT_THAT(BasesOf(speakers),
              ElementsAre(Basis::kSplit, Basis::kSplit, Basis::kLabel, Basis::kLabel));
  EXPECT_TRUE(speakers.said[0].estimated && speakers.said[1].estimated);
  EXPECT_EQ(speakers.said[0].end_ms, speakers.said[1].start_ms);
  EXPECT_EQ(speakers.said[1].end_ms, 1000);
}

TEST(Splits, NeedAnAgentAndACustomer) {
  constexpr std::string_view kBoth = "can i have your name yeah it's leo marsh";
  EXPECT_THAT(Names(Lines({{"x", kBoth}, {"y", "yes"}, {"z", "no"}})), SizeIs(3));
  EXPECT_THAT(Names(Lines({{"agent", kBoth}})), ElementsAre("agent"));
  Options options;
  options.repair = false;
  EXPECT_THAT(Names(Lines({{"agent", kBoth}, {"customer", "hi"}}), options),
              ElementsAre("agent", "customer"));
}

TEST(Splits, SeveralLabelsAreNoneByThemselves) {
  const auto speakers = NameSpeakers(
      Lines(
          {{"agent,customer", "right so that is the one"}, {"customer", "yes"}, {"agent", "good"}}),
      {});
  EXPECT_THAT(NamesOf(speakers), ElementsAre("agent", "customer", "agent"));
  EXPECT_EQ(speakers.said[0].also, "customer");
  EXPECT_EQ(speakers.said[1].also, "");
}

TEST(Splits, SeveralLabelsAndAPauseAre) {
  std::vector<Line> lines = Lines({{"b,a", ""}, {"a", "no"}, {"b", "oh"}, {"c", "hm"}});
  lines[0].text = "we sent it on the fri it never came";
  lines[0].words = {{0, 0, 90},     {3, 90, 180},   {8, 180, 200},  {11, 200, 220}, {14, 220, 230},
                    {18, 230, 250}, {22, 960, 970}, {25, 970, 980}, {31, 980, 1000}};
  EXPECT_THAT(Written(lines),
              ElementsAre("speaker_1: we sent it on the fri ", "speaker_2: it never came",
                          "speaker_2: no", "speaker_1: oh", "speaker_3: hm"));
}

TEST(Machines, AMenuIsNobodysTurn) {
  EXPECT_THAT(Names(Lines({{"spk_0", "thank you for calling meridian"},
                           {"spk_0", "for billing press one for sales press two"},
                           {"spk_0", "your call is important to us"},
                           {"spk_1", "hi this is noor how can i help you"},
                           {"spk_2", "i'm calling about my bill"}})),
              ElementsAre("ivr", "ivr", "ivr", "agent", "customer"));
}

TEST(Machines, ShareALabelWithPeople) {
  const auto speakers = NameSpeakers(Lines({{"agent", "for english press one"},
                                            {"agent", "please stay on the line"},
                                            {"agent", "thanks for holding this is noor"},
                                            {"customer", "hi i'm calling about my bill"}}),
                                     {});
  EXPECT_THAT(NamesOf(speakers), ElementsAre("ivr", "ivr", "agent", "customer"));
  EXPECT_THAT(BasesOf(speakers),
              ElementsAre(Basis::kCorrected, Basis::kCorrected, Basis::kLabel, Basis::kLabel));
}

TEST(Machines, AVoicemailAndWhoSpeaksOntoIt) {
  EXPECT_THAT(Names(Lines({{"spk_0", "you have reached the voicemail of dana wills"},
                           {"spk_0", "please leave a message after the tone"},
                           {"spk_1", "hi dana i'd like to ask about my bill"}})),
              ElementsAre("voicemail", "voicemail", "customer"));
}

TEST(Machines, AreKnownByTheirLabels) {
  EXPECT_THAT(Names(Lines({{"IVR", "welcome"}, {"agent_1", "hi"}, {"spk_1", "hello"}})),
              ElementsAre("ivr", "agent", "customer"));
}

TEST(Machines, AnAgentWhoReadsOutStaysOne) {
  EXPECT_THAT(Names(Lines({{"spk_0", "thank you for calling this call may be recorded"},
                           {"spk_0", "my name is noor how can i help you"},
                           {"spk_1", "i'm calling about my bill"},
                           {"spk_0", "next time you call press two for billing"},
                           {"spk_0", "and then press one for payments"}})),
              ElementsAre("agent", "agent", "customer", "agent", "agent"));
}

TEST(Machines, ACustomerWhoTellsOfThemStaysOne) {
  EXPECT_THAT(Names(Lines({{"agent", "how can i help"},
                           {"customer", "it keeps saying press one for billing"},
                           {"customer", "and the mailbox is full it says"}})),
              ElementsAre("agent", "customer", "customer"));
}

TEST(Machines, AreNotLookedForInOtherLanguages) {
  Options options;
  options.infer_roles = options.repair = false;
  EXPECT_THAT(Names(Lines({{"a", "your call is important to us"}}), options),
              ElementsAre("speaker_1"));
}

TEST(Transfers, ASecondAgentUnderTheSameLabelIsNumbered) {
  const auto speakers = NameSpeakers(Lines({{"agent", "how can i help"},
                                            {"customer", "i want to cancel my line"},
                                            {"agent", "i'll put you through to loyalty"},
                                            {"customer", "okay"},
                                            {"agent", "thank you for holding this is simone"},
                                            {"customer", "hi simone"},
                                            {"agent", "let me check that for you"}}),
                                     {});
  EXPECT_THAT(NamesOf(speakers), ElementsAre("agent", "customer", "agent", "customer", "speaker_1",
                                             "customer", "speaker_1"));
  EXPECT_EQ(speakers.said[4].role, Role::kAgent);
  EXPECT_EQ(speakers.said[4].basis, Basis::kLabel);
  EXPECT_EQ(speakers.said[6].role, Role::kNone);
}

TEST(Transfers, AnAgentWhoComesBackIsTheSame) {
  EXPECT_THAT(Names(Lines({{"agent", "thank you for calling this is kyle how can i help"},
                           {"customer", "i want to cancel my line"},
                           {"agent", "i'll put you on hold"},
                           {"agent", "thank you for holding this is still kyle"},
                           {"agent", "i'll transfer you now"},
                           {"agent", "thank you for holding"}})),
              ElementsAre("agent", "customer", "agent", "agent", "agent", "agent"));
}

TEST(Transfers, ASecondAgentByLabelHasTheRole) {
  const auto speakers =
      NameSpeakers(Lines({{"agent_1", "hi"}, {"customer", "hi"}, {"agent_2", "hi"}}), {});
  EXPECT_EQ(speakers.said[0].role, Role::kNone);
  EXPECT_EQ(speakers.said[2].name, "speaker_1");
  EXPECT_EQ(speakers.said[2].role, Role::kAgent);
}

TEST(Roles, HaveAConfidenceWhereTheyWereTold) {
  const auto sure = NameSpeakers(CallWithAFlip(), {});
  ASSERT_TRUE(sure.role_confidence.has_value());
  EXPECT_GT(*sure.role_confidence, 90);
  EXPECT_FALSE(
      NameSpeakers(Lines({{"agent", "hi"}, {"customer", "hi"}}), {}).role_confidence.has_value());
}

TEST(Gaps, AreMeasuredWithoutOverflow) {
  constexpr std::int32_t kLeast = -2147483647 - 1;
  EXPECT_THAT(Names({{.label = "a", .text = "x", .end_ms = kLeast},
                     {.text = "y", .start_ms = 2147483647},
                     {.label = "a", .text = "z"}}),
              ElementsAre("speaker_1", "unknown", "speaker_1"));
}

}  // namespace
}  // namespace cxscribe::diarization
