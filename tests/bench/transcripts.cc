#include "tests/bench/transcripts.h"

#include <iterator>

namespace cxscribe {
namespace {

constexpr const char* kLines[] = {
    "thank you for calling how can i help you today",
    "yes hi i have a question about the bill i got last week",
    "of course can i take your name and the account number please",
    "it's on the letter somewhere hold on let me find it",
    "no problem take your time we are open until six",
    "okay so it says four five three two and then it is folded over",
    "that is fine do you have the card that you paid with there",
    "my card is four one one one one one one one one one one one one one one one",
    "and a number that we can call you back on if we get cut off",
    "two one two five five five zero one four seven is the best one",
    "perfect and what would you like to do about the charge",
    "i would like it taken off because we never ordered the second one",
};

}  // namespace

v1::Transcript MakeCall(int segments) {
  v1::Transcript transcript;
  transcript.set_language("en-US");
  transcript.set_transcription_id("txn_bench");
  for (int i = 0; i < segments; ++i) {
    v1::Segment* segment = transcript.add_segments();
    segment->set_recording_id("rec_bench");
    segment->set_speaker(i % 2 == 0 ? "channel_0" : "channel_1");
    segment->set_text(kLines[static_cast<size_t>(i) % std::size(kLines)]);
    segment->set_confidence(0.93);
    segment->set_start_ms(i * 4000);
    segment->set_end_ms(i * 4000 + 3500);
  }
  return transcript;
}

}  // namespace cxscribe
