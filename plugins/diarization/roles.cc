#include "plugins/diarization/roles.h"

#include <cstdlib>
#include <utility>

#include "plugins/diarization/evidence.h"

namespace cxscribe::diarization {
namespace {

// By how much leans must differ before two speakers are given their roles: less is a guess.
constexpr std::int64_t kLeast = 500;
// And before roles are given against a label, or among three or more: a telling phrase or two.
constexpr std::int64_t kMargin = 8000;
// And before labels that name both are taken for each other's: one recording in some dozens has its
// channels swapped. Of 346 calls with right labels the worst came to 29,000.
constexpr std::int64_t kSureOfSwap = 35'000;
// By how much the cues of somebody must tell who is alone, or who comes in later.
constexpr int kSureAlone = 4;

void NameAlone(Speaker& speaker) {
  const int cues = speaker.agent_cues - speaker.customer_cues;
  if (cues >= kSureAlone) speaker.name = "agent";
  if (cues <= -kSureAlone) speaker.name = "customer";
}

// Nobody has a role yet. The customer is the one who speaks most like one; among the others, the
// first agent to speak has the role, and whoever takes over later is kept apart.
std::optional<int> NameByLean(const std::vector<Speaker*>& open) {
  const std::int64_t margin = open.size() == 2 ? kLeast : kMargin;
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
  if (agent == nullptr) return std::nullopt;
  agent->name = "agent";
  // Among three or more, being least like an agent is not enough.
  if (open.size() == 2 || customer->customer_cues > 0) customer->name = "customer";
  for (Speaker* speaker : open) {
    if (!speaker->name.empty() || speaker->lean - customer->lean < kMargin) continue;
    if (speaker->agent_cues - speaker->customer_cues >= kSureAlone) speaker->role = Role::kAgent;
  }
  return RoleConfidence(agent->lean - customer->lean);
}

}  // namespace

std::optional<int> NameRoles(std::vector<Speaker>& speakers, bool infer, const FitOfTwo& fit) {
  // The labels' own word first: "agent" and "rep" in one recording are one role, two people; the
  // first has it.
  bool agent = false;
  bool customer = false;
  std::vector<Speaker*> open;
  std::size_t people = 0;
  for (Speaker& speaker : speakers) {
    if (!speaker.name.empty() || !speaker.speaks) continue;
    ++people;
    if (speaker.role == Role::kAgent && !std::exchange(agent, true)) speaker.name = "agent";
    if (speaker.role == Role::kCustomer && !std::exchange(customer, true)) {
      speaker.name = "customer";
    }
    if (speaker.role == Role::kNone) open.push_back(&speaker);
  }
  if (open.empty() || (agent && customer) || !infer) return std::nullopt;
  if (agent || customer) {
    // Of two people the other one has the other role, unless what is said speaks against it.
    const bool fits = agent ? open[0]->lean < kMargin : open[0]->lean > -kMargin;
    if (people == 2 && fits) open[0]->name = agent ? "customer" : "agent";
    return std::nullopt;
  }
  if (open.size() < 2) {
    if (people == 1) NameAlone(*open[0]);
    return std::nullopt;
  }
  if (open.size() > 2 || !fit) return NameByLean(open);
  const std::int64_t better = fit(static_cast<std::size_t>(open[0] - speakers.data()));
  if (std::abs(better) < kLeast) return std::nullopt;
  open[better > 0 ? 0 : 1]->name = "agent";
  open[better > 0 ? 1 : 0]->name = "customer";
  return RoleConfidence(better);
}

std::optional<int> UnswapRoles(std::vector<Speaker>& speakers, const FitOfTwo& fit) {
  Speaker* agent = nullptr;
  Speaker* customer = nullptr;
  for (Speaker& speaker : speakers) {
    if (speaker.name == "agent") {
      agent = &speaker;
    } else if (speaker.name == "customer") {
      customer = &speaker;
    } else if (speaker.speaks) {
      return std::nullopt;
    }
  }
  if (agent == nullptr || customer == nullptr || agent->role != Role::kAgent ||
      customer->role != Role::kCustomer) {
    return std::nullopt;
  }
  const std::int64_t better = fit(static_cast<std::size_t>(customer - speakers.data()));
  if (better < kSureOfSwap) return std::nullopt;
  std::swap(agent->name, customer->name);
  std::swap(agent->role, customer->role);
  return RoleConfidence(better);
}

}  // namespace cxscribe::diarization
