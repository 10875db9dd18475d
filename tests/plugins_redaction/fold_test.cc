// Plain text, and the way back from it.
#include "plugins/redaction/fold.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe::redaction {
namespace {

struct FoldCase {
  std::string_view original;
  std::string_view plain;
};

class Folded : public ::testing::TestWithParam<FoldCase> {};
TEST_P(Folded, KeepsAccents) {
  EXPECT_EQ(Fold(GetParam().original, Accents::kKept).text, GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(
    English, Folded,
    ::testing::Values(FoldCase{"", ""}, FoldCase{"It's 4", "it's 4"},
                      FoldCase{"caf\u00e9 4", "caf\u00e9 4"}, FoldCase{"e\u0301", "e\u0301"},
                      FoldCase{"\uff14\uff21\uff20\uff0e", "4a@."},
                      FoldCase{"\u0664\u06f4\u096a\u09ea\u0e54\U0001D7D2\U0001D7FA", "4444444"},
                      FoldCase{"a\u200b\u200e\u202e\u2066\ufeff\u00ad\U000E0041z", "az"},
                      FoldCase{"a\u00a0b\u3000c\u2009d", "a b c d"},
                      FoldCase{"1\u20132\u22123\u00b74", "1-2-3-4"},
                      FoldCase{"it\u2019s \u201cit\u201d\u2026", "it's \"it\"."},
                      // Not UTF-8: cut, overlong, alone.
                      FoldCase{"\xE2\x80", "\xE2\x80"}, FoldCase{"\xE0\x80\xB4", "\xE0\x80\xB4"},
                      FoldCase{"\x80\xFF", "\x80\xFF"}));

class Unaccented : public ::testing::TestWithParam<FoldCase> {};
TEST_P(Unaccented, LosesAccents) {
  EXPECT_EQ(Fold(GetParam().original, Accents::kFolded).text, GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(Others, Unaccented,
                         ::testing::Values(FoldCase{"Z\u00c9RO z\u00e9ro ze\u0301ro",
                                                    "zero zero zero"},
                                           FoldCase{"l'IBAN l\u2019IBAN", "l iban l iban"},
                                           FoldCase{"drei\u00dfig \u00dc", "dreissig u"},
                                           FoldCase{"\u00bfn\u00famero 3\u00ba?", "\"numero 3o?"},
                                           FoldCase{"c\u0153ur na\u00efve", "coeur naive"},
                                           FoldCase{"\u0434\u0430", "\u0434\u0430"}));

// Every character of the plain text leads back to one or more whole characters of the original.
TEST(Origins, LeadBack) {
  const std::string original =
      "\u200b\uff14\u200b\u200b"
      "1 ze\u0301\u0302ro\u00ad \u00df\u4e2d!";
  const PlainText plain = Fold(original, Accents::kFolded);
  ASSERT_EQ(plain.text, "41 zero ss\u4e2d!");
  Origins origins(plain);
  const auto at = [&](int begin, int end) {
    const auto first = static_cast<std::size_t>(origins.Begin(begin));
    return original.substr(first, static_cast<std::size_t>(origins.End(end)) - first);
  };
  EXPECT_EQ(at(0, 1), "\uff14");
  EXPECT_EQ(at(1, 2), "1");
  EXPECT_EQ(at(3, 7), "ze\u0301\u0302ro");
  EXPECT_EQ(at(8, 10), "\u00df");
  EXPECT_EQ(at(10, 13), "\u4e2d");
  EXPECT_EQ(at(13, 14), "!");
}

}  // namespace
}  // namespace cxscribe::redaction
