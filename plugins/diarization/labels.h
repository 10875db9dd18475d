// What a speaker label of the source says by itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

enum class Role { kNone, kAgent, kCustomer };

// The labels that name a role, beside the built-in ones ("rep", "operator", "caller", "client",
// ...). Compared without regard to case, and without a number at the end.
struct Aliases {
  std::vector<std::string> agent;
  std::vector<std::string> customer;
};

struct Label {
  std::string key;  // what tells this speaker from others; empty: the source named nobody
  Role role = Role::kNone;
};

// "Agent" and "rep" are the agent, "" and "unknown" nobody, "spk_0" somebody. Where a source names
// several speakers, "spk_0,spk_1", the first counts.
Label ReadLabel(std::string_view source, const Aliases& aliases);

}  // namespace cxscribe::diarization
