#include "plugins/redaction/echoes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAreArray;

class Echoes : public ::testing::TestWithParam<Call> {};

TEST_P(Echoes, AreFoundExactly) {
  EXPECT_THAT(Found(GetParam().lines), ElementsAreArray(GetParam().found));
}

INSTANTIATE_TEST_SUITE_P(
    NoEcho, Echoes,
    ::testing::Values(
        // A part of the value, a longer number, and the same number long after.
        Call{{"c: my password is cobalt77!", "a: cobalt is a metal"}, {"PASSWORD cobalt77!"}},
        Call{{"c: the license plate is kfd 2931", "a: that is 52931 miles"},
             {"LICENSE_PLATE kfd 2931"}},
        Call{{"c: my zip code is 45402", "a: hello", "a: there", "a: you", "a: go", "a: my",
              "a: dear", "a: friend", "a: we have 45402 in stock"},
             {"POSTAL_CODE 45402"}},
        Call{{"a: your mother's maiden name", "c: pike", "a: a pike is a fish"},
             {"PASSWORD pike"}}));

INSTANTIATE_TEST_SUITE_P(
    OtherForm, Echoes,
    ::testing::Values(
        Call{{"c: my password is cobalt77!", "a: great cobalt seventy seven exclamation point"},
             {"PASSWORD cobalt77!", "PASSWORD cobalt seventy seven exclamation point"}},
        Call{{"c: my username is i o k o r o thirty one", "a: okay so that's iokoro31"},
             {"USERNAME i o k o r o thirty one", "USERNAME iokoro31"}},
        Call{{"c: my zip code is four five four oh two", "a: i have 45402 is that right"},
             {"POSTAL_CODE four five four oh two", "POSTAL_CODE 45402"}},
        Call{
            {"c: the license plate is kfd 2931", "a: kilo foxtrot delta two nine three one got it"},
            {"LICENSE_PLATE kfd 2931", "LICENSE_PLATE kilo foxtrot delta two nine three one"}},
        Call{{"c: i live at 12 quarry road flat 4", "a: twelve quarry road flat four thank you"},
             {"ADDRESS 12 quarry road flat 4", "ADDRESS twelve quarry road flat four"}},
        Call{{"c: the card expires april twenty thirty one", "a: oh four thirty one got it"},
             {"CARD_EXPIRY april twenty thirty one", "CARD_EXPIRY oh four thirty one"}}));

INSTANTIATE_TEST_SUITE_P(SaidBefore, Echoes,
                         ::testing::Values(Call{
                             {"c: it begins kfd 2931 or so", "a: what's the license plate",
                              "c: kfd 2931"},
                             {"LICENSE_PLATE kfd 2931", "LICENSE_PLATE kfd 2931"}}));

}  // namespace
}  // namespace cxscribe::redaction
