#include "plugins/diarization/alignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(AlignWords, CaseAndPunctuationMayDiffer) {
  EXPECT_THAT(AlignWords("Yes, \"it's\" me.", {"yes", "its", "me"}),
              Optional(ElementsAre(0, 6, 12)));
  EXPECT_THAT(AlignWords("an e-mail", {"an", "e", "mail"}), Optional(ElementsAre(0, 3, 5)));
  EXPECT_THAT(AlignWords("gr\xC3\xBC\xC3\x9F gott", {"Gr\xC3\xBC\xC3\x9F", "Gott"}),
              Optional(ElementsAre(0, 7)));
}

TEST(AlignWords, NothingIsInNothing) {
  EXPECT_THAT(AlignWords("", {}), Optional(IsEmpty()));
  EXPECT_THAT(AlignWords(" .", {"-"}), Optional(ElementsAre(2)));
}

TEST(AlignWords, OtherWordsAreNotThere) {
  EXPECT_EQ(AlignWords("yes it is", {"yes", "is"}), std::nullopt);
  EXPECT_EQ(AlignWords("yes it is", {"yes", "it"}), std::nullopt);
  EXPECT_EQ(AlignWords("yes", {"yes", "it"}), std::nullopt);
  EXPECT_EQ(AlignWords("", {"a"}), std::nullopt);
}

}  // namespace
}  // namespace cxscribe::diarization
