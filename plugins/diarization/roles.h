// Who of a recording's speakers is the agent and who the customer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plugins/diarization/labels.h"

namespace cxscribe::diarization {

struct Speaker {
  std::string name;  // empty until decided
  Role role = Role::kNone;
  std::int64_t lean = 0;  // sums of Evidence over all that is said
  int agent_cues = 0;
  int customer_cues = 0;
  bool speaks = false;  // people alone: what machines say is not listened to
};

// How much better everything fits if this one of two people is the agent than if the other is.
using FitOfTwo = std::function<std::int64_t(std::size_t agent)>;

// Names the agent and the customer among those who have no name yet, by their labels' roles and, if
// `infer`, by what they say. Gives the rest, where it is clear, their role without the name.
// Two people are told apart by `fit`, where it is not empty, else by their leans. Returns how sure the
// names are, in per cent, where they were told by what is said.
std::optional<int> NameRoles(std::vector<Speaker>& speakers, bool infer, const FitOfTwo& fit);

// Of two people whom their labels call agent and customer: exchanges the two where what is said speaks
// so clearly against it that their channels must have been swapped. Returns how sure that is, in per
// cent, where it did.
std::optional<int> UnswapRoles(std::vector<Speaker>& speakers, const FitOfTwo& fit);

}  // namespace cxscribe::diarization
