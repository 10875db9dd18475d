// The model file: what is written comes back, and anything else is refused.
#include "plugins/punctuation/model.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/punctuation/embedded_model.h"
#include "tests/plugins_punctuation/small_model.h"

namespace cxscribe::punctuation {
namespace {

using ::testing::HasSubstr;

std::string WhyRefused(std::string_view bytes) {
  std::string error;
  EXPECT_EQ(ReadModel(bytes, &error), nullptr);
  return error;
}

TEST(ModelFile, ComesBackAsItWasWritten) {
  const Model model = SmallModel();
  const std::string bytes = WriteModel(model);
  std::string error;
  const auto read = ReadModel(bytes, &error);
  ASSERT_NE(read, nullptr) << error;
  EXPECT_EQ(read->name, "small");
  EXPECT_EQ(read->vocabulary.words(), model.vocabulary.words());
  EXPECT_EQ(read->mixed_forms, model.mixed_forms);
  EXPECT_EQ(WriteModel(*read), bytes);
}

TEST(ModelFile, IsRefusedWhereverItEnds) {
  const std::string bytes = WriteModel(SmallModel());
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_NE(WhyRefused(std::string_view(bytes).substr(0, size)), "") << size;
  }
  EXPECT_THAT(WhyRefused(bytes + "x"), HasSubstr("goes on after its end"));
}

TEST(ModelFile, SomethingElseIsNoModel) {
  EXPECT_THAT(WhyRefused("CXPUNCT2 and so on"), HasSubstr("not a punctuation model"));
  EXPECT_THAT(WhyRefused(""), HasSubstr("not a punctuation model"));
}

// The sizes stand after the magic, and the name with its length.
constexpr std::size_t kSizes = 8 + 4 + 5;

TEST(ModelFile, SizesOutOfRangeAreRefusedBeforeMemoryIsTaken) {
  for (std::size_t field = 0; field < 6; ++field) {
    std::string bytes = WriteModel(SmallModel());
    const std::uint32_t huge = 0xFFFFFFF0U;
    std::memcpy(&bytes[kSizes + 4 * field], &huge, sizeof(huge));
    EXPECT_THAT(WhyRefused(bytes), HasSubstr("sizes")) << field;
  }
}

TEST(ModelFile, ANumberThatIsNoneIsRefused) {
  std::string bytes = WriteModel(SmallModel());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(&bytes[kSizes + 24], &nan, sizeof(nan));  // the embedding's scale
  EXPECT_THAT(WhyRefused(bytes), HasSubstr("a number that is none"));
}

TEST(ModelFile, TheVocabularyMustFitTheEmbedding) {
  Model model = SmallModel();
  model.vocabulary = Vocabulary({"a", "b"});
  EXPECT_THAT(WhyRefused(WriteModel(model)), HasSubstr("not of one size"));
}

TEST(EmbeddedModel, IsReadAndSmall) {
  constexpr std::size_t kMostBytes = 8'000'000;
  std::string error;
  const auto model = ReadModel(EmbeddedModel(), &error);
  ASSERT_NE(model, nullptr) << error;
  EXPECT_LE(EmbeddedModel().size(), kMostBytes);
  EXPECT_THAT(model->name, HasSubstr("en"));
}

}  // namespace
}  // namespace cxscribe::punctuation
