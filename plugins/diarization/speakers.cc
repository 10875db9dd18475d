#include "plugins/diarization/speakers.h"

#include <unordered_map>
#include <utility>

#include "plugins/diarization/evidence.h"
#include "plugins/diarization/sequence.h"
#include "plugins/diarization/words.h"

namespace cxscribe::diarization {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

// By how much leans must differ before two speakers are given their roles: less is a guess.
constexpr double kLeast = 0.5;
// And before roles are given against a label, or among three or more: a telling phrase or two.
constexpr double kMargin = 8;
// By how much the cues of somebody who is alone must tell.
constexpr int kSureAlone = 4;

struct Speaker {
  std::string name;  // empty until decided
  Role role = Role::kNone;
  double lean = 0;  // positive agent, negative customer
  int agent_cues = 0;
  int customer_cues = 0;
};

class Recording {
 public:
  Recording(const std::vector<Line>& lines, const Options& options,
            const std::function<void()>& pulse)
      : lines_(lines),
        options_(options),
        pulse_(pulse),
        who_(lines.size(), kNobody),
        leans_(lines.size(), 0.0) {}

  Speakers Run() {
    ReadLabels();
    if (options_.infer_roles || options_.repair) Listen();
    GiveRoles();
    NumberOthers();
    const std::vector<std::size_t> labelled = who_;
    if (options_.repair) Repair();
    FillGaps();
    Speakers result;
    result.any_label = !speakers_.empty();
    result.role_confidence = role_confidence_;
    result.bases.reserve(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      result.bases.push_back(BasisOf(labelled[i], who_[i]));
    }
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
      const Evidence evidence = EvidenceOf(lines_[i].text);
      leans_[i] = evidence.lean;
      if (who_[i] == kNobody) continue;
      Speaker& speaker = speakers_[who_[i]];
      speaker.lean += evidence.lean;
      speaker.agent_cues += evidence.agent_cues;
      speaker.customer_cues += evidence.customer_cues;
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
    NameByLean(open);
  }

  static void NameAlone(Speaker* speaker) {
    const int cues = speaker->agent_cues - speaker->customer_cues;
    if (cues >= kSureAlone) speaker->name = "agent";
    if (cues <= -kSureAlone) speaker->name = "customer";
  }

  // Nobody has a role yet. The customer is the one who speaks most like one; among the others, the
  // first agent to speak has the role, and whoever takes over later is kept apart.
  void NameByLean(const std::vector<Speaker*>& open) {
    const double margin = open.size() == 2 ? kLeast : kMargin;
    Speaker* customer = open[0];
    for (Speaker* speaker : open) {
      if (speaker->lean < customer->lean) customer = speaker;
    }
    Speaker* agent = nullptr;
    for (Speaker* speaker : open) {
      if (speaker == customer || speaker->lean - customer->lean < margin) continue;
      if (agent == nullptr ||
          (open.size() > 2 && agent->lean < kMargin && speaker->lean > agent->lean)) {
        agent = speaker;
      }
    }
    if (agent == nullptr) return;
    agent->name = "agent";
    role_confidence_ = RoleConfidence(agent->lean - customer->lean);
    // Among three or more, being least like an agent is not enough.
    if (open.size() == 2 || customer->customer_cues > 0) customer->name = "customer";
  }

  void NumberOthers() {
    int number = 0;
    for (Speaker& speaker : speakers_) {  // in the order of their first word
      if (speaker.name.empty()) speaker.name = "speaker_" + std::to_string(++number);
    }
  }

  static Basis BasisOf(std::size_t labelled, std::size_t decided) {
    if (decided == kNobody) return Basis::kNone;
    if (labelled == kNobody) return Basis::kFilled;
    return labelled == decided ? Basis::kLabel : Basis::kCorrected;
  }

  // With an agent and a customer, what each says tells on which side a segment is.
  void Repair() {
    if (speakers_.size() != 2) return;
    const std::size_t agent = speakers_[0].name == "agent" ? 0 : 1;
    if (speakers_[agent].name != "agent" || speakers_[1 - agent].name != "customer") return;
    std::vector<Observation> observations(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (pulse_) pulse_();
      Observation& observation = observations[i];
      observation.text = leans_[i];
      if (who_[i] != kNobody) {
        observation.label = who_[i] == agent ? Side::kFirst : Side::kSecond;
      }
      if (i == 0) continue;
      observation.goes_on = BreaksOff(lines_[i - 1].text);
      observation.apart = Gap(i) > options_.fill_gap_ms;
    }
    const std::vector<std::optional<Side>> sides = Decide(observations);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (sides[i]) who_[i] = *sides[i] == Side::kFirst ? agent : 1 - agent;
    }
  }

  // Milliseconds between a line and the one before it.
  std::int64_t Gap(std::size_t i) const {
    return std::int64_t{lines_[i].start_ms} - lines_[i - 1].end_ms;
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
        close = Gap(k) <= options_.fill_gap_ms;
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
  std::vector<double> leans_;     // for each line, what it says
  std::optional<double> role_confidence_;
  std::vector<Speaker> speakers_;
};

}  // namespace

Speakers NameSpeakers(const std::vector<Line>& lines, const Options& options,
                      const std::function<void()>& pulse) {
  return Recording(lines, options, pulse).Run();
}

}  // namespace cxscribe::diarization
