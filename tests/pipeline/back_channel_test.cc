#include "server/pipeline/back_channel.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

TEST(BackChannel, IsWhatAListenerSaysToShowThatTheyListen) {
  for (const char* text : {"mm hmm",
                           "Mm-hmm.",
                           "mmhmm",
                           "mhm",
                           "Mmmm",
                           "hmmm?",
                           "uh huh",
                           "Uh-huh,",
                           "yeah",
                           "Yeahhh!",
                           "okay",
                           "OK",
                           "O.K.",
                           "right",
                           "Right, right.",
                           "Oh, okay. Sure",
                           "I see.",
                           "all right",
                           "Alright",
                           "of course",
                           "Got it.",
                           "yes",
                           "yeah\xE2\x80\x94right\xE2\x80\xA6",
                           " um "}) {
    EXPECT_TRUE(IsBackChannel(text)) << text;
  }
}

TEST(BackChannel, IsNothingThatSaysMore) {
  for (const char* text : {"",
                           " ",
                           "...",
                           "\xE2\x80\xA6",
                           "\xE2\x80",
                           "\xFF",
                           "no",
                           "yeah but no",
                           "okay so",
                           "right away",
                           "I",
                           "I see it",
                           "see",
                           "all",
                           "all of it",
                           "got",
                           "of",
                           "M",
                           "m m",
                           "O",
                           "[PERSON]",
                           "****",
                           "yeah, \u00fcber",
                           "\xE3\x81\xAF\xE3\x81\x84",
                           "okay 4",
                           "right i"}) {
    EXPECT_FALSE(IsBackChannel(text)) << text;
  }
}

TEST(BackChannel, OfAnyLength) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "Yeah. ";
  EXPECT_TRUE(IsBackChannel(text));
  EXPECT_FALSE(IsBackChannel(text + "No."));
}

}  // namespace
}  // namespace cxscribe
