#include "plugins/check/golden.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Transcript Input() {
  v1::Transcript transcript;
  transcript.add_segments()->set_text("my secret");
  return transcript;
}

TEST(Golden, EqualOutputsDoNotDiffer) {
  RunOutput output;
  v1::Annotation& annotation = output.annotations.emplace_back();
  annotation.set_key("acme.tag");
  annotation.set_segment_index(0);
  const std::string json = GoldenJson(Input(), output);
  EXPECT_THAT(json, HasSubstr("\"outcome\": \"OUTCOME_PASS\""));
  EXPECT_THAT(json, HasSubstr("\"key\": \"acme.tag\""));
  EXPECT_EQ(json.back(), '\n');
  EXPECT_EQ(GoldenDifference(json, json), "");
}

TEST(Golden, ADifferenceIsNamedButNotItsText) {
  v1::Transcript other = Input();
  other.mutable_segments(0)->set_text("another secret");
  const std::string difference =
      GoldenDifference(GoldenJson(Input(), RunOutput()), GoldenJson(other, RunOutput()));
  EXPECT_THAT(difference, HasSubstr("/transcript/segments/0/text"));
  EXPECT_THAT(difference, Not(HasSubstr("secret")));
}

TEST(Golden, AFileThatIsNotJsonSaysSo) {
  EXPECT_THAT(GoldenDifference("{", "{}"), HasSubstr("not JSON"));
}

}  // namespace
}  // namespace cxscribe
