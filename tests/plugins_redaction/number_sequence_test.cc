#include "plugins/redaction/number_sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

class Sequence : public ::testing::TestWithParam<Call> {};

TEST_P(Sequence, IsFoundExactly) { EXPECT_EQ(Found(GetParam().lines), GetParam().found); }

INSTANTIATE_TEST_SUITE_P(
    Nothing, Sequence,
    ::testing::Values(
        Call{{"a: one two three four five six seven eight nine ten"}, {}},
        Call{{"a: ten nine eight seven six five four three two one"}, {}},
        Call{{"a: in 1984 1985 and 1986"}, {}},
        Call{{"a: it grew from twenty four to thirty six and then forty eight fifty two"}, {}},
        Call{{"b: order 441982077314"}, {}},
        Call{{"a: your ticket is four four one nine eight two oh seven seven three"}, {}},
        Call{{"b: 44198207"}, {}}, Call{{"b: hjp 936748216"}, {}},
        Call{{"a: it costs 1,234,567,890 and 123456789 dollars"}, {}}));

INSTANTIATE_TEST_SUITE_P(
    Unknown, Sequence,
    ::testing::Values(
        Call{{"b: it's 936748217"}, {"NUMBER_SEQUENCE 936748217"}},
        Call{{"b: four four one, nine eight two, oh seven seven, three one"},
             {"NUMBER_SEQUENCE four four one, nine eight two, oh seven seven, three one"}},
        Call{{"b: 4419 8207 7314"}, {"NUMBER_SEQUENCE 4419 8207 7314"}}));

}  // namespace
}  // namespace cxscribe::redaction
