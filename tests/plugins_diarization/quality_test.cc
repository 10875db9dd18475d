// A floor under the quality of names: the project's sample calls, whose speakers were written down by
// hand in quality/speakers.tsv, a letter a segment: a the agent, c the customer, s a second agent.
// Not a measure of how good it is on real calls (docs/quality.md has those), but it falls when
// something between the labels, the words and the names breaks. Run with
//
//   plugins_diarization_test --gtest_filter='Quality.*'
//
// to read the figures. Floors are a little under what was measured when they were set; they only ever
// go up.
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plugins/diarization/speakers.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {
namespace {

constexpr int kDraws = 10;

struct Turn {
  std::string text;
  std::string label;  // as the source gives it; right, wrong or empty
  char speaker = 0;
  std::int32_t start_ms = 0;
  std::int32_t end_ms = 0;
};

struct Call {
  std::string name;
  std::vector<Turn> turns;
};

std::vector<Call> ReadCalls() {
  std::vector<Call> calls;
  std::ifstream file(CXSCRIBE_QUALITY_SPEAKERS);
  for (std::string name, speakers; file >> name >> speakers;) {
    std::ifstream text(CXSCRIBE_SAMPLE_CALLS "/" + name + ".json");
    const nlohmann::json results = nlohmann::json::parse(text).at("results");
    EXPECT_EQ(results.size(), speakers.size()) << name;
    Call& call = calls.emplace_back(Call{name, {}});
    for (std::size_t i = 0; i < std::min(results.size(), speakers.size()); ++i) {
      const auto labels = results[i].value("speakerLabels", std::vector<std::string>());
      call.turns.push_back({.text = results[i].at("text"),
                            .label = labels.empty() ? "" : labels[0],
                            .speaker = speakers[i],
                            .start_ms = results[i].at("startOffsetMs"),
                            .end_ms = results[i].at("endOffsetMs")});
    }
  }
  EXPECT_EQ(calls.size(), 12U);
  return calls;
}

std::string_view NameOf(char speaker) {
  return speaker == 'a' ? "agent" : speaker == 'c' ? "customer" : "speaker_1";
}

struct Tally {
  int hidden = 0;  // segments without a label: all, and how they were filled
  int right = 0;
  int wrong = 0;
  int corrected = 0;  // labels that were changed, and those of them that had been right
  int harmed = 0;
  int words = 0;
  int misnamed = 0;

  double Right() const { return 100.0 * right / hidden; }
  double Wrong() const { return 100.0 * wrong / hidden; }
  double Error() const { return 100.0 * misnamed / words; }
};

// Names the speakers of a call under other labels, one a turn.
void Measure(const Call& call, const std::vector<std::string>& labels,
             const std::vector<bool>& is_right, Tally& tally) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < call.turns.size(); ++i) {
    const Turn& turn = call.turns[i];
    lines.push_back(
        {.label = labels[i], .text = turn.text, .start_ms = turn.start_ms, .end_ms = turn.end_ms});
  }
  for (const Said& said : NameSpeakers(lines, {}).said) {
    const Turn& turn = call.turns[said.line];
    const bool right = said.name == NameOf(turn.speaker);
    const auto words = static_cast<int>(
        SpokenWords(std::string_view(turn.text).substr(said.begin, said.end - said.begin)).size());
    tally.words += words;
    if (!right) tally.misnamed += words;
    if (labels[said.line].empty()) {
      ++tally.hidden;
      if (right) ++tally.right;
      if (said.basis != Basis::kNone && !right) ++tally.wrong;
    } else if (said.basis != Basis::kLabel) {
      ++tally.corrected;
      if (is_right[said.line]) ++tally.harmed;
    }
  }
}

// Labels that tell nothing but who is the same, some of them hidden or another speaker's.
Tally MeasureDrawn(const std::vector<Call>& calls, unsigned hide_percent, unsigned flip_percent) {
  Tally tally;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::mt19937 dice(static_cast<unsigned>(draw));
    for (const Call& call : calls) {
      const bool swapped = dice() % 2 == 0;
      std::vector<std::string> labels;
      std::vector<bool> is_right;
      for (const Turn& turn : call.turns) {
        const bool flip = dice() % 100 < flip_percent;
        const bool hide = dice() % 100 < hide_percent;
        char speaker = turn.speaker;
        if (flip) speaker = speaker == 'c' ? 'a' : 'c';
        labels.push_back(hide                          ? ""
                         : speaker == 's'              ? "spk_2"
                         : (speaker == 'a') == swapped ? "spk_1"
                                                       : "spk_0");
        is_right.push_back(!flip);
      }
      Measure(call, labels, is_right, tally);
    }
  }
  return tally;
}

void Print(const char* what, const Tally& tally) {
  std::printf(
      "%-28s filled rightly %3d of %3d, wrongly %2d; labels corrected %2d, wrongly %d; "
      "words misnamed %.2f %%\n",
      what, tally.right, tally.hidden, tally.wrong, tally.corrected, tally.harmed, tally.Error());
}

TEST(Quality, OfRightLabelsIsPerfect) {
  const Tally tally = MeasureDrawn(ReadCalls(), 0, 0);
  Print("labels right", tally);
  EXPECT_EQ(tally.corrected, 0);
  EXPECT_EQ(tally.misnamed, 0);
}

TEST(Quality, OfFewHiddenLabels) {
  const Tally tally = MeasureDrawn(ReadCalls(), 5, 0);
  Print("5 % hidden", tally);
  EXPECT_GE(tally.Right(), 90);
  EXPECT_LE(tally.Wrong(), 8);
  EXPECT_EQ(tally.corrected, 0);
}

TEST(Quality, OfManyHiddenLabels) {
  const Tally tally = MeasureDrawn(ReadCalls(), 20, 0);
  Print("20 % hidden", tally);
  EXPECT_GE(tally.Right(), 92);
  EXPECT_LE(tally.Wrong(), 6);
  EXPECT_EQ(tally.corrected, 0);
}

TEST(Quality, OfWrongLabels) {
  const Tally tally = MeasureDrawn(ReadCalls(), 2, 8);
  Print("8 % wrong, 2 % hidden", tally);
  EXPECT_LE(tally.Error(), 10.5);
  EXPECT_EQ(tally.harmed, 0);
}

TEST(Quality, OfTheCallsAsTheyAre) {
  Tally tally;
  for (const Call& call : ReadCalls()) {
    std::vector<std::string> labels;
    std::vector<bool> is_right;
    for (const Turn& turn : call.turns) {
      labels.push_back(turn.label);
      const bool second =
          turn.label == "customer" || turn.label == "channel_2" || turn.label == "spk_1";
      is_right.push_back(turn.speaker == (second ? 'c' : turn.label == "spk_2" ? 's' : 'a'));
    }
    Measure(call, labels, is_right, tally);
  }
  Print("as they are", tally);
  EXPECT_EQ(tally.hidden, 31);
  EXPECT_GE(tally.right, 27);
  EXPECT_EQ(tally.harmed, 0);
}

}  // namespace
}  // namespace cxscribe::diarization
