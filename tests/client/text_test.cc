#include "client/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::client {
namespace {

using ::testing::ElementsAre;

TEST(Text, NeutralisesEscapeSequences) {
  EXPECT_EQ(Neutralise("\x1b[2J\x1b]0;owned\x07"), "␛[2J␛]0;owned␇");
  EXPECT_EQ(Neutralise("a\x7f\x08z"), "a␡␈z");
}

TEST(Text, NeutralisesC1ControlsThatTerminalsObey) {
  EXPECT_EQ(Neutralise("\xc2\x9b"
                       "31m"),
            "<U+009B>31m");
}

TEST(Text, NeutralisesWhatReordersOrHidesText) {
  EXPECT_EQ(Neutralise("a\u202eb\u2066c\u200bd\ufeffe"), "a<U+202E>b<U+2066>c<U+200B>d<U+FEFF>e");
  EXPECT_EQ(Neutralise("x\u2028y"), "x<U+2028>y");
}

TEST(Text, ReplacesInvalidUtf8) {
  EXPECT_EQ(Neutralise("a\xff\xc3"
                       "b"),
            "a\uFFFD\uFFFD"
            "b");
}

TEST(Text, KeepsOrdinaryTextOfAllScripts) {
  EXPECT_EQ(Neutralise("Grüße, 日本語, שלום, 👍"), "Grüße, 日本語, שלום, 👍");
}

TEST(Text, TurnsLineBreaksIntoSpacesUnlessAskedToKeepThem) {
  EXPECT_EQ(Neutralise("a\r\nb\tc"), "a  b c");
  EXPECT_EQ(NeutraliseLines("a\nb\x1b"), "a\nb␛");
}

TEST(Text, MeasuresColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("Grüße"), 5);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
}

TEST(Text, TruncatesToColumns) {
  EXPECT_EQ(Truncate("abcdef", 6), "abcdef");
  EXPECT_EQ(Truncate("abcdef", 5), "abcd…");
  EXPECT_EQ(Truncate("日本語", 4), "日…");
  EXPECT_EQ(Truncate("abc", 1), "…");
  EXPECT_EQ(Truncate("abc", 0), "");
}

TEST(Text, PadsToColumns) {
  EXPECT_EQ(PadRight("日本", 6), "日本  ");
  EXPECT_EQ(PadLeft("7", 3), "  7");
  EXPECT_EQ(PadLeft("1234", 3), "1234");
}

TEST(Text, WrapsAtSpaces) {
  EXPECT_THAT(Wrap("the quick brown fox", 10), ElementsAre("the quick", "brown fox"));
  EXPECT_THAT(Wrap("", 10), ElementsAre(""));
  EXPECT_THAT(Wrap("  two   gaps  ", 20), ElementsAre("two gaps"));
}

TEST(Text, BreaksWordsThatAreWiderThanTheLine) {
  EXPECT_THAT(Wrap("ab abcdefgh x", 4), ElementsAre("ab", "abcd", "efgh", "x"));
  EXPECT_THAT(Wrap("日本語", 3), ElementsAre("日", "本", "語"));
  EXPECT_THAT(Wrap("日本", 1), ElementsAre("日", "本"));
  EXPECT_THAT(Wrap("ab", 0), ElementsAre("a", "b"));
  // A word without width stays where it stands.
  EXPECT_THAT(Wrap("\u0301 abc", 2), ElementsAre("\u0301", "ab", "c"));
}

TEST(Text, PaintsOnlyWithColour) {
  EXPECT_EQ(Paint("x", Style::kRed, true), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Paint("x", Style::kRed, false), "x");
  EXPECT_EQ(Paint("x", Style::kPlain, true), "x");
}

}  // namespace
}  // namespace cxscribe::client
