#include "plugins/diarization/machines.h"

#include <cstddef>

namespace cxscribe::diarization {
namespace {

// A menu comes before the people do. Who has said more than this explains one.
constexpr std::size_t kFewWords = 12;
// Of all that a label says, announcements at least; the rest may be garbled.
constexpr std::size_t kMostlyOf = 4;
constexpr std::size_t kMostly = 3;

struct Voice {
  std::size_t talked = 0;  // words that are no announcement, since the last handover
  std::size_t words = 0;
  std::size_t sure = 0;   // words of announcements that are certain,
  std::size_t maybe = 0;  // and of others
  std::size_t mail = 0;   // of `sure`, a voicemail's
};

Role MachineOf(const Part& part, const Voice& voice) {
  const Announcement& said = part.announcement;
  if (said.human) return Role::kNone;
  if (said.sureness == Sureness::kSure) return said.machine;
  if (said.sureness == Sureness::kMenu && voice.talked <= kFewWords) return said.machine;
  return Role::kNone;
}

// What stands next to an announcement of the same voice and could be more of it: "for billing",
// "this call may be recorded".
void Spread(const std::vector<Part>& parts, std::vector<Role>& machines) {
  const auto may_be = [&](std::size_t i) {
    return machines[i] == Role::kNone && parts[i].announcement.sureness == Sureness::kMaybe &&
           !parts[i].announcement.human;
  };
  const auto alike = [&](std::size_t i, std::size_t k) {
    return parts[i].labelled == parts[k].labelled && machines[k] != Role::kNone;
  };
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (may_be(i) && alike(i, i - 1)) machines[i] = machines[i - 1];
  }
  for (std::size_t i = parts.size(); i-- > 1;) {
    if (may_be(i - 1) && alike(i - 1, i)) machines[i - 1] = machines[i];
  }
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const Announcement& said = parts[i].announcement;
    if (machines[i] == Role::kNone && said.sureness == Sureness::kNone && !said.human &&
        parts[i - 1].announcement.sureness != Sureness::kNone && alike(i, i - 1) &&
        alike(i, i + 1)) {
      machines[i] = machines[i - 1];
    }
  }
}

}  // namespace

void FindMachines(std::vector<Part>& parts, std::vector<Speaker>& speakers) {
  std::vector<Voice> voices(speakers.size() + 1);  // the last: nobody's
  const auto voice_of = [&](const Part& part) -> Voice& {
    return part.labelled == kNobody ? voices.back() : voices[part.labelled];
  };
  std::vector<Role> machines(parts.size(), Role::kNone);
  bool any = false;
  bool any_maybe = false;
  std::size_t handovers = 0;
  std::vector<std::size_t> heard(voices.size());  // handovers, when a voice last talked
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    Voice& voice = voice_of(part);
    std::size_t& heard_before = heard[static_cast<std::size_t>(&voice - voices.data())];
    if (heard_before != handovers) voice.talked = 0;
    heard_before = handovers;
    machines[i] = MachineOf(part, voice);
    any |= machines[i] != Role::kNone;
    any_maybe |= part.announcement.sureness == Sureness::kMaybe;
    if (part.announcement.sureness == Sureness::kNone || part.announcement.human) {
      voice.talked += part.words;
    }
    if (part.handover == Handover::kAnnounced) ++handovers;
  }
  if (!any && !any_maybe) return;
  Spread(parts, machines);

  for (std::size_t i = 0; i < parts.size(); ++i) {
    Voice& voice = voice_of(parts[i]);
    voice.words += parts[i].words;
    if (machines[i] != Role::kNone) {
      voice.sure += parts[i].words;
      if (machines[i] == Role::kVoicemail) voice.mail += parts[i].words;
    } else if (parts[i].announcement.sureness == Sureness::kMaybe && !parts[i].announcement.human) {
      voice.maybe += parts[i].words;
    }
  }
  for (std::size_t i = 0; i < speakers.size(); ++i) {
    const Voice& voice = voices[i];
    if (speakers[i].role != Role::kNone || voice.words == 0) continue;
    const bool mostly =
        voice.sure > 0 && (voice.sure + voice.maybe) * kMostlyOf >= voice.words * kMostly;
    // Of two, whoever says nothing else may still be the agent.
    const bool only = voice.maybe == voice.words && speakers.size() > 2;
    if (!mostly && !only) continue;
    speakers[i].role = voice.mail * 2 > voice.sure ? Role::kVoicemail : Role::kIvr;
  }
  std::size_t menu = kNobody;
  std::size_t mail = kNobody;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part& part = parts[i];
    if (machines[i] == Role::kNone) continue;
    if (part.labelled != kNobody && speakers[part.labelled].role == machines[i]) continue;
    std::size_t& machine = machines[i] == Role::kVoicemail ? mail : menu;
    if (machine == kNobody) {
      machine = speakers.size();
      speakers.emplace_back();
      speakers.back().role = machines[i];
    }
    part.who = machine;
  }
}

}  // namespace cxscribe::diarization
