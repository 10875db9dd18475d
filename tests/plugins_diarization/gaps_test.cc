#include "plugins/diarization/gaps.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace cxscribe::diarization {
namespace {

constexpr std::int32_t kPause = 2000;
constexpr std::int64_t kTelling = 12'000;

// A part a letter, a second each: 'a' an agent, 'c' a customer, 's' a second agent, 'x' and 'y'
// people whose roles are not known, 'm' a voice menu, '.' nobody.
Recording Of(std::string_view letters) {
  Recording recording;
  recording.speakers.resize(6);
  recording.speakers[0].name = "agent";
  recording.speakers[1].name = "customer";
  recording.speakers[2].role = Role::kAgent;
  recording.speakers[5].role = Role::kIvr;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    Part part;
    part.line = i;
    part.start_ms = static_cast<std::int32_t>(1000 * i);
    part.end_ms = part.start_ms + 1000;
    if (letters[i] != '.') part.labelled = part.who = std::string_view("acsxym").find(letters[i]);
    recording.parts.push_back(part);
  }
  return recording;
}

std::string Filled(Recording recording, bool by_words = true) {
  FillGaps(recording, by_words, kPause);
  std::string letters;
  for (const Part& part : recording.parts) {
    letters += part.who == kNobody ? '.' : std::string_view("acsxym")[part.who];
  }
  return letters;
}

struct Case {
  std::string_view labels;
  std::string_view filled;
};

class GapsByHabit : public ::testing::TestWithParam<Case> {};

TEST_P(GapsByHabit, AreFilled) {
  EXPECT_EQ(Filled(Of(GetParam().labels)), GetParam().filled) << GetParam().labels;
}

INSTANTIATE_TEST_SUITE_P(
    All, GapsByHabit,
    ::testing::Values(Case{"", ""}, Case{".", "."}, Case{"...", "..."},
                      // Where speakers take turns, it is the other's.
                      Case{"xyxyx.xyx", "xyxyxyxyx"}, Case{"xyxyx..yx", "xyxyxyxyx"},
                      Case{".yxyxyx.", "xyxyxyxy"},
                      // Where they go on, the same one's.
                      Case{"xxxxyyyxxx.xxx", "xxxxyyyxxxxxxx"}, Case{"xxxxyyyyxx.", "xxxxyyyyxxx"},
                      // Without a habit it is a guess, and between the two it is one always.
                      Case{"xxyxx.x", "xxyxx.x"}, Case{"xyxyx.yxy", "xyxyx.yxy"},
                      // Of one who is alone.
                      Case{"xx.x", "xxxx"}, Case{"x.x", "xxx"},
                      // Of three, the one who talks there.
                      Case{"acacacascscsc.cs", "acacacascscscscs"},
                      Case{"acaca.acacscscs", "acacacacacscscs"},
                      // A menu goes on, and nobody knows who follows it.
                      Case{"m.mxyxy", "mmmxyxy"}, Case{"m.", "m."}));

TEST(Gaps, OfThreeAreFilledByWhatIsSaid) {
  Recording recording = Of("acac.scscs");
  recording.parts[4].evidence.lean = kTelling;
  EXPECT_EQ(Filled(recording), "acacsscscs");
  recording.parts[4].evidence.lean = -kTelling;
  EXPECT_EQ(Filled(recording), "acaccscscs");
}

TEST(Gaps, BetweenTwoOfOneSideAreNotFilledByRoles) {
  Recording recording = Of("asasa.sas");
  recording.parts[5].evidence.lean = kTelling;
  EXPECT_EQ(Filled(recording), "asasa.sas");
}

TEST(Gaps, AreFilledByWhereWordsMeet) {
  Recording recording = Of("xyxyx.yxy");
  recording.parts[5].goes_on = 2000;
  EXPECT_EQ(Filled(recording), "xyxyxxyxy");
  recording.parts[5].goes_on = 0;
  recording.parts[6].goes_on = 2000;
  EXPECT_EQ(Filled(recording), "xyxyxyyxy");
}

TEST(Gaps, AfterAPauseAreNobodys) {
  Recording recording = Of("xyxyx.xyxyx");
  for (std::size_t i = 5; i < recording.parts.size(); ++i) {
    const std::int32_t pause = i == 5 ? kPause + 1 : 2 * kPause + 2;
    recording.parts[i].start_ms += pause;
    recording.parts[i].end_ms += pause;
  }
  EXPECT_EQ(Filled(recording), "xyxyx.xyxyx");
}

TEST(Gaps, WithoutWordsAreFilledOnlyWhereSpeakersGoOn) {
  EXPECT_EQ(Filled(Of("xxyyxx.xx"), false), "xxyyxxxxx");
  EXPECT_EQ(Filled(Of("xyxyx.xy"), false), "xyxyx.xy");
}

TEST(Gaps, ManyTakeNoLonger) {
  std::string labels;
  for (int i = 0; i < 100'000; ++i) labels += i % 3 == 0 ? "x." : "y";
  EXPECT_EQ(Filled(Of(labels)).size(), labels.size());
  EXPECT_EQ(Filled(Of("x" + std::string(200'000, '.') + "y")).size(), 200'002U);
}

}  // namespace
}  // namespace cxscribe::diarization
