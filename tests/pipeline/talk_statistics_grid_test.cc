// Talk statistics of random calls against a plain count, millisecond by millisecond.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "server/pipeline/talk_statistics.h"
#include "tests/pipeline/timeline.h"

namespace cxscribe {
namespace {

constexpr int kGrid = 6000;

// Marks when each speaker of a recording talks; end is where its time line ends.
struct Grid {
  std::map<std::string, std::vector<bool>> talks;
  int end = 0;
};

void Mark(const v1::Segment& segment, Grid& grid) {
  std::vector<bool>& talks = grid.talks.try_emplace(segment.speaker(), kGrid).first->second;
  const int begin = std::max(segment.start_ms(), 0);
  grid.end = std::max({grid.end, begin, segment.end_ms()});
  if (segment.words_size() == 0) {
    for (int t = begin; t < segment.end_ms(); ++t) talks[static_cast<size_t>(t)] = true;
    return;
  }
  std::vector<bool> said(kGrid);
  for (const v1::Word& word : segment.words()) {
    for (int t = word.start_ms(); t < word.end_ms(); ++t) said[static_cast<size_t>(t)] = true;
  }
  int last = -1;
  for (int t = 0; t < kGrid; ++t) {
    if (!said[static_cast<size_t>(t)]) continue;
    if (last < 0 || t - last > 500) last = t;
    for (int i = last; i <= t; ++i) talks[static_cast<size_t>(i)] = true;
    last = t;
  }
}

std::string ByGrid(const v1::Transcript& transcript) {
  std::map<std::string, Grid> grids;
  for (const v1::Segment& segment : transcript.segments()) {
    Mark(segment, grids[segment.recording_id()]);
  }
  std::map<std::string, int> talk;
  int total = 0, silence = 0, overlap = 0, longest = 0, silences = 0;
  for (const auto& [id, grid] : grids) {
    const auto spoken = [&grid = grid](int t) {
      return std::count_if(grid.talks.begin(), grid.talks.end(),
                           [&](const auto& one) { return one.second[static_cast<size_t>(t)]; });
    };
    const bool timed = std::any_of(grid.talks.begin(), grid.talks.end(), [](const auto& one) {
      return std::count(one.second.begin(), one.second.end(), true) > 0;
    });
    if (!timed) continue;
    total += grid.end;
    int quiet = 0;
    for (int t = 0; t < grid.end; ++t) {
      const auto speakers = spoken(t);
      overlap += speakers > 1;
      quiet = speakers == 0 ? quiet + 1 : 0;
      silence += speakers == 0;
      silences += quiet == 3000;
      longest = std::max(longest, quiet);
    }
    for (const auto& [speaker, talks] : grid.talks) {
      talk[speaker] += static_cast<int>(std::count(talks.begin(), talks.end(), true));
    }
  }
  std::string out = absl::StrCat("total ", total, " silence ", silence, " overlap ", overlap,
                                 " longest ", longest, " silences ", silences);
  for (const auto& [speaker, ms] : talk) {
    if (ms > 0) absl::StrAppend(&out, " ", speaker, " ", ms);
  }
  return out;
}

std::string ByStatistics(const v1::Transcript& transcript) {
  const auto statistics = ComputeTalkStatistics(transcript);
  std::string out =
      absl::StrCat("total ", statistics.total_ms(), " silence ", statistics.silence_ms(),
                   " overlap ", statistics.overlap_ms(), " longest ",
                   statistics.longest_silence_ms(), " silences ", statistics.silence_count());
  std::map<std::string, int> talk;
  for (const auto& speaker : statistics.speakers()) {
    if (speaker.has_talk_ms()) talk[speaker.speaker()] = speaker.talk_ms();
  }
  for (const auto& [speaker, ms] : talk) absl::StrAppend(&out, " ", speaker, " ", ms);
  return out;
}

class RandomCall {
 public:
  explicit RandomCall(unsigned seed) : random_(seed) {}

  v1::Transcript Make() {
    v1::Transcript transcript;
    for (int left = Below(9); left > 0; --left) {
      const int start = Below(kGrid) - 20;
      const int end = std::min(start + Below(1500) - 40, kGrid - 1);  // some end before they start
      Add(transcript, Below(3) == 0 ? "b" : "a", std::string(1, static_cast<char>('x' + Below(3))),
          start, end);
      if (start >= 0 && start < end && Below(2) == 0) {
        AddWords(*transcript.mutable_segments(transcript.segments_size() - 1), start, end);
      }
    }
    return transcript;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  void AddWords(v1::Segment& segment, int start, int end) {
    for (int left = 1 + Below(4); left > 0; --left) {
      v1::Word& word = *segment.add_words();
      word.set_text("word");
      word.set_start_ms(start + Below(end - start));
      word.set_end_ms(word.start_ms() + 1 + Below(end - word.start_ms()));
    }
  }

  std::mt19937 random_;
};

TEST(TalkStatistics, AgreeWithAGridOfMilliseconds) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const v1::Transcript transcript = RandomCall(seed).Make();
    ASSERT_EQ(ByStatistics(transcript), ByGrid(transcript)) << "seed " << seed << "\n"
                                                            << transcript.DebugString();
  }
}

}  // namespace
}  // namespace cxscribe
