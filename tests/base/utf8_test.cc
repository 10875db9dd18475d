#include "server/base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, RefusesWhatIsNotWellFormed) {
  EXPECT_FALSE(IsValidUtf8("\x80")) << "a continuation alone";
  EXPECT_FALSE(IsValidUtf8("\xC3")) << "cut short";
  EXPECT_FALSE(IsValidUtf8("\xE2\x82")) << "cut short";
  EXPECT_FALSE(IsValidUtf8("\xC0\xAF")) << "overlong /";
  EXPECT_FALSE(IsValidUtf8("\xE0\x80\xAF")) << "overlong /";
  EXPECT_FALSE(IsValidUtf8("\xF0\x80\x80\xAF")) << "overlong /";
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80")) << "a surrogate";
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80")) << "above U+10FFFF";
  EXPECT_FALSE(IsValidUtf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(IsValidUtf8("\xFF"));
  EXPECT_FALSE(IsValidUtf8("ok\xE9 not"));
}

TEST(Utf8, TakesEveryLength) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("a\0b"sv));
  EXPECT_TRUE(IsValidUtf8("\x7F \xC2\x80 \xDF\xBF"));
  EXPECT_TRUE(IsValidUtf8("\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF"));
  EXPECT_TRUE(IsValidUtf8("\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
}

TEST(Utf8, ReplacesBytesAndKeepsTheRest) {
  EXPECT_EQ(ToValidUtf8("caf\xE9"), "caf\xEF\xBF\xBD");
  EXPECT_EQ(ToValidUtf8("caf\xC3\xA9 \xE2\x82"), "caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80x"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx");
}

TEST(Utf8, EveryByteStringBecomesValid) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b), 'x', '\x80'};
      const std::string valid = ToValidUtf8(bytes);
      ASSERT_TRUE(IsValidUtf8(valid)) << a << " " << b;
      if (IsValidUtf8(bytes)) {
        ASSERT_EQ(valid, bytes);
      }
    }
  }
}

TEST(Utf8, AnEmptyTextHasNoSequence) { EXPECT_EQ(Utf8SequenceLength(""), 0u); }

}  // namespace
}  // namespace cxscribe
