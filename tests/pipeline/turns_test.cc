#include "server/pipeline/turns.h"

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

struct Part {
  std::string speaker;
  int start = 0;
  int end = 0;
  std::string recording = "a";
};

// "agent [0,2) 0-20", one a turn, the recording before it where it is not "a".
std::string TurnsOf(const std::vector<Part>& parts) {
  v1::Transcript transcript;
  transcript.add_turns()->set_speaker("left over");
  for (const Part& part : parts) {
    v1::Segment& segment = *transcript.add_segments();
    segment = Segment("x", part.speaker, part.recording);
    segment.set_start_ms(part.start);
    segment.set_end_ms(part.end);
  }
  ComputeTurns(transcript);
  std::string out;
  for (const v1::Turn& turn : transcript.turns()) {
    absl::StrAppend(&out, out.empty() ? "" : ", ",
                    turn.recording_id() == "a" ? "" : turn.recording_id() + ": ", turn.speaker(),
                    " [", turn.segment_begin(), ",", turn.segment_end(), ") ", turn.start_ms(), "-",
                    turn.end_ms());
  }
  return out;
}

struct Case {
  const char* name;
  std::vector<Part> segments;
  std::string turns;
};

TEST(Turns, AreNeighboursOfOneSpeakerInOneRecording) {
  const std::vector<Case> cases = {
      {"nothing", {}, ""},
      {"one", {{"agent", 5, 9}}, "agent [0,1) 5-9"},
      {"neighbours are merged, whatever the pause",
       {{"agent", 0, 10}, {"agent", 12, 20}, {"agent", 9000, 9900}},
       "agent [0,3) 0-9900"},
      {"another speaker ends a turn",
       {{"agent", 0, 10}, {"customer", 12, 20}, {"agent", 21, 30}, {"agent", 30, 40}},
       "agent [0,1) 0-10, customer [1,2) 12-20, agent [2,4) 21-40"},
      {"overlaps are kept",
       {{"agent", 0, 50}, {"customer", 20, 30}, {"customer", 31, 60}, {"agent", 45, 70}},
       "agent [0,1) 0-50, customer [1,3) 20-60, agent [3,4) 45-70"},
      {"one within another of the same speaker",
       {{"agent", 0, 50}, {"agent", 20, 30}},
       "agent [0,2) 0-50"},
      {"another recording ends a turn",
       {{"agent", 0, 10}, {"agent", 0, 5, "b"}},
       "agent [0,1) 0-10, b: agent [1,2) 0-5"},
      {"labels are compared as they are",
       {{"unknown", 0, 10}, {"unknown", 10, 20}, {"", 20, 30}, {"", 30, 40}},
       "unknown [0,2) 0-20,  [2,4) 20-40"},
      {"in any order", {{"agent", 50, 90}, {"agent", 10, 60}}, "agent [0,2) 10-90"},
      {"some without times",
       {{"agent", 0, 0}, {"agent", 50, 60}, {"agent", 0, 0}, {"agent", 70, 80}},
       "agent [0,4) 50-80"},
      {"none with times", {{"agent", 0, 0}, {"agent", 0, 0}}, "agent [0,2) 0-0"},
      {"an end before the start", {{"agent", 50, 20}}, "agent [0,1) 50-50"},
  };
  for (const Case& test : cases) EXPECT_EQ(TurnsOf(test.segments), test.turns) << test.name;
}

}  // namespace
}  // namespace cxscribe
