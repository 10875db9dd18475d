// What a speaker label of the source says by itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

// A voice menu and a voicemail are nobody, and yet speak.
enum class Role { kNone, kAgent, kCustomer, kIvr, kVoicemail };

constexpr bool IsMachine(Role role) { return role == Role::kIvr || role == Role::kVoicemail; }

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

// "Agent" and "rep" are the agent, "" and "unknown" nobody, "spk_0" somebody; "bot" is a voice menu.
Label ReadLabel(std::string_view source, const Aliases& aliases);

// Of a source that may name several speakers for one segment, "spk_0,spk_1" or "agent/customer":
// each once, in the order given, without those that are nobody. Separated by , ; | / + or &.
std::vector<Label> ReadLabels(std::string_view source, const Aliases& aliases);

}  // namespace cxscribe::diarization
