#include "plugins/diarization/repeats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// Which segments are found alike: the later, the earlier.
std::vector<std::pair<std::size_t, std::size_t>> Alike(const std::vector<std::string>& texts) {
  Repeats repeats;
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    repeats.Add(SpokenWords(texts[i]),
                [&](std::size_t earlier) { found.emplace_back(i, earlier); });
  }
  return found;
}

constexpr char kPart[] = "the box came without any of the cables";
constexpr char kWhole[] = "so the box came without any of the cables and now nothing works";

TEST(Repeats, APartBeforeAndAfterTheWhole) {
  EXPECT_THAT(Alike({kWhole, "right", kPart}), ElementsAre(Pair(2, 0)));
  EXPECT_THAT(Alike({kPart, "right", kWhole}), ElementsAre(Pair(2, 0)));
  EXPECT_THAT(Alike({"The box came, without any of the CABLES.", kPart}), ElementsAre(Pair(1, 0)));
}

TEST(Repeats, FewWordsAreNone) {
  EXPECT_THAT(Alike({"yes that is all right", "yes that is all right"}), IsEmpty());
}

TEST(Repeats, NumbersAreReadBack) {
  EXPECT_THAT(
      Alike({"oh seven double four one two nine six", "oh seven double four one two nine six"}),
      IsEmpty());
  EXPECT_THAT(Alike({"one two three four nine at maple dot org",
                     "one two three four nine at maple dot org"}),
              IsEmpty());
}

TEST(Repeats, OtherWordsAreNone) {
  EXPECT_THAT(Alike({kWhole, "the box came without any of the screws"}), IsEmpty());
}

TEST(Repeats, FarAwayIsNone) {
  std::vector<std::string> texts(Repeats::kNear, "mm hmm");
  texts.front() = kPart;
  texts.push_back(kPart);
  EXPECT_THAT(Alike(texts), IsEmpty());
  texts.erase(texts.begin() + 1);
  EXPECT_THAT(Alike(texts), ElementsAre(Pair(Repeats::kNear - 1, 0)));
}

TEST(Repeats, OfALongStretchOfTheSameWordAreSoonGivenUp) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "well ";
  EXPECT_THAT(Alike({text + "yes", text + "no", text}), IsEmpty());
}

}  // namespace
}  // namespace cxscribe::diarization
