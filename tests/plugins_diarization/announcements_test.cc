#include "plugins/diarization/announcements.h"

#include <gtest/gtest.h>

#include "plugins/diarization/handover.h"

namespace cxscribe::diarization {
namespace {

Announcement In(std::string_view text) { return AnnouncementIn(SpokenWords(text)); }

TEST(Announcements, OfAMenuAndAQueue) {
  for (const char* text :
       {"for billing press one", "Press 2 for sales.", "to speak to somebody press zero now",
        "please enter your account number using your keypad"}) {
    EXPECT_EQ(In(text).machine, Role::kIvr) << text;
    EXPECT_EQ(In(text).sureness, Sureness::kMenu) << text;
    EXPECT_FALSE(In(text).human) << text;
  }
  for (const char* text :
       {"your call is important to us", "all of our agents are currently assisting other callers",
        "please stay on the line for the next available representative",
        "please listen carefully as our menu has changed"}) {
    EXPECT_EQ(In(text).sureness, Sureness::kSure) << text;
    EXPECT_FALSE(In(text).human) << text;
  }
}

TEST(Announcements, OfAVoicemail) {
  for (const char* text :
       {"you have reached the voicemail of dana wills", "the mailbox is full",
        "please leave a message after the tone",
        "hi this is bo i can't come to the phone please leave your name after the beep",
        "when you are finished recording you may hang up"}) {
    EXPECT_EQ(In(text).machine, Role::kVoicemail) << text;
    EXPECT_EQ(In(text).sureness, Sureness::kSure) << text;
  }
}

TEST(Announcements, ThatPeopleReadOutAreNotSure) {
  for (const char* text :
       {"this call may be recorded for quality", "please hold", "thank you for calling meridian"}) {
    EXPECT_EQ(In(text).sureness, Sureness::kMaybe) << text;
  }
}

TEST(Announcements, ThatAreTalkedAboutAreHuman) {
  for (const char* text :
       {"it said your call is important to us",
        "i pressed it and press one for billing did nothing",
        "when you call back press two for claims", "okay so please hold",
        "this call may be recorded my name is kim", "well the mailbox is full",
        "he's not available to take your call would you like to leave a message"}) {
    const Announcement found = In(text);
    EXPECT_TRUE(found.human || found.sureness == Sureness::kMaybe) << text;
  }
}

TEST(Announcements, AreNotInWhatPeopleSay) {
  for (const char* text : {"", "yes", "how can i help you", "i left him a message",
                           "can you press the button for me"}) {
    EXPECT_EQ(In(text).sureness, Sureness::kNone) << text;
    EXPECT_EQ(In(text).machine, Role::kNone) << text;
  }
}

TEST(Handover, IsAnnouncedAndTakenOver) {
  const auto in = [](std::string_view text) { return HandoverIn(SpokenWords(text)); };
  EXPECT_EQ(in("let me transfer you to claims"), Handover::kAnnounced);
  EXPECT_EQ(in("I'll put you through."), Handover::kAnnounced);
  EXPECT_EQ(in("thank you for holding this is noor"), Handover::kTakesOver);
  EXPECT_EQ(in("my name is noor how can i help"), Handover::kTakesOver);
  EXPECT_EQ(in("this is noor"), Handover::kNone);
  EXPECT_EQ(in("thank you for holding"), Handover::kNone);
  EXPECT_EQ(in(""), Handover::kNone);
}

}  // namespace
}  // namespace cxscribe::diarization
