#include "server/job/language_tag.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

struct Tag {
  const char* given;
  const char* canonical;  // null: refused
};

class LanguageTagTest : public testing::TestWithParam<Tag> {};

TEST_P(LanguageTagTest, IsCanonicalOrRefused) {
  const auto canonical = CanonicalLanguageTag(GetParam().given);
  if (GetParam().canonical == nullptr) {
    EXPECT_FALSE(canonical.has_value()) << *canonical;
  } else {
    ASSERT_TRUE(canonical.has_value());
    EXPECT_EQ(*canonical, GetParam().canonical);
    EXPECT_EQ(CanonicalLanguageTag(*canonical), canonical) << "canonical form is stable";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Refused, LanguageTagTest,
    testing::Values(Tag{"", nullptr}, Tag{"e", nullptr}, Tag{"english", nullptr},
                    Tag{"en_US", nullptr}, Tag{"en-", nullptr}, Tag{"-en", nullptr},
                    Tag{"en--US", nullptr}, Tag{"en-US ", nullptr}, Tag{"e1", nullptr},
                    Tag{"en-a", nullptr}, Tag{"en-a-b", nullptr}, Tag{"en-x", nullptr},
                    Tag{"x", nullptr}, Tag{"en-US-US", nullptr}, Tag{"en-US-Latn", nullptr},
                    Tag{"de-1996-1996", nullptr}, Tag{"en-a-bbb-a-ccc", nullptr},
                    Tag{"en-toolongsubtag", nullptr}, Tag{"zh-aaa-bbb-ccc-ddd", nullptr},
                    Tag{"a-DE", nullptr}, Tag{"en-\xc3\xa9\xc3\xa9", nullptr},
                    Tag{"i-unheard", nullptr}, Tag{"419", nullptr}, Tag{"en-U", nullptr}));

// Mostly the examples of RFC 5646, appendix A.
INSTANTIATE_TEST_SUITE_P(
    WellFormed, LanguageTagTest,
    testing::Values(Tag{"de", "de"}, Tag{"EN-us", "en-US"}, Tag{"zh-hant", "zh-Hant"},
                    Tag{"ZH-CMN-HANS-cn", "zh-cmn-Hans-CN"}, Tag{"sr-latn-rs", "sr-Latn-RS"},
                    Tag{"sl-rozaj-biske", "sl-rozaj-biske"}, Tag{"de-CH-1901", "de-CH-1901"},
                    Tag{"hy-Latn-IT-arevela", "hy-Latn-IT-arevela"}, Tag{"es-419", "es-419"},
                    Tag{"de-CH-x-PHONEBK", "de-CH-x-phonebk"}, Tag{"x-whatever", "x-whatever"},
                    Tag{"qaa-Qaaa-QM-x-southern", "qaa-Qaaa-QM-x-southern"},
                    Tag{"en-US-u-islamcal", "en-US-u-islamcal"},
                    Tag{"zh-CN-a-myext-x-private", "zh-CN-a-myext-x-private"},
                    Tag{"en-a-MYEXT-b-another", "en-a-myext-b-another"},
                    Tag{"I-KLINGON", "i-klingon"}, Tag{"sgn-be-fr", "sgn-BE-FR"},
                    Tag{"art-lojban", "art-lojban"}, Tag{"zh-min-nan", "zh-min-nan"}));

TEST(LanguageTag, HasALongestLength) {
  std::string tag = "en-x";
  while (tag.size() <= 100) tag += "-abcdefg";
  EXPECT_FALSE(CanonicalLanguageTag(tag).has_value());
  EXPECT_TRUE(CanonicalLanguageTag(tag.substr(0, 100 - 100 % 8 + 4)).has_value());
}

}  // namespace
}  // namespace cxscribe
