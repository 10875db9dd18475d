#include "plugins/diarization/speakers.h"

#include <string>
#include <utility>

#include "plugins/diarization/gaps.h"
#include "plugins/diarization/listening.h"
#include "plugins/diarization/machines.h"
#include "plugins/diarization/recording.h"
#include "plugins/diarization/repair.h"
#include "plugins/diarization/roles.h"

namespace cxscribe::diarization {
namespace {

// What each of the people says, over the whole recording.
void AddUp(Recording& recording) {
  for (const Part& part : recording.parts) {
    if (part.who == kNobody || !IsPerson(recording, part)) continue;
    for (const std::size_t listed : recording.listed[part.line]) {
      Speaker& speaker = recording.speakers[listed];
      speaker.speaks |= !IsMachine(speaker.role);
    }
    Speaker& speaker = recording.speakers[part.who];
    speaker.lean += part.evidence.lean;
    speaker.agent_cues += part.evidence.agent_cues;
    speaker.customer_cues += part.evidence.customer_cues;
  }
}

// The agent puts the call through, and under the same label somebody else says who he is: from
// there on that label is a second agent's.
void FindTakeover(Recording& recording) {
  std::vector<Speaker>& speakers = recording.speakers;
  std::size_t agent = kNobody;
  for (std::size_t i = 0; i < speakers.size(); ++i) {
    if (speakers[i].name == "agent") agent = i;
  }
  if (agent == kNobody) return;
  bool announced = false;
  std::size_t now = agent;
  for (Part& part : recording.parts) {
    if (part.who != agent) continue;
    if (announced && part.handover == Handover::kTakesOver) {
      announced = false;
      now = speakers.size();
      speakers.emplace_back();
      speakers.back().role = Role::kAgent;
      speakers.back().speaks = true;
    } else if (part.handover == Handover::kAnnounced) {
      announced = true;
    }
    part.who = now;
  }
}

void NameOthers(Recording& recording) {
  int number = 0;
  const auto name = [&](Speaker& speaker) {
    if (!speaker.name.empty()) return;
    speaker.name = speaker.role == Role::kIvr         ? "ivr"
                   : speaker.role == Role::kVoicemail ? "voicemail"
                                                      : "speaker_" + std::to_string(++number);
  };
  for (const Part& part : recording.parts) {  // in the order of their first word
    if (part.who != kNobody) name(recording.speakers[part.who]);
  }
  for (Speaker& speaker : recording.speakers) name(speaker);
}

// What is told of a recording whose parts and speakers are final.
class Telling {
 public:
  // `known`: of the speakers, those whom the source names.
  Telling(const Recording& recording, std::size_t known)
      : parts_(recording.parts),
        speakers_(recording.speakers),
        listed_(recording.listed),
        known_(known) {}

  std::vector<Said> All() const {
    std::vector<Said> all;
    std::vector<bool> heard(speakers_.size());
    all.reserve(parts_.size());
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
        said.also = Others(part);
      }
      if (part.who != kNobody && !heard[part.who]) {
        heard[part.who] = true;
        const Speaker& speaker = speakers_[part.who];
        const bool numbered = speaker.name != "agent" && speaker.name != "customer";
        if (numbered && !IsMachine(speaker.role)) said.role = speaker.role;
      }
      all.push_back(std::move(said));
    }
    return all;
  }

 private:
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
    return speakers_[part.labelled].name == "agent" && part.who >= known_ &&
           !IsMachine(speakers_[part.who].role);
  }

  std::string Others(const Part& part) const {
    std::string names;
    for (const std::size_t other : listed_[part.line]) {
      if (other == part.who) continue;
      if (!names.empty()) names += ',';
      names += speakers_[other].name;
    }
    return names;
  }

  const std::vector<Part>& parts_;
  const std::vector<Speaker>& speakers_;
  const std::vector<std::vector<std::size_t>>& listed_;
  const std::size_t known_;
};

}  // namespace

Speakers NameSpeakers(const std::vector<Line>& lines, const Options& options,
                      const std::function<void()>& pulse) {
  Recording recording;
  ReadSpeakers(lines, options.aliases, pulse, recording);
  const std::size_t known = recording.speakers.size();
  if (options.infer_roles || options.repair) {
    Listen(lines, options.repair, pulse, recording);
    if (options.infer_roles) FindMachines(recording.parts, recording.speakers);
  } else {
    TakeWhole(lines, recording);
  }
  AddUp(recording);
  const std::int32_t pause = options.fill_gap_ms;
  FitOfTwo fit;
  if (options.repair) {
    fit = [&](std::size_t agent) { return FitAsAgent(recording, agent, pause); };
  }
  recording.role_confidence = NameRoles(recording.speakers, options.infer_roles, fit);
  bool swapped = false;
  if (options.infer_roles && fit) {
    const std::optional<int> sure = UnswapRoles(recording.speakers, fit);
    swapped = sure.has_value();
    if (swapped) recording.role_confidence = sure;
  }
  if (options.repair && !Repair(recording, pause)) DivideListed(recording);
  JoinParts(recording);
  FillGaps(recording, options.repair, pause);
  if (options.infer_roles) FindTakeover(recording);
  NameOthers(recording);
  return {.said = Telling(recording, known).All(),
          .role_confidence = recording.role_confidence,
          .labels_swapped = swapped,
          .any_label = known > 0};
}

}  // namespace cxscribe::diarization
