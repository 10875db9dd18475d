#include "plugins/redaction/marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Allowed : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Allowed, IsNotReported) {
  const std::string line = "customer: " + std::string(GetParam());
  EXPECT_THAT(Found({line}), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, Allowed,
                         ::testing::Values("card ending in ****1234", "****-****-****-1234",
                                           "it's xxxx xxxx xxxx 1234", "[CREDIT_CARD] 1234",
                                           "[card number] one two three four", "***-**-1234",
                                           "#### and 5 of them", "** 12345 **", "## 12345",
                                           "[NAME] 48213", "#### 10:30", "[redacted] and 12"));

struct PartialCase {
  std::string_view text;
  std::string_view found;
};

class Partial : public ::testing::TestWithParam<PartialCase> {};

TEST_P(Partial, IsReported) {
  const std::string line = "customer: " + std::string(GetParam().text);
  EXPECT_THAT(Found({line}), ElementsAre(std::string(GetParam().found)));
}

INSTANTIATE_TEST_SUITE_P(All, Partial,
                         ::testing::Values(PartialCase{"****1234 5678", "CREDIT_CARD 1234 5678"},
                                           PartialCase{"xxxx-xxxx-xxxx-12345", "CREDIT_CARD 12345"},
                                           PartialCase{"4111 11******", "CREDIT_CARD 4111 11"},
                                           PartialCase{"[CREDIT_CARD] one one one one two",
                                                       "CREDIT_CARD one one one one two"},
                                           PartialCase{"***-**-12345", "SSN 12345"},
                                           PartialCase{"<SSN> 45 6789", "SSN 45 6789"}));

MarkCounts Count(std::string_view text) {
  return Verify({{"", text}}, Plan(EntitySet()), nullptr, {}).marks;
}

TEST(Marks, AreCountedByKind) {
  EXPECT_EQ(Count("nothing here").names, 0U);
  EXPECT_EQ(Count("[PII] [NAME_1] <PERSON> {{name}} [redacted] [cough]").names, 5U);
  EXPECT_EQ(Count("#### **** XXXX xxxxxx").runs, 4U);
  EXPECT_EQ(Count("redacted (beep) *bleep* after the beep").words, 3U);
}

}  // namespace
}  // namespace cxscribe::redaction
