// See talk_statistics.h.
#include "server/pipeline/talk_statistics.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/ascii.h>

#include "server/pipeline/utterances.h"

namespace cxscribe {
namespace {

constexpr size_t kNobody = std::numeric_limits<size_t>::max();

// An utterance and the index of who speaks.
struct Talk {
  Utterance utterance;
  size_t speaker = kNobody;
};

// What a speaker says without a pause, from the first utterance to the last that is more than a
// back-channel.
struct Spurt {
  int32_t begin = 0;
  int32_t end = 0;
  size_t speaker = kNobody;
};

struct Recording {
  std::vector<Talk> talks;
  int32_t end = 0;
};

// How far a speaker has come in the recording at hand.
struct Progress {
  int32_t covered = 0;  // until when its talk is counted
  // Its current spurt, once that says more than back-channels, and until when it talks.
  size_t spurt = kNobody;
  int64_t spurt_until = -kSpurtPauseMs;
};

struct SpeakerTotal {
  std::string_view name;
  bool known = false;
  bool timed = false;
  int64_t talk_ms = 0;
  int64_t segments = 0;
  int64_t words = 0;
  int64_t timed_words = 0;
  int32_t longest_monologue_ms = 0;
  int64_t interruptions = 0;
  Progress progress;
};

struct CallTotal {
  bool timed = false;
  int64_t total_ms = 0;
  int64_t silence_ms = 0;
  int64_t overlap_ms = 0;
  int32_t longest_silence_ms = 0;
  int64_t silences = 0;
};

// A BCP 47 tag, in any case.
bool IsEnglish(std::string_view language) {
  const std::string primary(language.substr(0, language.find('-')));
  return primary.empty() || absl::AsciiStrToLower(primary) == "en";
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

// One call's figures while they are added up.
class Tally {
 public:
  explicit Tally(const v1::Transcript& transcript) : english_(IsEnglish(transcript.language())) {
    for (const v1::Segment& segment : transcript.segments()) Add(segment);
    for (auto& [id, recording] : recordings_) {
      if (recording.talks.empty()) continue;
      std::stable_sort(
          recording.talks.begin(), recording.talks.end(),
          [](const Talk& a, const Talk& b) { return a.utterance.begin < b.utterance.begin; });
      for (const Talk& talk : recording.talks) speakers_[talk.speaker].progress = {};
      MeasureTime(recording);
      MeasureMonologues(recording);
      if (english_) CountInterruptions(recording);
    }
  }

  v1::TalkStatistics Statistics();

 private:
  void Add(const v1::Segment& segment);
  size_t IndexOf(std::string_view speaker);
  void MeasureTime(const Recording& recording);
  void AddSilence(int32_t length);
  void MeasureMonologues(const Recording& recording);
  std::vector<Spurt> SpurtsOf(const Recording& recording);
  void CountInterruptions(const Recording& recording);

  const bool english_;
  std::map<std::string_view, Recording> recordings_;
  absl::flat_hash_map<std::string_view, size_t> index_;  // into speakers_
  std::vector<SpeakerTotal> speakers_;
  CallTotal call_;
};

size_t Tally::IndexOf(std::string_view speaker) {
  const auto [at, inserted] = index_.try_emplace(speaker, speakers_.size());
  if (inserted) {
    speakers_.emplace_back().name = speaker;
    speakers_.back().known = !speaker.empty() && speaker != "unknown";
  }
  return at->second;
}

void Tally::Add(const v1::Segment& segment) {
  const size_t index = IndexOf(segment.speaker());
  SpeakerTotal& speaker = speakers_[index];
  const int64_t words = CountWords(segment);
  ++speaker.segments;
  speaker.words += words;
  Recording& recording = recordings_[segment.recording_id()];
  recording.end = std::max({recording.end, segment.start_ms(), segment.end_ms()});
  const std::vector<Utterance> utterances = UtterancesOf(segment, english_);
  for (const Utterance& utterance : utterances) {
    recording.end = std::max(recording.end, utterance.end);
    recording.talks.push_back({utterance, index});
  }
  if (utterances.empty()) return;
  speaker.timed = true;
  speaker.timed_words += words;
}

void Tally::MeasureTime(const Recording& recording) {
  // When a speaker begins (+1) and ends (-1).
  std::vector<std::pair<int32_t, int>> changes;
  for (const auto& [utterance, index] : recording.talks) {
    SpeakerTotal& speaker = speakers_[index];
    const int32_t begin = std::max(utterance.begin, speaker.progress.covered);
    if (utterance.end <= begin) continue;
    speaker.progress.covered = utterance.end;
    speaker.talk_ms += utterance.end - begin;
    changes.emplace_back(begin, 1);
    changes.emplace_back(utterance.end, -1);
  }
  std::sort(changes.begin(), changes.end());
  int speaking = 0;
  int32_t last = 0;
  for (size_t i = 0; i < changes.size();) {
    const int32_t time = changes[i].first;
    if (speaking == 0) AddSilence(time - last);
    if (speaking > 1) call_.overlap_ms += time - last;
    for (; i < changes.size() && changes[i].first == time; ++i) speaking += changes[i].second;
    last = time;
  }
  AddSilence(recording.end - last);  // an empty segment may be the last
  call_.timed = true;
  call_.total_ms += recording.end;
}

void Tally::AddSilence(int32_t length) {
  call_.silence_ms += length;
  call_.longest_silence_ms = std::max(call_.longest_silence_ms, length);
  if (length >= kSilenceMs) ++call_.silences;
}

void Tally::MeasureMonologues(const Recording& recording) {
  size_t holder = kNobody;
  int32_t begin = 0;
  int32_t end = 0;
  for (const auto& [utterance, speaker] : recording.talks) {
    if (speaker == holder && utterance.begin - end < kSilenceMs) {
      end = std::max(end, utterance.end);
    } else if (!utterance.back_channel) {
      holder = speaker;
      begin = utterance.begin;
      end = utterance.end;
    } else {
      continue;
    }
    int32_t& longest = speakers_[speaker].longest_monologue_ms;
    longest = std::max(longest, end - begin);
  }
}

// In order of their begins.
std::vector<Spurt> Tally::SpurtsOf(const Recording& recording) {
  std::vector<Spurt> spurts;
  for (const auto& [utterance, index] : recording.talks) {
    if (!speakers_[index].known) continue;
    Progress& progress = speakers_[index].progress;
    if (utterance.begin - progress.spurt_until >= kSpurtPauseMs) progress.spurt = kNobody;
    progress.spurt_until = std::max<int64_t>(progress.spurt_until, utterance.end);
    if (utterance.back_channel) continue;
    if (progress.spurt == kNobody) {
      progress.spurt = spurts.size();
      spurts.push_back({utterance.begin, utterance.end, index});
    }
    Spurt& spurt = spurts[progress.spurt];
    spurt.end = std::max(spurt.end, utterance.end);
  }
  return spurts;
}

void Tally::CountInterruptions(const Recording& recording) {
  const std::vector<Spurt> spurts = SpurtsOf(recording);
  // Of the spurts that began long enough ago, the one that ends last, and the one of another
  // speaker that ends last.
  Spurt latest;
  Spurt runner_up;
  const auto take = [&](const Spurt& spurt) {
    if (spurt.speaker == latest.speaker) {
      latest.end = std::max(latest.end, spurt.end);
    } else if (spurt.end > latest.end) {
      runner_up = latest;
      latest = spurt;
    } else if (spurt.end > runner_up.end) {
      runner_up = spurt;
    }
  };
  size_t taken = 0;
  for (const Spurt& spurt : spurts) {
    while (spurt.begin - spurts[taken].begin >= kLeastInterruptionMs) take(spurts[taken++]);
    const Spurt& other = spurt.speaker == latest.speaker ? runner_up : latest;
    if (std::min(spurt.end, other.end) - spurt.begin >= kLeastInterruptionMs) {
      ++speakers_[spurt.speaker].interruptions;
    }
  }
}

v1::TalkStatistics Tally::Statistics() {
  std::sort(speakers_.begin(), speakers_.end(), [](const SpeakerTotal& a, const SpeakerTotal& b) {
    return a.talk_ms != b.talk_ms ? a.talk_ms > b.talk_ms : a.name < b.name;
  });
  int64_t talk_ms = 0;
  for (const SpeakerTotal& speaker : speakers_) talk_ms += speaker.talk_ms;

  v1::TalkStatistics statistics;
  int64_t interruptions = 0;
  bool interruptions_known = false;
  for (const SpeakerTotal& speaker : speakers_) {
    v1::TalkStatistics::Speaker& entry = *statistics.add_speakers();
    entry.set_speaker(std::string(speaker.name));
    entry.set_segment_count(Cap(speaker.segments));
    entry.set_word_count(Cap(speaker.words));
    if (!speaker.timed) continue;
    const auto talked = static_cast<double>(speaker.talk_ms);
    entry.set_talk_ms(Cap(speaker.talk_ms));
    entry.set_talk_share(talked / static_cast<double>(talk_ms));
    entry.set_words_per_minute(static_cast<double>(speaker.timed_words) * 60'000 / talked);
    if (!speaker.known) continue;
    entry.set_longest_monologue_ms(speaker.longest_monologue_ms);
    if (!english_) continue;
    entry.set_interruption_count(Cap(speaker.interruptions));
    interruptions += speaker.interruptions;
    interruptions_known = true;
  }
  if (!call_.timed) return statistics;
  statistics.set_total_ms(Cap(call_.total_ms));
  statistics.set_silence_ms(Cap(call_.silence_ms));
  statistics.set_overlap_ms(Cap(call_.overlap_ms));
  statistics.set_longest_silence_ms(call_.longest_silence_ms);
  statistics.set_silence_count(Cap(call_.silences));
  if (interruptions_known) statistics.set_interruption_count(Cap(interruptions));
  return statistics;
}

}  // namespace

v1::TalkStatistics ComputeTalkStatistics(const v1::Transcript& transcript) {
  return Tally(transcript).Statistics();
}

}  // namespace cxscribe
