#include "plugins/diarization/speakers.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "plugins/diarization/cuts.h"
#include "plugins/diarization/machines.h"
#include "plugins/diarization/part.h"
#include "plugins/diarization/repeats.h"
#include "plugins/diarization/roles.h"
#include "plugins/diarization/sequence.h"
#include "plugins/diarization/speech_model.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {
namespace {

// That the source names two speakers for a segment, and one place alone is where they change.
constexpr MilliOdds kSureOfCut = 4000;
constexpr std::size_t kMostParts = 5;    // of a line
constexpr std::size_t kLongRepeat = 10;  // words

class Recording {
 public:
  Recording(const std::vector<Line>& lines, const Options& options,
            const std::function<void()>& pulse)
      : lines_(lines), options_(options), pulse_(pulse), listed_(lines.size()) {}

  Speakers Run() {
    ReadLabels();
    Speakers result;
    result.any_label = !speakers_.empty();
    if (options_.infer_roles || options_.repair) {
      Listen();
      if (options_.infer_roles) FindMachines(parts_, speakers_);
    } else {
      for (std::size_t i = 0; i < lines_.size(); ++i) parts_.push_back(Whole(i));
    }
    AddUp();
    const auto fit = [this](std::size_t agent) { return Fit(agent); };
    result.role_confidence = role_confidence_ =
        NameRoles(speakers_, options_.infer_roles, options_.repair ? fit : FitOfTwo());
    if (options_.repair && !Repair()) DivideListed();
    JoinParts();
    FillGaps();
    if (options_.infer_roles) FindTakeover();
    NameOthers();
    Tell(result);
    return result;
  }

 private:
  Part Whole(std::size_t line) const {
    Part part;
    part.line = line;
    part.end = lines_[line].text.size();
    part.start_ms = lines_[line].start_ms;
    part.end_ms = lines_[line].end_ms;
    part.labelled = part.who = listed_[line].empty() ? kNobody : listed_[line][0];
    return part;
  }

  void ReadLabels() {
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (pulse_) pulse_();
      for (Label& label : diarization::ReadLabels(lines_[i].label, options_.aliases)) {
        const auto [entry, is_new] = known.emplace(std::move(label.key), speakers_.size());
        if (is_new) {
          speakers_.emplace_back();
          speakers_.back().role = label.role;
        }
        listed_[i].push_back(entry->second);
      }
    }
    listed_speakers_ = speakers_.size();
  }

  void Listen() {
    const SpeechModel& model = SpeechModel::English();
    Repeats repeats;
    first_part_.reserve(lines_.size());
    alike_.resize(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) alike_[i] = i;
    std::vector<std::string> before;  // what the last part that says anything ends with
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (pulse_) pulse_();
      Speech speech;
      speech.words = SpokenWords(lines_[i].text, &speech.begins);
      speech.cues = FindCues(speech.words);
      first_part_.push_back(parts_.size());
      if (options_.repair) {
        repeats.Add(speech.words, [&](std::size_t earlier) { MakeAlike(earlier, i); });
      }
      WordSpan previous(before);
      std::size_t from = 0;
      Part part = Whole(i);
      for (const Cut& cut : Cuts(i, speech)) {
        Part rest = part;
        part.end = cut.at;
        part.end_ms = cut.end_ms;
        rest.begin = cut.at;
        rest.start_ms = cut.start_ms;
        rest.measured = cut.measured;
        rest.cut = cut.odds;
        const WordSpan words = WordSpan(speech.words).subspan(from, cut.word - from);
        Take(model, part, previous, words, speech, from);
        previous = words;
        from = cut.word;
        part = rest;
      }
      const WordSpan words = WordSpan(speech.words).subspan(from);
      Take(model, part, previous, words, speech, from);
      if (!words.empty()) before.assign(words.begin(), words.end());
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) alike_[i] = FirstAlike(i);
  }

  std::size_t FirstAlike(std::size_t line) {
    while (alike_[line] != line) line = alike_[line] = alike_[alike_[line]];
    return line;
  }

  void MakeAlike(std::size_t one, std::size_t two) {
    one = FirstAlike(one);
    two = FirstAlike(two);
    alike_[std::max(one, two)] = std::min(one, two);
  }

  std::vector<Cut> Cuts(std::size_t line, const Speech& speech) const {
    if (!options_.repair) return {};
    const std::int32_t latest =
        line + 1 < lines_.size() ? lines_[line + 1].start_ms : lines_[line].end_ms;
    return ProposeCuts(lines_[line], speech, listed_[line].size() > 1, latest);
  }

  // Listens to one part: `words`, of which the first is word `from` of the line.
  void Take(const SpeechModel& model, Part part, WordSpan before, WordSpan words,
            const Speech& speech, std::size_t from) {
    std::vector<Cue> cues;
    auto cue = std::partition_point(speech.cues.begin(), speech.cues.end(),
                                    [&](const Cue& one) { return one.begin < from; });
    for (; cue != speech.cues.end() && cue->begin < from + words.size(); ++cue) {
      if (cue->end <= from + words.size()) cues.push_back(*cue);
    }
    part.words = words.size();
    part.evidence = EvidenceOf(words, cues);
    part.announcement =
        AnnouncementIn(words, parts_.empty() ? Announcement() : parts_.back().announcement);
    part.handover = HandoverIn(words);
    part.goes_on = model.GoesOn(before, words);
    part.breaks_off = part.line > 0 && !part.cut && BreaksOff(lines_[part.line - 1].text);
    parts_.push_back(part);
  }

  bool IsPerson(const Part& part) const {
    return part.who == kNobody || !IsMachine(speakers_[part.who].role);
  }

  // What each of the people says, over the whole recording.
  void AddUp() {
    for (const Part& part : parts_) {
      if (part.who == kNobody || !IsPerson(part)) continue;
      for (const std::size_t listed : listed_[part.line]) {
        speakers_[listed].speaks |= !IsMachine(speakers_[listed].role);
      }
      Speaker& speaker = speakers_[part.who];
      speaker.lean += part.evidence.lean;
      speaker.agent_cues += part.evidence.agent_cues;
      speaker.customer_cues += part.evidence.customer_cues;
    }
  }

  // The parts that people speak, as observations of two: `first` and whoever else there is. They
  // lean towards the first as if that were the agent. `people`: the part of each.
  std::vector<Observation> ObserveTwo(std::size_t first, std::vector<std::size_t>& people) const {
    people.clear();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (IsPerson(parts_[i])) people.push_back(i);
    }
    std::vector<Observation> observations(people.size());
    std::vector<std::size_t> place(parts_.size(), kNobody);  // of each part, among the people's
    for (std::size_t k = 0; k < people.size(); ++k) {
      place[people[k]] = k;
      observations[k] = Observe(people[k], first);
      if (k > 0 && people[k] != people[k - 1] + 1) observations[k].apart = true;
    }
    CountRepeats(place, observations);
    return observations;
  }

  // Each segment that has its words from others, or others from it, hears the labels of all of them.
  void CountRepeats(const std::vector<std::size_t>& place,
                    std::vector<Observation>& observations) const {
    const auto label_of = [&](std::size_t line) {
      const std::size_t k = place[first_part_[line]];
      if (k == kNobody || !observations[k].label) return 0;
      return *observations[k].label == Side::kFirst ? 1 : -1;
    };
    std::vector<int> sums(lines_.size());  // of those that are alike, at the first of them
    for (std::size_t line = 0; line < lines_.size(); ++line) sums[alike_[line]] += label_of(line);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const std::size_t line = parts_[i].line;
      if (place[i] == kNobody) continue;
      const int others = sums[alike_[line]] - label_of(line);
      // A short one may be somebody else's question, said again while looking for the answer.
      const bool is_long = parts_[i].words >= kLongRepeat;
      observations[place[i]].repeats = is_long ? others : std::clamp(others, -1, 1);
    }
  }

  // How much better all that is known fits if this one of two is the agent than if the other is.
  std::int64_t Fit(std::size_t agent) const {
    std::vector<std::size_t> people;
    std::vector<Observation> observations = ObserveTwo(agent, people);
    const std::int64_t as_agent = BestAccount(observations);
    for (Observation& observation : observations) observation.lean = -observation.lean;
    return as_agent - BestAccount(observations);
  }

  // With an agent and a customer and nobody else, what each says tells on which side a part is.
  // False where there are not these two.
  bool Repair() {
    std::size_t agent = kNobody;
    std::size_t customer = kNobody;
    for (std::size_t i = 0; i < speakers_.size(); ++i) {
      if (speakers_[i].name == "agent") {
        agent = i;
      } else if (speakers_[i].name == "customer") {
        customer = i;
      } else if (speakers_[i].speaks) {
        return false;
      }
    }
    if (agent == kNobody || customer == kNobody) return false;
    std::vector<std::size_t> people;
    std::vector<Observation> observations = ObserveTwo(agent, people);
    // What is said tells no more about the speaker than the roles are sure.
    for (Observation& observation : observations) {
      observation.lean = observation.lean * (2 * role_confidence_.value_or(100) - 100) / 100;
    }
    const std::vector<std::optional<Side>> sides = Decide(observations);
    for (std::size_t k = 0; k < people.size(); ++k) {
      if (sides[k]) parts_[people[k]].who = *sides[k] == Side::kFirst ? agent : customer;
    }
    return true;
  }

  Observation Observe(std::size_t index, std::size_t agent) const {
    const Part& part = parts_[index];
    Observation observation;
    observation.lean = part.evidence.lean;
    observation.goes_on = part.goes_on;
    observation.breaks_off = part.breaks_off;
    observation.cut = part.cut;
    observation.apart = index > 0 && !part.cut && Gap(index) > options_.fill_gap_ms;
    if (part.labelled == kNobody) return observation;
    observation.label = part.labelled == agent ? Side::kFirst : Side::kSecond;
    if (HasCuts(part.line)) {
      observation.trust = listed_[part.line].size() > 1 ? Trust::kListed : Trust::kPart;
    }
    return observation;
  }

  bool HasCuts(std::size_t line) const {
    const std::size_t next = first_part_[line] + 1;
    return next < parts_.size() && parts_[next].line == line;
  }

  // Where the source names two speakers and nothing tells who is who, the first comes first, and
  // the second after the clearest place for a change.
  void DivideListed() {
    for (std::size_t line = 0; line < lines_.size(); ++line) {
      if (listed_[line].size() != 2 || !HasCuts(line)) continue;
      std::size_t best = first_part_[line] + 1;
      std::size_t end = best;
      for (; end < parts_.size() && parts_[end].line == line; ++end) {
        if (*parts_[end].cut > *parts_[best].cut) best = end;
      }
      if (*parts_[best].cut < kSureOfCut) continue;
      for (std::size_t i = best; i < end; ++i) parts_[i].who = listed_[line][1];
    }
  }

  // Parts of a line that turned out to be one speaker's are one; and a line with very many is none
  // of which it is certain.
  void JoinParts() {
    std::vector<Part> joined;
    joined.reserve(parts_.size());
    for (std::size_t i = 0; i < parts_.size();) {
      const std::size_t line = parts_[i].line;
      const std::size_t first = joined.size();
      for (; i < parts_.size() && parts_[i].line == line; ++i) {
        const Part& part = parts_[i];
        if (joined.size() == first || joined.back().who != part.who) {
          joined.push_back(part);
          continue;
        }
        joined.back().end = part.end;
        joined.back().end_ms = part.end_ms;
        joined.back().handover = std::max(joined.back().handover, part.handover);
      }
      if (joined.size() - first > kMostParts) {
        joined.resize(first);
        joined.push_back(Whole(line));
      }
    }
    parts_ = std::move(joined);
  }

  // Milliseconds between a part and the one before it.
  std::int64_t Gap(std::size_t i) const {
    return std::int64_t{parts_[i].start_ms} - parts_[i - 1].end_ms;
  }

  // A stretch without labels between two segments of one speaker, all close together, is that
  // speaker's.
  void FillGaps() {
    std::size_t before = kNobody;  // the last part that has a speaker
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].who != kNobody) {
        before = i;
        continue;
      }
      std::size_t end = i;
      while (end < parts_.size() && parts_[end].who == kNobody) ++end;
      bool close =
          before != kNobody && end < parts_.size() && parts_[before].who == parts_[end].who;
      for (std::size_t k = i; close && k <= end; ++k) {
        close = Gap(k) <= options_.fill_gap_ms;
      }
      if (close) {
        for (std::size_t k = i; k < end; ++k) parts_[k].who = parts_[end].who;
      }
      i = end - 1;
    }
  }

  // The agent puts the call through, and under the same label somebody else says who he is: from
  // there on that label is a second agent's.
  void FindTakeover() {
    std::size_t agent = kNobody;
    for (std::size_t i = 0; i < speakers_.size(); ++i) {
      if (speakers_[i].name == "agent") agent = i;
    }
    if (agent == kNobody) return;
    bool announced = false;
    std::size_t now = agent;
    for (Part& part : parts_) {
      if (part.who != agent) continue;
      if (announced && part.handover == Handover::kTakesOver) {
        announced = false;
        now = speakers_.size();
        speakers_.emplace_back();
        speakers_.back().role = Role::kAgent;
        speakers_.back().speaks = true;
      } else if (part.handover == Handover::kAnnounced) {
        announced = true;
      }
      part.who = now;
    }
  }

  void NameOthers() {
    int number = 0;
    const auto name = [&](std::size_t who) {
      Speaker& speaker = speakers_[who];
      if (!speaker.name.empty()) return;
      speaker.name = speaker.role == Role::kIvr         ? "ivr"
                     : speaker.role == Role::kVoicemail ? "voicemail"
                                                        : "speaker_" + std::to_string(++number);
    };
    for (const Part& part : parts_) {  // in the order of their first word
      if (part.who != kNobody) name(part.who);
    }
    for (std::size_t i = 0; i < speakers_.size(); ++i) name(i);
  }

  Basis BasisOf(std::size_t index) const {
    const Part& part = parts_[index];
    if (part.who == kNobody) return Basis::kNone;
    if (part.cut || (index + 1 < parts_.size() && parts_[index + 1].line == part.line)) {
      return Basis::kSplit;
    }
    if (part.labelled == kNobody) return Basis::kFilled;
    return part.labelled == part.who || IsSuccessor(part) ? Basis::kLabel : Basis::kCorrected;
  }

  // Whether a second agent took over the label.
  bool IsSuccessor(const Part& part) const {
    return speakers_[part.labelled].name == "agent" && part.who >= listed_speakers_ &&
           !IsMachine(speakers_[part.who].role);
  }

  void Tell(Speakers& result) const {
    std::vector<bool> heard(speakers_.size());
    result.said.reserve(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& part = parts_[i];
      Said said;
      said.line = part.line;
      said.begin = part.begin;
      said.end = part.end;
      said.start_ms = part.start_ms;
      said.end_ms = part.end_ms;
      said.basis = BasisOf(i);
      said.name = part.who == kNobody ? "unknown" : speakers_[part.who].name;
      if (said.basis == Basis::kSplit) {
        said.estimated = !(part.cut ? part.measured : parts_[i + 1].measured);
      } else if (listed_[part.line].size() > 1) {
        for (const std::size_t other : listed_[part.line]) {
          if (other == part.who) continue;
          if (!said.also.empty()) said.also += ',';
          said.also += speakers_[other].name;
        }
      }
      if (part.who != kNobody && !heard[part.who]) {
        heard[part.who] = true;
        const Speaker& speaker = speakers_[part.who];
        const bool numbered = speaker.name != "agent" && speaker.name != "customer";
        if (numbered && !IsMachine(speaker.role)) said.role = speaker.role;
      }
      result.said.push_back(std::move(said));
    }
  }

  const std::vector<Line>& lines_;
  const Options& options_;
  const std::function<void()>& pulse_;
  std::vector<std::vector<std::size_t>> listed_;  // for each line, whom the source names
  std::size_t listed_speakers_ = 0;               // of speakers_, those whom the source names
  std::vector<Speaker> speakers_;
  std::optional<int> role_confidence_;
  std::vector<Part> parts_;
  std::vector<std::size_t> first_part_;  // for each line
  std::vector<std::size_t> alike_;       // for each line, the first that has the same words
};

}  // namespace

Speakers NameSpeakers(const std::vector<Line>& lines, const Options& options,
                      const std::function<void()>& pulse) {
  return Recording(lines, options, pulse).Run();
}

}  // namespace cxscribe::diarization
