#include "plugins/diarization/handover.h"

#include <string_view>

#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

struct Case {
  std::string_view said;
  Handover is;
};

constexpr Handover kNone = Handover::kNone;
constexpr Handover kAnnounced = Handover::kAnnounced;
constexpr Handover kTakesOver = Handover::kTakesOver;

constexpr Case kCases[] = {
    {"", kNone},
    {"okay let me look at that", kNone},

    {"i'll put you through to billing", kAnnounced},
    {"let me transfer you now", kAnnounced},
    {"one moment while i'm connecting you", kAnnounced},
    {"my name is tom and i'll put you through to loyalty", kAnnounced},

    // Who takes over greets and says who he is.
    {"thank you for holding this is simone", kTakesOver},
    {"thanks for holding this is uh simone in loyalty", kTakesOver},
    {"hi this is simone how can i help you today", kTakesOver},
    {"this is doctor marsh how may i help", kTakesOver},
    {"thank you for holding my name is simone", kTakesOver},
    {"thank you for holding you're through to simone", kTakesOver},
    {"thank you for calling this is billing", kTakesOver},
    {"thank you for calling this is the billing department", kTakesOver},
    {"thanks for holding this is the technical support team", kTakesOver},
    {"thank you for holding so this is what i found but my name is simone", kTakesOver},

    // Either alone is nothing.
    {"thank you for holding", kNone},
    {"how can i help", kNone},
    {"this is simone", kNone},

    // Not everything that this is is somebody.
    {"thank you for holding this is", kNone},
    {"thank you for holding this is um", kNone},
    {"thank you for holding this is what i found", kNone},
    {"thank you for holding this is the thing", kNone},
    {"thank you for holding this is the third time they changed it", kNone},
    {"thank you for holding this is going to take a while", kNone},
    {"thank you for holding this is just to confirm", kNone},
    {"thanks for holding this is still kyle", kNone},
    {"thanks for holding this is your new balance", kNone},
    {"thanks for holding this is a known fault", kNone},
    {"thanks for holding this is twelve dollars a month", kNone},
    {"how can i help if this is about the same order", kNone},
    {"thank you for holding this is taking longer than i thought", kNone},
};

class Handovers : public ::testing::TestWithParam<Case> {};

TEST_P(Handovers, AreKnown) {
  EXPECT_EQ(HandoverIn(SpokenWords(GetParam().said)), GetParam().is) << GetParam().said;
}

INSTANTIATE_TEST_SUITE_P(All, Handovers, ::testing::ValuesIn(kCases));

}  // namespace
}  // namespace cxscribe::diarization
