// What is said and what is written, class by class; first what must stay as it is.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "plugins/inverse_text_normalisation/formatter.h"

namespace cxscribe::itn {
namespace {

struct Case {
  const char* said;
  const char* written;
};

std::string Write(std::string_view said) {
  std::string once = Format(said, {}).text;
  EXPECT_EQ(Format(once, {}).text, once) << "a second time, of: " << said;
  return once;
}

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Write(c.said), c.written) << c.said;
}

void CheckKept(const std::vector<const char*>& said) {
  for (const char* text : said) EXPECT_EQ(Write(text), text);
}

TEST(Kept, WhatIsNoNumber) {
  CheckKept({"that one is mine and this one too", "wait a second", "i second that", "oh i see",
             "to be or not to be is for you", "we won", "at this point five people left",
             "may first need a look", "you may march", "connect the dot in the middle",
             "look at the time", "a couple hundred dollars", "hundreds of dollars", "my two cents",
             "a quarter of it", "half of them past noon", "on the one hand", "no one", "i a b c"});
}

TEST(Kept, SmallNumbersThatAreNotMeasured) {
  CheckKept({"two of us", "three times", "the first call", "one or two", "for six days",
             "every third day", "zero"});
}

// Where it is not certain which number was said, or that it was one.
TEST(Kept, WhatCouldBeReadInTwoWays) {
  CheckKept({"eleven fifty five",
             "it is fifteen fifty",
             "it was nineteen ninety nine a month",
             "march sixteen sixty five",
             "march nineteen sixty five",
             "born in march nineteen sixty five",
             "twenty twenty twenty twenty",
             "twenty two thirty",
             "fifty fifty",
             "thirty or forty thousand",
             "six to eight percent",
             "two or three dollars",
             "ten to four p m",
             "between two and four",
             "sixteen and a half percent",
             "in nineteen uh eighty one",
             "one hundred and two hundred",
             "between one hundred and twenty",
             "over a hundred thousand people",
             "half a hundred and five",
             "he is five foot eleven",
             "twenty some people",
             "fifty something dollars",
             "six feet two",
             "one dollars",
             "five pounds",
             "point three percent",
             "one tenth",
             "one hundredth of it",
             "a twenty second break",
             "at five thirty a piece",
             "oh five five five one two three four",
             "expires one two two seven",
             "born three fourteen nineteen eighty",
             "the ones on Ninety One"});
}

TEST(Kept, AddressesWhoseBeginningIsNotKnown) {
  CheckKept({"contact john smith at example dot com", "i go to best buy dot com",
             "dine at five guys dot com", "write m\xC3\xBCller smith at example dot com",
             "the dot com years", "a red dot in the middle"});
}

TEST(Kept, MasksMarksAndWhatIsWritten) {
  CheckKept({"[PHONE] and [CREDIT_CARD].", "[ends in twenty three now]", "{at five thirty p m}",
             "****", "the code is ****, right?", "$23.50 and 5%", "jane.doe@example.com", "21st",
             "[two] <three> #four"});
  Check({{"[PII] twenty dollars ****", "[PII] $20 ****"}});
}

TEST(Kept, NumbersOnEitherSideOfAMark) {
  Check({{"Twenty. Three dollars.", "20. $3."},
         {"twenty, three", "20, three"},
         {"one hundred. And five people", "100. And five people"},
         {"five five five, one two three four", "555, 1234"},
         {"i have twenty. dollars", "i have 20. dollars"},
         {"july. fifth", "july. fifth"},
         {"the twenty- the thirty", "the twenty- the 30"}});
}

TEST(Written, Money) {
  Check({{"twenty three dollars and fifty cents", "$23.50"},
         {"I paid twenty three dollars.", "I paid $23."},
         {"two dollars and five cents", "$2.05"},
         {"one dollar", "$1"},
         {"fifty cents", "$0.50"},
         {"one cent", "$0.01"},
         {"a dollar fifty", "$1.50"},
         {"a dollar and five cents", "$1.05"},
         {"a dollar a day", "a dollar a day"},
         {"forty dollars ten, please", "$40.10, please"},
         {"forty dollars ten people", "$40 10 people"},
         {"a hundred dollars", "$100"},
         {"a hundred and fifty dollars", "$150"},
         {"one ninety nine dollars", "$199"},
         {"fifteen hundred dollars", "$1500"},
         {"six thousand two hundred and ten dollars", "$6210"},
         {"three million dollars", "$3 million"},
         {"two point five billion dollars", "$2.5 billion"},
         {"twelve point nine nine dollars", "$12.99"},
         {"a twenty dollar bill", "a $20 bill"},
         {"nine us dollars", "$9"},
         {"nine u s dollars", "$9"},
         {"eight euros and ten cents",
          "\xE2\x82\xAC"
          "8.10"},
         {"nine hundred yen",
          "\xC2\xA5"
          "900"},
         {"three pounds fifty pence",
          "\xC2\xA3"
          "3.50"},
         {"ten pounds sterling",
          "\xC2\xA3"
          "10"},
         {"two million won",
          "\xE2\x82\xA9"
          "2 million"},
         {"Twenty Dollars", "$20"},
         {"twenty-five dollars", "$25"},
         {"twenty five to thirty dollars", "25 to 30 dollars"}});
}

TEST(Written, Dates) {
  Check({{"july twenty third two thousand eleven", "july 23 2011"},
         {"July twenty third, two thousand eleven.", "July 23, 2011."},
         {"the third of may nineteen sixty one", "3 may 1961"},
         {"on may third", "on may 3"},
         {"first of june", "1 june"},
         {"the very first of june", "the very first of june"},
         {"june thirty", "june 30"},
         {"june five people came", "june five people came"},
         {"in december nineteen ninety nine", "in december 1999"},
         {"december two thousand nine", "december 2009"},
         {"august ninth one nine eight four", "august 9 1984"},
         {"in nineteen eighty four", "in 1984"},
         {"since twenty oh five", "since 2005"},
         {"nineteen eighty four", "1984"},
         {"nineteen sixties", "1960s"},
         {"third quarter of twenty twenty one", "Q3 2021"},
         {"four hundred b c", "400BC"},
         {"july first thing in the morning", "july first thing in the morning"}});
}

TEST(Written, Times) {
  Check({{"five thirty p m", "5:30 pm"},
         {"five thirty P.M. please", "5:30 P.M. please"},
         {"at seven am", "at 7 am"},
         {"at seven am i late", "at seven am i late"},
         {"twelve oh five a m", "12:05 am"},
         {"between two and four p m", "between 2 and 4 pm"},
         {"nine to five thirty pm", "9 to 5:30 pm"},
         {"from ten to four p m", "from 10 to 4 pm"},
         {"at two or three pm", "at 2 or 3 pm"},
         {"five o'clock", "5 o'clock"},
         {"five o\xE2\x80\x99"
          "clock",
          "5 o\xE2\x80\x99"
          "clock"},
         {"half past five", "5:30"},
         {"a quarter to one", "12:45"},
         {"quarter past nine p m", "9:15 pm"},
         {"it's ten to one", "it's ten to one"},
         {"at twenty to four", "at twenty to four"},
         {"ten past three", "ten past three"},
         {"it's five past ten", "it's five past ten"},
         {"quarter past thirteen", "quarter past thirteen"},
         {"ten to fifteen people", "10 to 15 people"},
         {"five million to ten", "5 million to 10"},
         {"twenty to one one one one", "20 to 1111"},
         {"twenty five to five", "twenty five to five"},
         {"june ten to twelve", "june 10 to 12"},
         {"ten past three feet", "10 past 3 feet"},
         {"thirty five past thirty", "35 past 30"},
         {"at eleven fifty", "at 11:50"},
         {"at eleven fifty tomorrow", "at 11:50 tomorrow"}});
}

TEST(Written, Measures) {
  Check({{"five percent", "5%"},
         {"one hundred percent", "100%"},
         {"two point five per cent.", "2.5%."},
         {"minus five degrees", "-5 degrees"},
         {"six miles", "6 miles"},
         {"five feet eleven inches", "5 feet 11 inches"},
         {"a hundred and fifty miles", "150 miles"},
         {"six to twelve percent", "6 to 12%"},
         {"one point two million miles", "1.2 million miles"}});
}

TEST(Written, DigitsOneAfterTheOther) {
  Check(
      {{"two one two five five five oh one seven eight", "212-555-0178"},
       {"it is two one two five five five oh one seven eight, call me.",
        "it is 212-555-0178, call me."},
       {"one eight hundred five five five oh one nine nine", "1 800-555-0199"},
       {"one eight hundred two three four five six seven", "1800234567"},
       {"plus four four two zero seven nine four six zero nine five eight", "+44 207-946-0958"},
       {"plus forty four two zero seven nine four six zero nine five eight", "+44 207-946-0958"},
       {"my phone is five five five oh one two three", "my phone is 555-0123"},
       {"double five triple one", "55111"},
       {"four one one one one one one one one one one one one one one one", "4111-1111-1111-1111"},
       {"forty one eleven eleven eleven eleven eleven eleven eleven", "4111-1111-1111-1111"},
       {"three seven eight two eight two two four six three one zero zero zero five",
        "3782-822463-10005"},
       {"my social is five three six two two eight seven two six", "my social is 536-22-8726"},
       {"five three six two two eight seven two six", "536228726"},
       {"order one two three four five six seven eight nine zero", "order 1234567890"},
       {"nine one one", "911"},
       {"a b nine", "ab9"},
       {"c b nine b one double one", "c b nine b 111"},
       {"it is k five w two two", "it is k5w22"}});
}

TEST(Written, MailAddresses) {
  Check(
      {{"jane dot doe at example dot com", "jane.doe@example.com"},
       {"it is j d underscore nine at g mail dot com thank you", "it is jd_9@gmail.com thank you"},
       {"my email is john smith at mail dot example dot co dot uk",
        "my email is johnsmith@mail.example.co.uk"},
       {"jane seven seven at example dot e d u i think", "jane77@example.edu i think"},
       {"Jane dot Doe at Example dot com.", "Jane.Doe@Example.com."},
       {"a dash b at best buy dot com", "a-b@bestbuy.com"}});
}

TEST(Written, WebAddresses) {
  Check({{"look at example dot com", "look at example.com"},
         {"we're at example dot com", "we're at example.com"},
         {"w w w dot example dot org slash help", "www.example.org/help"},
         {"h t t p s colon slash slash example dot net", "https://example.net"},
         {"i have a example dot io account", "i have a example.io account"},
         {"one ninety two dot one sixty eight dot o dot two hundred fifty five", "192.168.0.255"}});
}

TEST(Written, PlainNumbers) {
  Check({{"two hundred and four", "204"},
         {"a hundred and fifty people", "150 people"},
         {"a hundred and fifty million", "150 million"},
         {"from eight to twelve", "from 8 to 12"},
         {"between three and fifteen", "between 3 and 15"},
         {"one thousand one", "1001"},
         {"eleven hundred", "1100"},
         {"five million people", "5 million people"},
         {"two million and three", "2000003"},
         {"two lakh fifty thousand", "250000"},
         {"nine hundred ninety nine nonillion one", "999000000000000000000000000000001"},
         {"minus sixty", "-60"},
         {"ten minus five", "10 minus five"},
         {"twenty-three", "23"},
         {"two point oh five", "2.05"},
         {"thirty point twenty five", "30.25"},
         {"twenty first", "21st"},
         {"one hundred eleventh", "111th"},
         {"the one thousandth call", "the 1000th call"},
         {"twelfth", "12th"}});
}

}  // namespace
}  // namespace cxscribe::itn
