// Dates of birth: where they are asked for, in whatever form, and where they are said again.
#include "plugins/redaction/date.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/redaction/date_reader.h"
#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

TEST(DigitsOfADate, HaveADayAndAMonth) {
  EXPECT_FALSE(AreDate("99999999"));
  EXPECT_FALSE(AreDate("131385"));
  EXPECT_FALSE(AreDate("123"));
  EXPECT_FALSE(AreDate("123456789"));
  EXPECT_TRUE(AreDate("03141985"));
  EXPECT_TRUE(AreDate("14031985"));
  EXPECT_TRUE(AreDate("19850314"));
  EXPECT_TRUE(AreDate("31485"));
}

class BirthDate : public ::testing::TestWithParam<Call> {};

TEST_P(BirthDate, IsFoundExactly) { EXPECT_EQ(Found(GetParam().lines), GetParam().found); }

INSTANTIATE_TEST_SUITE_P(
    Nothing, BirthDate,
    ::testing::Values(Call{{"a: it came on march third nineteen eighty five"}, {}},
                      Call{{"b: i was born in nineteen eighty five"}, {}},
                      Call{{"b: my first born is three"}, {}},
                      Call{{"a: birthday discounts are ten percent", "b: flight one two two four"},
                           {}},
                      Call{{"a: date of birth", "b: 99/99/9999"}, {}},
                      // Asked for and answered; the appointment is another date.
                      Call{{"a: date of birth", "b: 03/14/1985",
                            "a: you are booked for may second at ten thirty"},
                           {"DATE_OF_BIRTH 03/14/1985"}}));

INSTANTIATE_TEST_SUITE_P(
    Answers, BirthDate,
    ::testing::Values(
        Call{{"a: your date of birth", "b: march third nineteen eighty five"},
             {"DATE_OF_BIRTH march third nineteen eighty five"}},
        Call{{"a: dob", "b: the 3rd of March, 1985"}, {"DATE_OF_BIRTH the 3rd of March, 1985"}},
        Call{{"a: date of birth", "b: march third", "a: mm hmm", "b: nineteen eighty five"},
             {"DATE_OF_BIRTH march third|mm hmm|nineteen eighty five"}},
        Call{{"a: and your birthday", "b: it's june uh twenty first two thousand and one"},
             {"DATE_OF_BIRTH june uh twenty first two thousand and one"}},
        Call{{"a: date of birth", "b: oh three fourteen eighty five"},
             {"DATE_OF_BIRTH oh three fourteen eighty five"}},
        Call{{"a: date of birth", "b: 3 14 1985"}, {"DATE_OF_BIRTH 3 14 1985"}},
        Call{{"a: date of birth", "b: oh three slash fourteen slash eighty five"},
             {"DATE_OF_BIRTH oh three slash fourteen slash eighty five"}},
        Call{{"a: date of birth", "b: the fourteenth of the third eighty five"},
             {"DATE_OF_BIRTH the fourteenth of the third eighty five"}},
        Call{{"a: date of birth", "b: 1985-03-14"}, {"DATE_OF_BIRTH 1985-03-14"}},
        Call{{"b: the third of may nineteen sixty is my date of birth"},
             {"DATE_OF_BIRTH the third of may nineteen sixty"}},
        Call{{"a: date of birth", "b: march third no sorry march fourth nineteen eighty five"},
             {"DATE_OF_BIRTH march third", "DATE_OF_BIRTH march fourth nineteen eighty five"}}));

INSTANTIATE_TEST_SUITE_P(
    Echoes, BirthDate,
    ::testing::Values(
        // The answer was taken out, what the agent made of it was not.
        Call{
            {"a: date of birth please", "b: it's [PII]", "a: great, august nineteen twenty twenty"},
            {"DATE_OF_BIRTH august nineteen twenty twenty"}},
        Call{{"a: date of birth please", "b: it's ****", "a: 08/19/1980 thank you that matches"},
             {"DATE_OF_BIRTH 08/19/1980"}},
        Call{{"a: date of birth please", "b: it's [PII]", "a: great, i see you on march third"},
             {}},
        Call{{"a: date of birth please", "b: it's [PII]",
              "a: thanks your delivery comes on march third twenty twenty five"},
             {}},
        Call{{"a: date of birth please", "b: it's [PII]", "a: your order", "a: may 3 2025"}, {}},
        Call{{"a: date of birth please", "b: august nineteenth twenty twenty",
              "a: great, august nineteen twenty twenty"},
             {"DATE_OF_BIRTH august nineteenth twenty twenty",
              "DATE_OF_BIRTH august nineteen twenty twenty"}},
        Call{
            {"a: date of birth please", "b: 3/14/1985", "a: thanks and what can i do for you today",
             "b: well the internet has been down since monday and i cannot work from home at all",
             "a: i see let me bring the file up it says march fourteenth nineteen eighty five"},
            {"DATE_OF_BIRTH 3/14/1985", "DATE_OF_BIRTH march fourteenth nineteen eighty five"}}));

}  // namespace
}  // namespace cxscribe::redaction
