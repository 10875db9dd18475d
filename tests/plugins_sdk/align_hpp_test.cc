// Where words stand in a text.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cxscribe/align.hpp>
#include <gtest/gtest.h>

namespace cx = cxscribe::plugin;

namespace {

// What of the text each word stands for, between bars; "?" where that is not certain.
std::string Align(std::string_view text, const std::vector<std::string_view>& words) {
  const auto ranges = cx::AlignWords(text, words);
  if (!ranges) return "?";
  EXPECT_EQ(ranges->size(), words.size());
  std::string result = "|";
  for (const cx::TextRange& range : *ranges) {
    result += std::string(text.substr(range.begin, range.end - range.begin)) + "|";
  }
  return result;
}

TEST(AlignWords, OtherWordsAreNotThere) {
  EXPECT_EQ(Align("yes it is", {"yes", "is"}), "?");
  EXPECT_EQ(Align("yes it is", {"yes", "it"}), "?");
  EXPECT_EQ(Align("yes", {"yes", "it"}), "?");
  EXPECT_EQ(Align("yes it", {"it", "yes"}), "?");
  EXPECT_EQ(Align("yes", {}), "?");
  EXPECT_EQ(Align("", {"a"}), "?");
  EXPECT_EQ(Align("gr\xC3\xBC\xC3\x9F", {"gruss"}), "?");
}

TEST(AlignWords, CaseAndMarksMayDiffer) {
  EXPECT_EQ(Align("Yes, \"it's\" me.", {"yes", "its", "ME!"}), "|Yes|it's|me|");
  EXPECT_EQ(Align("gr\xC3\xBC\xC3\x9F gott", {"Gr\xC3\xBC\xC3\x9F", "Gott"}),
            "|gr\xC3\xBC\xC3\x9F|gott|");
}

TEST(AlignWords, WordsMayBeCutElsewhere) {
  EXPECT_EQ(Align("an e-mail", {"an", "e", "mail"}), "|an|e|mail|");
  EXPECT_EQ(Align("so be it", {"so be", "it"}), "|so be|it|");
}

TEST(AlignWords, WordsWithoutLettersStandBeforeTheNextOne) {
  EXPECT_EQ(Align("", {}), "|");
  EXPECT_EQ(Align(" .", {"-"}), "||");
  const auto ranges = cx::AlignWords("yes, no.", {"yes", ",", "no", ".", ""});
  ASSERT_TRUE(ranges.has_value());
  EXPECT_EQ((*ranges)[1].begin, 5U);
  EXPECT_EQ((*ranges)[1].end, 5U);
  EXPECT_EQ((*ranges)[3].begin, 8U);
  EXPECT_EQ((*ranges)[4].end, 8U);
}

TEST(LetterWalk, SaysWhichLetterIsWhere) {
  const std::vector<std::string_view> words = {"", "'A", "b"};
  cx::LetterWalk walk("a, B.", words);
  ASSERT_TRUE(walk.AtLetter());
  EXPECT_EQ(walk.text(), 0U);
  EXPECT_EQ(walk.word(), 1U);
  EXPECT_EQ(walk.offset(), 1U);
  walk.Next();
  ASSERT_TRUE(walk.AtLetter());
  EXPECT_EQ(walk.text(), 3U);
  EXPECT_EQ(walk.word(), 2U);
  EXPECT_EQ(walk.offset(), 0U);
  walk.Next();
  EXPECT_FALSE(walk.AtLetter());
  EXPECT_FALSE(walk.Differs());
  EXPECT_EQ(walk.text(), 5U);
  EXPECT_EQ(walk.word(), 3U);
}

TEST(LetterWalk, StopsWhereTheyDiffer) {
  const std::vector<std::string_view> words = {"ax"};
  cx::LetterWalk walk("ab", words);
  ASSERT_TRUE(walk.AtLetter());
  walk.Next();
  EXPECT_FALSE(walk.AtLetter());
  EXPECT_TRUE(walk.Differs());
}

}  // namespace
