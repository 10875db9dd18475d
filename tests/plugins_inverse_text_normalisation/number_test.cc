// The grammar of numbers, by itself.
#include "plugins/inverse_text_normalisation/number.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe::itn {
namespace {

// The number at the start of `text`, and how many words it has; "-" where there is none.
std::string Read(std::string_view text, bool article = false) {
  const Words words(text);
  const auto number = ReadNumber(words, 0, article);
  if (!number) return "-";
  return number->digits + (number->ordinal ? "th/" : "/") + std::to_string(number->end);
}

std::string Key(std::string_view text) {
  const Words words(text);
  const auto keyed = ReadKeyed(words, 0, words.size());
  return keyed ? keyed->digits : "-";
}

TEST(Number, IsNotReadWhereNoneIs) {
  for (const char* text : {"", "hundred", "and two", "a hundred", "million", "[two]", "\xC3\xA9"}) {
    EXPECT_EQ(Read(text), "-") << text;
  }
}

TEST(Number, EndsWhereTheGrammarDoes) {
  EXPECT_EQ(Read("twenty twelve"), "20/1");
  EXPECT_EQ(Read("two three"), "2/1");
  EXPECT_EQ(Read("ten hundred"), "10/1");
  EXPECT_EQ(Read("one thousand fifteen hundred"), "1000/2");
  EXPECT_EQ(Read("five thousand million"), "5000/2");
  EXPECT_EQ(Read("one hundred and two hundred"), "100/2");
  EXPECT_EQ(Read("five, six"), "5/1");
  EXPECT_EQ(Read("twenty zero"), "20/1");
  EXPECT_EQ(Read("one hundred and"), "100/2");
}

TEST(Number, IsReadToItsEnd) {
  EXPECT_EQ(Read("zero"), "0/1");
  EXPECT_EQ(Read("ninety nine hundred and fifteen dollars"), "9915/5");
  EXPECT_EQ(Read("one million and two thousand and three"), "1002003/7");
  EXPECT_EQ(Read("a hundred and one", true), "101/4");
  EXPECT_EQ(Read("a million", true), "1000000/2");
  EXPECT_EQ(Read("twenty-five thousandth"), "25000th/3");
  EXPECT_EQ(Read("one crore two lakh"), "10200000/4");
}

TEST(Keyed, DigitsAsOneWouldKeyThemIn) {
  EXPECT_EQ(Key("double five oh twelve forty one nine hundred"),
            "55012419"
            "00");
  EXPECT_EQ(Key("ten hundred"), "-");
  EXPECT_EQ(Key("double twelve"), "-");
  EXPECT_EQ(Key("triple"), "-");
  EXPECT_EQ(Key("five thousand"), "-");
  EXPECT_EQ(Key("twenty first"), "-");
}

TEST(Runs, AreNumberWordsAndWhatJoinsThem) {
  const Words words("call one hundred and oh five, double two point five now");
  EXPECT_FALSE(words.InRun(0));
  EXPECT_EQ(words.RunEnd(1), 3U);  // "and" needs a number behind it
  EXPECT_EQ(words.RunEnd(4), 6U);  // the comma ends it
  EXPECT_EQ(words.RunEnd(6), 10U);
  EXPECT_FALSE(words.InRun(10));
}

}  // namespace
}  // namespace cxscribe::itn
