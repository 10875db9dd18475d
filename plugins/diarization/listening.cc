#include "plugins/diarization/listening.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

#include "plugins/diarization/cuts.h"
#include "plugins/diarization/repeats.h"
#include "plugins/diarization/speech_model.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {
namespace {

Part Whole(const std::vector<Line>& lines, std::size_t line, const Recording& recording) {
  const std::vector<std::size_t>& listed = recording.listed[line];
  Part part;
  part.line = line;
  part.end = lines[line].text.size();
  part.start_ms = lines[line].start_ms;
  part.end_ms = lines[line].end_ms;
  part.labelled = part.who = listed.empty() ? kNobody : listed[0];
  return part;
}

// Lines that have the same words: a forest in which each points at an earlier one, or itself.
class Alike {
 public:
  explicit Alike(std::size_t lines) : earlier_(lines) {
    for (std::size_t i = 0; i < lines; ++i) earlier_[i] = i;
  }

  void Join(std::size_t one, std::size_t two) {
    one = First(one);
    two = First(two);
    earlier_[std::max(one, two)] = std::min(one, two);
  }

  // For each line, the first that has the same words.
  std::vector<std::size_t> Firsts() && {
    for (std::size_t i = 0; i < earlier_.size(); ++i) earlier_[i] = First(i);
    return std::move(earlier_);
  }

 private:
  std::size_t First(std::size_t line) {
    while (earlier_[line] != line) line = earlier_[line] = earlier_[earlier_[line]];
    return line;
  }

  std::vector<std::size_t> earlier_;
};

class Listener {
 public:
  Listener(const std::vector<Line>& lines, bool cut, Recording& recording)
      : lines_(lines), cut_(cut), recording_(recording), alike_(lines.size()) {}

  void Hear(std::size_t line) {
    Speech speech;
    speech.words = SpokenWords(lines_[line].text, &speech.begins);
    speech.cues = FindCues(speech.words);
    recording_.first_part.push_back(recording_.parts.size());
    if (cut_) {
      repeats_.Add(speech.words, [&](std::size_t earlier) { alike_.Join(earlier, line); });
    }
    WordSpan previous(before_);
    std::size_t from = 0;
    Part part = Whole(lines_, line, recording_);
    for (const Cut& cut : Cuts(line, speech)) {
      Part rest = part;
      part.end = cut.at;
      part.end_ms = cut.end_ms;
      rest.begin = cut.at;
      rest.start_ms = cut.start_ms;
      rest.measured = cut.measured;
      rest.cut = cut.odds;
      const WordSpan words = WordSpan(speech.words).subspan(from, cut.word - from);
      Take(part, previous, words, speech, from);
      previous = words;
      from = cut.word;
      part = rest;
    }
    const WordSpan words = WordSpan(speech.words).subspan(from);
    Take(part, previous, words, speech, from);
    if (!words.empty()) before_.assign(words.begin(), words.end());
  }

  void Finish() { recording_.alike = std::move(alike_).Firsts(); }

 private:
  std::vector<Cut> Cuts(std::size_t line, const Speech& speech) const {
    if (!cut_) return {};
    const std::int32_t latest =
        line + 1 < lines_.size() ? lines_[line + 1].start_ms : lines_[line].end_ms;
    return ProposeCuts(lines_[line], speech, recording_.listed[line].size() > 1, latest);
  }

  // One part: `words`, of which the first is word `from` of the line.
  void Take(Part part, WordSpan before, WordSpan words, const Speech& speech, std::size_t from) {
    std::vector<Part>& parts = recording_.parts;
    std::vector<Cue> cues;
    auto cue = std::partition_point(speech.cues.begin(), speech.cues.end(),
                                    [&](const Cue& one) { return one.begin < from; });
    for (; cue != speech.cues.end() && cue->begin < from + words.size(); ++cue) {
      if (cue->end <= from + words.size()) cues.push_back(*cue);
    }
    part.words = words.size();
    part.evidence = EvidenceOf(words, cues);
    part.announcement =
        AnnouncementIn(words, parts.empty() ? Announcement() : parts.back().announcement);
    part.handover = HandoverIn(words);
    part.goes_on = model_.GoesOn(before, words);
    parts.push_back(part);
  }

  const std::vector<Line>& lines_;
  const bool cut_;
  Recording& recording_;
  const SpeechModel& model_ = SpeechModel::English();
  Repeats repeats_;
  Alike alike_;
  std::vector<std::string> before_;  // what the last part that says anything ends with
};

}  // namespace

void ReadSpeakers(const std::vector<Line>& lines, const Aliases& aliases,
                  const std::function<void()>& pulse, Recording& recording) {
  recording.listed.resize(lines.size());
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (pulse) pulse();
    for (Label& label : ReadLabels(lines[i].label, aliases)) {
      const auto [entry, is_new] = known.emplace(std::move(label.key), recording.speakers.size());
      if (is_new) {
        recording.speakers.emplace_back();
        recording.speakers.back().role = label.role;
      }
      recording.listed[i].push_back(entry->second);
    }
  }
}

void TakeWhole(const std::vector<Line>& lines, Recording& recording) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    recording.parts.push_back(Whole(lines, i, recording));
  }
}

void Listen(const std::vector<Line>& lines, bool cut, const std::function<void()>& pulse,
            Recording& recording) {
  Listener listener(lines, cut, recording);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (pulse) pulse();
    listener.Hear(i);
  }
  listener.Finish();
}

}  // namespace cxscribe::diarization
