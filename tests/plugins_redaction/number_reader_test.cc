// How spoken numbers become digits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/redaction/digit_runs.h"

namespace cxscribe::redaction {
namespace {

// The digits of every run, separated by blanks.
std::string Digits(std::string_view text) {
  Pulse pulse{{}};
  std::string all;
  for (const DigitRun& run : FindDigitRuns(Tokenise({{"", text}}, &pulse), &pulse)) {
    if (!all.empty()) all += ' ';
    all += run.digits;
  }
  return all;
}

struct NumberCase {
  std::string_view text;
  std::string_view digits;
};

class Numbers : public ::testing::TestWithParam<NumberCase> {};

TEST_P(Numbers, BecomeTheDigitsThatWereMeant) {
  EXPECT_EQ(Digits(GetParam().text), GetParam().digits);
}

INSTANTIATE_TEST_SUITE_P(
    NoNumber, Numbers,
    ::testing::Values(NumberCase{"", ""}, NumberCase{"oh my", ""}, NumberCase{"double trouble", ""},
                      NumberCase{"hundred thousand", ""}, NumberCase{"5pm 3rd ab123 o2", ""},
                      NumberCase{"$1,234,567.89", ""}, NumberCase{"99999%", ""},
                      NumberCase{"nine hundred million", ""},
                      NumberCase{"it was for free and he ate one too", ""},
                      NumberCase{"nine to five", ""}, NumberCase{"two for one", ""},
                      NumberCase{"nineteen eighty to nineteen ninety", "1980 1990"},
                      NumberCase{"from 212 to 555", "212 555"}));

// Where digits stand around them, words that sound like digits are what was said.
INSTANTIATE_TEST_SUITE_P(Homophones, Numbers,
                         ::testing::Values(NumberCase{"one two for five six", "12456"},
                                           NumberCase{"five five to won nine", "55219"},
                                           NumberCase{"seven ate three three", "7833"},
                                           NumberCase{"six tree fife nine oh to four", "6359024"},
                                           NumberCase{"double to five one one", "22511"},
                                           NumberCase{"my social is to one nine six", "2196"},
                                           NumberCase{"my phone is five five five one to", "55512"},
                                           NumberCase{"i went to one one one street", "111"}));

INSTANTIATE_TEST_SUITE_P(
    Spoken, Numbers,
    ::testing::Values(NumberCase{"zero one two three four five six seven eight nine", "0123456789"},
                      NumberCase{"oh oh seven", "007"}, NumberCase{"seven oh o", "700"},
                      NumberCase{"oh okay seven seven seven", "777"},
                      NumberCase{"twenty three forty one", "2341"},
                      NumberCase{"twenty-three forty-one", "2341"},
                      NumberCase{"twenty oh five", "2005"}, NumberCase{"nineteen hundred", "1900"},
                      NumberCase{"nineteen eighty five", "1985"},
                      NumberCase{"two thousand and eleven", "2011"},
                      NumberCase{"one thousand two hundred and thirty four", "1234"},
                      NumberCase{"eight hundred five five five", "800555"},
                      NumberCase{"eight hundred and five one", "8051"},
                      NumberCase{"double five triple zero quadruple nine", "550009999"},
                      NumberCase{"four one 1 one", "4111"},
                      NumberCase{"one two mm-hmm three uh, um four", "1234"},
                      NumberCase{"one two three the last four are five six seven eight", "1235678"},
                      NumberCase{"one two three hold on one second four five six", "123456"},
                      NumberCase{"four thousand one hundred eleven", "4111"},
                      NumberCase{"four ones three zeros two fives", "111100055"},
                      NumberCase{"naught nought nil", "000"},
                      NumberCase{"one two three hang on let me see sorry four", "1234"},
                      NumberCase{"one two three dash four space five", "12345"},
                      NumberCase{"one two three because four five six", "123 456"},
                      NumberCase{"one two three [cough] four", "1234"},
                      NumberCase{"one two three [SSN] four five six", "123 456"}));

}  // namespace
}  // namespace cxscribe::redaction
