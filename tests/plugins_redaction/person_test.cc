#include "plugins/redaction/person.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/redaction/name_model.h"
#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const EntitySet kPersons = EntitySet::Of({"PERSON"});

class NoPerson : public ::testing::TestWithParam<std::vector<std::string_view>> {};

TEST_P(NoPerson, IsReported) { EXPECT_THAT(Found(GetParam(), kPersons), IsEmpty()); }

INSTANTIATE_TEST_SUITE_P(
    OrdinaryTalk, NoPerson,
    ::testing::Values(std::vector<std::string_view>{"c: this is correct"},
                      std::vector<std::string_view>{"c: i'm calling about my bill"},
                      std::vector<std::string_view>{"c: i am sorry this is the wrong department"},
                      std::vector<std::string_view>{"c: this is regarding an order i placed"},
                      std::vector<std::string_view>{"a: thank you very much goodbye"},
                      std::vector<std::string_view>{"a: hello how can i help you today"},
                      std::vector<std::string_view>{"c: i'm interested in the premium plan"},
                      std::vector<std::string_view>{"c: i am disappointed and frustrated"},
                      std::vector<std::string_view>{"a: am i speaking with the account holder"},
                      std::vector<std::string_view>{"a: may i speak to the manager please"},
                      std::vector<std::string_view>{"c: i will mark it and i may page them later"},
                      std::vector<std::string_view>{"a: your name please", "c: i i i don't know"},
                      std::vector<std::string_view>{"a: Okay. Thank you, Byebye."},
                      std::vector<std::string_view>{"a: It will end on April Thirtieth."},
                      std::vector<std::string_view>{"c: it says oscar lima juliet four two"},
                      std::vector<std::string_view>{"c: the code is charlie x-ray bravo nine"},
                      std::vector<std::string_view>{"c: i had a doctor appointment yesterday"},
                      std::vector<std::string_view>{"c: miss the bus and you miss the meeting"}));

INSTANTIATE_TEST_SUITE_P(
    NamesOfThings, NoPerson,
    ::testing::Values(std::vector<std::string_view>{"a: the company name is required here"},
                      std::vector<std::string_view>{"a: the name is not on the list"},
                      std::vector<std::string_view>{"c: what is the name of the street"},
                      std::vector<std::string_view>{"c: it was changed in my name last week"},
                      std::vector<std::string_view>{"a: We ship with Amazon and PayPal."},
                      std::vector<std::string_view>{"a: On Monday the Chicago office opens."},
                      std::vector<std::string_view>{"a: Our engineer came on Tuesday."}));

INSTANTIATE_TEST_SUITE_P(
    QuestionsWithoutAnAnswer, NoPerson,
    ::testing::Values(
        std::vector<std::string_view>{"a: can i have your name please", "c: yes of course",
                                      "c: it's about the router"},
        std::vector<std::string_view>{"a: can i have your full name", "c: sure it's [PERSON]",
                                      "a: thank you and the postcode"},
        std::vector<std::string_view>{"c: my name is [NAME_1] and i want to cancel"},
        std::vector<std::string_view>{"c: my name is um i just would like to check my bill"}));

struct PersonCase {
  std::vector<std::string_view> lines;
  std::string_view under_span;
};

class PersonForms : public ::testing::TestWithParam<PersonCase> {};

TEST_P(PersonForms, AreFoundExactly) {
  EXPECT_THAT(Found(GetParam().lines, kPersons),
              ElementsAre("PERSON " + std::string(GetParam().under_span)));
}

INSTANTIATE_TEST_SUITE_P(
    Announced, PersonForms,
    ::testing::Values(
        PersonCase{{"c: my name is john smith and i need help"}, "john smith"},
        PersonCase{{"c: hi this is sarah"}, "sarah"},
        PersonCase{{"a: good morning my name is kate how can i help"}, "kate"},
        PersonCase{{"a: am i speaking with mister brown"}, "mister brown"},
        PersonCase{{"c: the name on the card is priya kulkarni"}, "priya kulkarni"},
        PersonCase{{"c: i'm olumide adebayo from the second floor"}, "olumide adebayo"},
        PersonCase{{"c: the account holder is margaret o'neill"}, "margaret o'neill"},
        PersonCase{{"c: it should be under the name of wojciech kowalski"}, "wojciech kowalski"},
        PersonCase{{"a: thank you mister johnson"}, "mister johnson"},
        PersonCase{{"a: okay Mrs. Hernandez, one moment"}, "Mrs. Hernandez"},
        PersonCase{{"c: could i talk to angela please"}, "angela"},
        PersonCase{{"c: my surname is van der linden"}, "van der linden"}));

INSTANTIATE_TEST_SUITE_P(
    Answered, PersonForms,
    ::testing::Values(
        PersonCase{{"a: can i have your full name please", "c: sure it's emily watson"},
                   "emily watson"},
        PersonCase{{"a: who's the account holder and what's the name", "c: tatiana wren"},
                   "tatiana wren"},
        PersonCase{{"a: your full name", "c: sure carlos mendes"}, "carlos mendes"},
        PersonCase{{"a: your name please", "a: so i can find you", "c: um yes devon clarke"},
                   "devon clarke"}));

INSTANTIATE_TEST_SUITE_P(
    Spelt, PersonForms,
    ::testing::Values(PersonCase{{"c: my last name is brown b r o w n"}, "brown b r o w n"},
                      PersonCase{{"c: my name is kerr that's k e double r"},
                                 "kerr that's k e double r"},
                      PersonCase{{"c: surname is bryce spelled b as in boy r as in robert y c e"},
                                 "bryce spelled b as in boy r as in robert y c e"},
                      PersonCase{{"a: your first name", "c: j o h n"}, "j o h n"},
                      PersonCase{{"c: my name is [PERSON] spelled b r o w n"}, "b r o w n"}));

INSTANTIATE_TEST_SUITE_P(
    Written, PersonForms,
    ::testing::Values(PersonCase{{"a: We spoke to Natalie Fischer about it."}, "Natalie Fischer"},
                      PersonCase{{"a: Yesterday the letter was signed by J. R. Whitfield."},
                                 "J. R. Whitfield"},
                      PersonCase{{"a: Later Samantha's line was moved."}, "Samantha's"},
                      PersonCase{{"a: Dear Rosalind,"}, "Rosalind"}));

TEST(Person, IsKnownAgainWhereNothingAnnouncesIt) {
  EXPECT_THAT(
      Found({"c: my name is thomas whitaker", "a: let me see", "a: whitaker right"}, kPersons),
      ElementsAre("PERSON thomas whitaker", "PERSON whitaker"));
}

TEST(Person, FirstAndLastNameSaidApart) {
  EXPECT_THAT(Found({"c: first name laura last name kim"}, kPersons),
              ElementsAre("PERSON laura", "PERSON kim"));
}

TEST(Person, MaskedTextIsClean) {
  const std::vector<Utterance> calls[] = {
      {{"a", "my name is kate and can i have your name"},
       {"c", "sure it's john smith that's s m i t h"},
       {"a", "thanks john mister smith is john there"}},
      {{"c", "Hi, I'm Laura Chen. Tell Mr. Chen, Laura called."}}};
  for (const std::vector<Utterance>& call : calls) {
    const std::vector<Finding> findings = Verify(call, EntitySet::All(), {});
    EXPECT_FALSE(findings.empty());
    const std::vector<std::string> masked = Masked(call, findings);
    std::vector<Utterance> again;
    for (std::size_t i = 0; i < masked.size(); ++i) again.push_back({call[i].speaker, masked[i]});
    EXPECT_THAT(Verify(again, EntitySet::All(), {}), IsEmpty()) << masked.back();
  }
}

TEST(NameModel, ReadsNoDamagedFile) {
  const std::string good = NameModel(-3, 0.5F, std::vector<std::int8_t>(4, 1)).Write();
  EXPECT_TRUE(NameModel::Read(good).has_value());
  EXPECT_FALSE(NameModel::Read("").has_value());
  EXPECT_FALSE(NameModel::Read(good.substr(0, good.size() - 1)).has_value());
  EXPECT_FALSE(NameModel::Read(good + "x").has_value());
  EXPECT_FALSE(NameModel::Read("CXNAMES2" + good.substr(8)).has_value());
  EXPECT_FALSE(NameModel::Read(NameModel(0, 1, {1, 2, 3}).Write()).has_value());
}

TEST(NameModel, TellsNamesFromWords) {
  const NameModel& model = NameModel::English();
  for (const std::string_view name : {"sarah", "smith", "vikram", "kowalski", "nguyen"}) {
    EXPECT_GT(model.LogOdds(name), 3) << name;
  }
  for (const std::string_view word : {"refund", "calling", "correct", "the", "delivery"}) {
    EXPECT_LT(model.LogOdds(word), -3) << word;
  }
  EXPECT_LT(model.LogOdds(""), -3);
  EXPECT_LT(model.LogOdds(std::string(1000, 'a')), -3);
}

}  // namespace
}  // namespace cxscribe::redaction
