#include "plugins/inverse_text_normalisation/follow.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace cxscribe::itn {
namespace {

// The words after formatting `text`, as "word[begin,end)"; "?" where they cannot be followed.
std::string Follow(std::string_view text, const std::vector<std::string_view>& words) {
  const Formatted formatted = Format(text, {});
  const auto followed = FollowEdits(text, formatted.edits, words);
  if (!followed) return "?";
  std::string result;
  for (const Followed& word : *followed) {
    if (!result.empty()) result += ' ';
    result += word.text;
    if (word.end != word.begin + 1) {
      result += '[' + std::to_string(word.begin) + ',' + std::to_string(word.end) + ')';
    }
  }
  return result;
}

TEST(Follow, WordsThatSayOtherThingsThanTheTextAreNotFollowed) {
  EXPECT_EQ(Follow("twenty dollars", {"twenty"}), "?");
  EXPECT_EQ(Follow("twenty dollars", {"twenty", "dollars", "more"}), "?");
  EXPECT_EQ(Follow("twenty dollars", {"thirty", "dollars"}), "?");
  EXPECT_EQ(Follow("twenty dollars", {"dollars", "twenty"}), "?");
  EXPECT_EQ(Follow("twenty dollars", {}), "?");
}

TEST(Follow, OneWordForThoseThatAreReplaced) {
  EXPECT_EQ(Follow("pay twenty three dollars now", {"pay", "twenty", "three", "dollars", "now"}),
            "pay $23[1,4) now");
  EXPECT_EQ(
      Follow("on july third two thousand ten", {"on", "july", "third", "two", "thousand", "ten"}),
      "on july 3 2010[3,6)");
  EXPECT_EQ(Follow("three million dollars", {"three", "million", "dollars"}), "$3 million[1,3)");
}

TEST(Follow, MarksStayWithTheirWords) {
  EXPECT_EQ(Follow("Pay (twenty dollars). Okay?", {"Pay", "(twenty", "dollars).", "Okay?"}),
            "Pay ($20).[1,3) Okay?");
  EXPECT_EQ(Follow("Twenty dollars, okay.", {"twenty", "dollars", ",", "okay", "."}),
            "$20[0,2) , okay .");
}

TEST(Follow, WordsOfAnyCut) {
  EXPECT_EQ(Follow("pay twenty dollars now", {"pay twenty", "dol", "lars now"}),
            "pay $20 now[0,3)");
  EXPECT_EQ(Follow("twenty dollars or thirty dollars", {"twenty dollars or thirty dollars"}),
            "$20 or $30");
  EXPECT_EQ(Follow("fifty-five yen", {"fifty-five", "", "yen", ""}),
            "\xC2\xA5"
            "55[0,3) ");
}

}  // namespace
}  // namespace cxscribe::itn
