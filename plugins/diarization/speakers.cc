#include "plugins/diarization/speakers.h"

#include <unordered_map>
#include <utility>

#include "plugins/diarization/cues.h"

namespace cxscribe::diarization {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

// By how much the cues must differ before a role is given: one telling phrase, or several weak
// ones.
constexpr int kMargin = 2;

struct Speaker {
  std::string name;  // empty until decided
  Role role = Role::kNone;
  int lean = 0;  // cues: positive agent, negative customer
  int customer_cues = 0;
};

class Recording {
 public:
  Recording(const std::vector<Line>& lines, const Options& options,
            const std::function<void()>& pulse)
      : lines_(lines), options_(options), pulse_(pulse), who_(lines.size(), kNobody) {}

  Speakers Run() {
    ReadLabels();
    if (options_.infer_roles) Listen();
    GiveRoles();
    NumberOthers();
    FillGaps();
    Speakers result;
    result.any_label = !speakers_.empty();
    result.names.reserve(lines_.size());
    for (const std::size_t who : who_) {
      result.names.push_back(who == kNobody ? "unknown" : speakers_[who].name);
    }
    return result;
  }

 private:
  void ReadLabels() {
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (pulse_) pulse_();
      Label label = ReadLabel(lines_[i].label, options_.aliases);
      if (label.key.empty()) continue;
      const auto [entry, is_new] = known.emplace(std::move(label.key), speakers_.size());
      if (is_new) {
        speakers_.emplace_back();
        speakers_.back().role = label.role;
      }
      who_[i] = entry->second;
    }
  }

  void Listen() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (pulse_) pulse_();
      if (who_[i] == kNobody) continue;
      const CueCount count = CountCues(lines_[i].text);
      Speaker& speaker = speakers_[who_[i]];
      speaker.lean += count.agent - count.customer;
      speaker.customer_cues += count.customer;
    }
  }

  void GiveRoles() {
    // The labels' own word first: "agent" and "rep" in one recording are one role, two people; the
    // first has it.
    bool agent = false;
    bool customer = false;
    for (Speaker& speaker : speakers_) {
      if (speaker.role == Role::kAgent && !std::exchange(agent, true)) speaker.name = "agent";
      if (speaker.role == Role::kCustomer && !std::exchange(customer, true)) {
        speaker.name = "customer";
      }
    }
    std::vector<Speaker*> open;
    for (Speaker& speaker : speakers_) {
      if (speaker.name.empty() && speaker.role == Role::kNone) open.push_back(&speaker);
    }
    if (open.empty() || (agent && customer) || !options_.infer_roles) return;
    if (agent || customer) {
      // Of two people the other one has the other role, unless what is said speaks against it.
      const bool fits = agent ? open[0]->lean < kMargin : open[0]->lean > -kMargin;
      if (speakers_.size() == 2 && fits) open[0]->name = agent ? "customer" : "agent";
      return;
    }
    if (open.size() != speakers_.size() || open.size() < 2) {
      if (open.size() == 1 && speakers_.size() == 1) NameAlone(open[0]);
      return;
    }
    NameByCues(open);
  }

  static void NameAlone(Speaker* speaker) {
    constexpr int kSure = 2 * kMargin;
    if (speaker->lean >= kSure) speaker->name = "agent";
    if (speaker->lean <= -kSure) speaker->name = "customer";
  }

  // Nobody has a role yet. The customer is the one who speaks most like one; among the others, the
  // first agent to speak has the role, and whoever takes over later is kept apart.
  void NameByCues(const std::vector<Speaker*>& open) {
    Speaker* customer = open[0];
    for (Speaker* speaker : open) {
      if (speaker->lean < customer->lean) customer = speaker;
    }
    Speaker* agent = nullptr;
    for (Speaker* speaker : open) {
      if (speaker == customer || speaker->lean - customer->lean < kMargin) continue;
      if (agent == nullptr ||
          (open.size() > 2 && agent->lean < kMargin && speaker->lean > agent->lean)) {
        agent = speaker;
      }
    }
    if (agent == nullptr) return;
    agent->name = "agent";
    // Among three or more, being least like an agent is not enough.
    if (open.size() == 2 || customer->customer_cues > 0) customer->name = "customer";
  }

  void NumberOthers() {
    int number = 0;
    for (Speaker& speaker : speakers_) {  // in the order of their first word
      if (speaker.name.empty()) speaker.name = "speaker_" + std::to_string(++number);
    }
  }

  // A stretch without labels between two segments of one speaker, all close together, is that
  // speaker's.
  void FillGaps() {
    std::size_t before = kNobody;  // the last line that the source labelled
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (who_[i] != kNobody) {
        before = i;
        continue;
      }
      std::size_t end = i;
      while (end < lines_.size() && who_[end] == kNobody) ++end;
      bool close = before != kNobody && end < lines_.size() && who_[before] == who_[end];
      for (std::size_t k = i; close && k <= end; ++k) {
        const std::int64_t gap = std::int64_t{lines_[k].start_ms} - lines_[k - 1].end_ms;
        close = gap <= options_.fill_gap_ms;
      }
      if (close) {
        for (std::size_t k = i; k < end; ++k) who_[k] = who_[end];
      }
      i = end - 1;
    }
  }

  const std::vector<Line>& lines_;
  const Options& options_;
  const std::function<void()>& pulse_;
  std::vector<std::size_t> who_;  // for each line, its speaker
  std::vector<Speaker> speakers_;
};

}  // namespace

Speakers NameSpeakers(const std::vector<Line>& lines, const Options& options,
                      const std::function<void()>& pulse) {
  return Recording(lines, options, pulse).Run();
}

}  // namespace cxscribe::diarization
