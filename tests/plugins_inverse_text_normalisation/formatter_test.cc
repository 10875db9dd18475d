// What holds for every text.
#include "plugins/inverse_text_normalisation/formatter.h"

#include <chrono>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace cxscribe::itn {
namespace {

Options Only(Class kind) {
  Options options;
  options.classes.reset();
  options.classes.set(static_cast<std::size_t>(kind));
  return options;
}

std::string Repeat(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() + piece.size() <= bytes) text += piece;
  return text;
}

TEST(Format, TakesAnyText) {
  for (const std::string text : {"",
                                 " ",
                                 "\t\n",
                                 ".",
                                 "...",
                                 "-",
                                 "\xFF\xFE",
                                 "caf\xC3\xA9 \xE4\xB8\x89",
                                 "a",
                                 "at",
                                 "dot",
                                 "at dot",
                                 "dot com",
                                 "plus",
                                 "minus",
                                 "the",
                                 "point",
                                 "half past",
                                 "double",
                                 "and",
                                 "dot dot dot at dot com",
                                 "slash slash"}) {
    EXPECT_EQ(Format(text, {}).text, text);
    EXPECT_TRUE(Format(text, {}).edits.empty());
  }
}

TEST(Format, LeavesSpacesAndEverythingElseWhereTheyAre) {
  EXPECT_EQ(Format("  \xC3\xA9t\xC3\xA9:  twenty\tthree  dollars\n\xE2\x82\xAC ", {}).text,
            "  \xC3\xA9t\xC3\xA9:  $23\n\xE2\x82\xAC ");
}

TEST(Format, SaysWhatItWroteWhere) {
  const Formatted formatted = Format("pay forty five billion dollars on july fifth", {});
  ASSERT_EQ(formatted.edits.size(), 3U);
  EXPECT_EQ(formatted.edits[0].begin, 4U);
  EXPECT_EQ(formatted.edits[0].end, 14U);
  EXPECT_EQ(formatted.edits[0].written, "$45");
  EXPECT_EQ(formatted.edits[1].written, "billion");
  EXPECT_EQ(formatted.edits[2].written, "5");
  EXPECT_EQ(formatted.counts[static_cast<std::size_t>(Class::kMoney)], 1U);
  EXPECT_EQ(formatted.counts[static_cast<std::size_t>(Class::kDate)], 1U);
  EXPECT_EQ(formatted.counts[static_cast<std::size_t>(Class::kCardinal)], 0U);
}

TEST(Format, ReadsOnlyTheClassesThatAreAskedFor) {
  const std::string text = "twenty dollars at five pm on june tenth, jane at example dot com";
  EXPECT_EQ(Format(text, Only(Class::kMoney)).text,
            "$20 at five pm on june tenth, jane at example dot com");
  EXPECT_EQ(Format(text, Only(Class::kElectronic)).text,
            "twenty dollars at five pm on june tenth, jane@example.com");
  EXPECT_EQ(Format(text, Only(Class::kCardinal)).text,
            "20 dollars at five pm on june tenth, jane at example dot com");
}

TEST(Format, SmallNumbersOnRequest) {
  Options options;
  options.small_numbers = true;
  EXPECT_EQ(Format("the third of five calls is that one", options).text,
            "the 3rd of 5 calls is that one");
  EXPECT_EQ(Format("wait a second", options).text, "wait a second");
}

// Twice the text takes about twice the time; what is quadratic takes far longer than this allows.
TEST(Format, IsLinearInItsText) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  for (const std::string_view piece :
       {"one ",          "twenty ",       "hundred ",         "a ",
        "at ",           "dot ",          "a dot ",           "x at a dot b ",
        "point ",        "double ",       "one hundred and ", "thousand ",
        "oh ",           "the first of ", "minus ",           "plus one ",
        "plus ",         "july ",         "smith ",           "smith dot ",
        "five dollars ", "slash ",        "com dot ",         "one dot ",
        "a one ",        "half past ",    "one uh ",          "\xC3\xA9 "}) {
    const auto start = std::chrono::steady_clock::now();
    Format(Repeat(piece, kMebibyte), {});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << piece;
  }
}

TEST(Format, CanBeEnded) {
  EXPECT_THROW(Format(Repeat("smith ", 100'000), {}, [] { throw std::runtime_error("enough"); }),
               std::runtime_error);
  std::size_t pulses = 0;
  Format(Repeat("smith ", 60'000), {}, [&pulses] { ++pulses; });
  EXPECT_GE(pulses, 10'000U / 512);
}

}  // namespace
}  // namespace cxscribe::itn
