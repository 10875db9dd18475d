#include "plugins/redaction/verifier.h"

#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Verify, ReportsNothingThatWasNotAskedFor) {
  const std::vector<std::string_view> lines = {"a: 4111 1111 1111 1111 and jane@example.com"};
  EXPECT_THAT(Found(lines, EntitySet()), IsEmpty());
  EXPECT_THAT(Found(lines, EntitySet::Of({"EMAIL", "MADE_UP"})),
              ElementsAre("EMAIL jane@example.com"));
}

TEST(Verify, StopsWhenTheCheckThrows) {
  EXPECT_THROW(Verify({{"", "hello"}}, EntitySet::All(), [] { throw std::runtime_error("stop"); }),
               std::runtime_error);
}

TEST(Verify, SpansLieOnCharacterBoundariesNextToOtherScripts) {
  EXPECT_THAT(Found({"a: caf\xC3\xA9 4111 1111 1111 1111 caf\xC3\xA9"}),
              ElementsAre("CREDIT_CARD 4111 1111 1111 1111"));
  EXPECT_THAT(Found({"a: \xE2\x80\x9C"
                     "219-09-9999\xE2\x80\x9D"}),
              ElementsAre("SSN 219-09-9999"));
}

TEST(Verify, TheReasonDoesNotRepeatTheText) {
  for (const Finding& f :
       Verify({{"", "card 4111 1111 1111 1111 mail jane@example.com"}}, EntitySet::All(), {})) {
    EXPECT_EQ(f.verdict.reason.find("4111"), std::string_view::npos);
    EXPECT_EQ(f.verdict.reason.find("jane"), std::string_view::npos);
    EXPECT_FALSE(f.verdict.reason.empty());
    EXPECT_FALSE(f.verdict.detector.empty());
  }
}

TEST(Verify, MaskedTextIsClean) {
  const std::vector<std::vector<std::string_view>> calls = {
      {"a: card 4111 1111 1111 1111 exp 04/27 cvv 123 phone 212 555 0147 ssn 219-09-9999"},
      {"a: what is your number", "b: two one two five five five", "a: two one two five five five",
       "b: oh one four seven", "a: and the social", "b: one two three",
       "b: four five six seven eight nine", "a: and the card",
       "b: 4242 4242 4242 4242 4242 4242 4242 4242"},
      {"a: email jane dot doe at example dot com jane at gmail dot com at example dot com"},
      {"a: date of birth march third nineteen eighty five march fourth oh three fourteen eighty "
       "five"}};
  for (const auto& call : calls) {
    const std::vector<Utterance> utterances = Lines(call);
    const std::vector<Finding> findings = Verify(utterances, EntitySet::All(), {});
    EXPECT_FALSE(findings.empty());
    const std::vector<std::string> masked = Masked(utterances, findings);
    std::vector<Utterance> again;
    for (std::size_t i = 0; i < masked.size(); ++i)
      again.push_back({utterances[i].speaker, masked[i]});
    EXPECT_THAT(Verify(again, EntitySet::All(), {}), IsEmpty()) << masked[0];
  }
}

struct Work {
  int checks = 0;        // how often the stage could have been stopped: once in so many steps
  double seconds = 0.0;  // of this thread's processor time, waiting not counted
};

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The least work of a few runs over `unit`, repeated to `length` bytes.
Work WorkOn(std::string_view unit, std::size_t length, int runs) {
  std::string text;
  while (text.size() + unit.size() <= length) text += unit;
  Work least;
  for (int run = 0; run < runs; ++run) {
    Work work;
    const double before = ProcessorSeconds();
    Verify({{"", text}}, EntitySet::All(), [&work] { ++work.checks; });
    work.seconds = ProcessorSeconds() - before;
    if (run == 0 || work.seconds < least.seconds) least = work;
  }
  return least;
}

// Hostile texts; each of them was slow in some design. Four times the text is four times the work;
// a quadratic step makes it sixteen times.
TEST(Verify, IsLinearInHostileText) {
  constexpr std::size_t kLength = 1 << 16;
  for (const std::string_view unit : {"4",
                                      "4 ",
                                      "4111 1111 1111 1111 ",
                                      "oh ",
                                      "at ",
                                      "a at b dot ",
                                      "a.",
                                      "1,",
                                      "[[",
                                      "[a ",
                                      "double ",
                                      "the last ",
                                      "born 3 march ",
                                      "no wait one two ",
                                      "one to ",
                                      "one for a b ",
                                      "born may 3 1985 ",
                                      "a ",
                                      "b ",
                                      "ab12",
                                      "ab1 ",
                                      "gb29 ",
                                      "1:",
                                      "::",
                                      "one dot ",
                                      "account 1 ",
                                      "contact at ",
                                      "iban a b 1 2 ",
                                      "vin 1 h g c m ",
                                      "sorry one ",
                                      "1234 no sorry ",
                                      "twenty ",
                                      "+1 ",
                                      "3-",
                                      "\xE2\x80\x99",
                                      "john ",
                                      "J. ",
                                      "name is ",
                                      "mister ",
                                      "van ",
                                      "a b c ",
                                      "B as in boy ",
                                      "john\n",
                                      "your name? "}) {
    const Work small = WorkOn(unit, kLength, 3);
    const Work large = WorkOn(unit, 4 * kLength, 2);
    EXPECT_GT(small.checks, 0) << unit;
    EXPECT_LE(large.checks, 5 * small.checks) << unit;
    EXPECT_LE(large.seconds, 9 * small.seconds + 0.01) << unit;
  }
}

// The digits of an American Express card in groups of 4, 6 and 5, one of them heard wrong: the
// first ten form a North American telephone number.
TEST(Verifier, AMisheardCardNumberIsOneWhateverElseItsDigitsForm) {
  const std::vector<std::string_view> lines = {"agent: what is your card number",
                                               "customer: 3782 822463 10006"};
  const auto whole = ::testing::ElementsAre("CREDIT_CARD 3782 822463 10006");
  EXPECT_THAT(Found(lines), whole);
  EXPECT_THAT(Found(lines, EntitySet::Of({"CREDIT_CARD"})), whole);
  EXPECT_THAT(Found(lines, EntitySet::Of({"CREDIT_CARD", "PHONE", "SSN"})), whole);
  EXPECT_THAT(Found({"agent: what is your card number",
                     "customer: three seven eight two eight two two four six three one zero zero "
                     "zero six"},
                    EntitySet::Of({"CREDIT_CARD"})),
              ::testing::SizeIs(1));
}

// Whoever asks for less must not get less of it.
TEST(Verifier, WhatIsNotWantedDoesNotHideWhatIs) {
  const std::vector<std::string_view> cases[] = {
      {"agent: what is your card number", "customer: 3782 822463 10006"},
      {"agent: your card number please", "customer: 4111 1111 1111 1112"},
      {"agent: your phone number", "customer: 212 555 0123"},
      {"agent: your social security number", "customer: 212 55 0123"},
      {"customer: 4111 1111 1111 1111 and jane at example dot com"},
  };
  for (const auto& lines : cases) {
    for (const std::string& found : Found(lines)) {
      const std::string type = found.substr(0, found.find(' '));
      EXPECT_THAT(Found(lines, EntitySet::Of({type})), ::testing::Contains(found)) << found;
    }
  }
}

}  // namespace
}  // namespace cxscribe::redaction
