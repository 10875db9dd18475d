// See talk_statistics.h.
#include "server/pipeline/talk_statistics.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cxscribe {
namespace {

struct Interval {
  int32_t begin = 0;
  int32_t end = 0;
};

struct Recording {
  std::map<std::string_view, std::vector<Interval>> by_speaker;
  int32_t end = 0;
};

struct SpeakerTotal {
  int64_t talk_ms = 0;
  int64_t segments = 0;
  int64_t words = 0;
};

// Sorted, and without overlaps.
std::vector<Interval> Union(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> merged;
  for (const Interval& interval : intervals) {
    if (!merged.empty() && interval.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, interval.end);
    } else {
      merged.push_back(interval);
    }
  }
  return merged;
}

int64_t CountWords(const v1::Segment& segment) {
  if (segment.words_size() > 0) return segment.words_size();
  int64_t words = 0;
  bool in_word = false;
  for (const char c : segment.text()) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space && !in_word) ++words;
    in_word = !space;
  }
  return words;
}

int32_t Cap(int64_t value) {
  return static_cast<int32_t>(std::min<int64_t>(value, std::numeric_limits<int32_t>::max()));
}

}  // namespace

v1::TalkStatistics ComputeTalkStatistics(const v1::Transcript& transcript) {
  std::map<std::string_view, Recording> recordings;
  std::map<std::string_view, SpeakerTotal> speakers;
  for (const v1::Segment& segment : transcript.segments()) {
    const int32_t begin = std::max(segment.start_ms(), 0);
    const int32_t end = std::max(segment.end_ms(), begin);
    Recording& recording = recordings[segment.recording_id()];
    recording.end = std::max(recording.end, end);
    if (end > begin) recording.by_speaker[segment.speaker()].push_back({begin, end});
    SpeakerTotal& speaker = speakers[segment.speaker()];
    ++speaker.segments;
    speaker.words += CountWords(segment);
  }

  int64_t total = 0;
  int64_t silence = 0;
  int64_t overlap = 0;
  for (auto& [id, recording] : recordings) {
    // How many speakers begin and end at a time.
    std::map<int32_t, int> changes;
    for (auto& [name, intervals] : recording.by_speaker) {
      for (const Interval& interval : Union(std::move(intervals))) {
        speakers[name].talk_ms += interval.end - interval.begin;
        ++changes[interval.begin];
        --changes[interval.end];
      }
    }
    int speaking = 0;
    int32_t last = 0;
    for (const auto& [time, change] : changes) {
      if (speaking == 0) silence += time - last;
      if (speaking > 1) overlap += time - last;
      speaking += change;
      last = time;
    }
    silence += recording.end - last;  // an empty segment may be the last
    total += recording.end;
  }

  v1::TalkStatistics statistics;
  statistics.set_total_ms(Cap(total));
  statistics.set_silence_ms(Cap(silence));
  statistics.set_overlap_ms(Cap(overlap));
  std::vector<std::pair<std::string_view, SpeakerTotal>> order(speakers.begin(), speakers.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second.talk_ms > b.second.talk_ms;
  });
  for (const auto& [name, speaker] : order) {
    v1::TalkStatistics::Speaker& entry = *statistics.add_speakers();
    entry.set_speaker(std::string(name));
    entry.set_talk_ms(Cap(speaker.talk_ms));
    entry.set_segment_count(Cap(speaker.segments));
    entry.set_word_count(Cap(speaker.words));
  }
  return statistics;
}

}  // namespace cxscribe
