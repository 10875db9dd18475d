#include "plugins/diarization/labels.h"

#include <algorithm>
#include <utility>

namespace cxscribe::diarization {
namespace {

// Of one segment. A label is short, but nobody says how short.
constexpr std::size_t kMostLabels = 8;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// "agent_1" -> "agent": recognisers number the people of a role.
std::string_view WithoutNumber(std::string_view key) {
  const std::size_t end = key.find_last_not_of("0123456789_- #:");
  return end == key.npos ? key : key.substr(0, end + 1);
}

bool IsAny(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool Has(const std::vector<std::string>& aliases, std::string_view key, std::string_view stem) {
  return std::any_of(aliases.begin(), aliases.end(), [&](const std::string& alias) {
    const std::string lower = Lower(Trim(alias));
    return lower == key || lower == stem;
  });
}

}  // namespace

Label ReadLabel(std::string_view source, const Aliases& aliases) {
  Label label;
  label.key = Lower(Trim(source));
  const std::string_view stem = WithoutNumber(label.key);
  if (Has(aliases.agent, label.key, stem)) {
    label.role = Role::kAgent;
  } else if (Has(aliases.customer, label.key, stem)) {
    label.role = Role::kCustomer;
  } else if (IsAny(stem, {"unknown", "unk", "none", "null", "n/a", "undefined", "unidentified"})) {
    label.key.clear();
  } else if (IsAny(stem, {"agent", "rep", "representative", "operator", "advisor", "adviser", "csr",
                          "call center", "call centre", "employee", "consultant", "associate",
                          "internal"})) {
    label.role = Role::kAgent;
  } else if (IsAny(stem, {"customer", "caller", "client", "consumer", "cust", "end user",
                          "end_user", "contact", "external"})) {
    label.role = Role::kCustomer;
  } else if (IsAny(stem,
                   {"ivr", "system", "bot", "voicebot", "robot", "virtual agent", "virtual_agent",
                    "virtual assistant", "virtual_assistant", "auto attendant", "auto_attendant",
                    "automated", "announcement", "voice menu"})) {
    label.role = Role::kIvr;
  } else if (IsAny(stem, {"voicemail", "voice mail", "voice_mail", "answering machine",
                          "answering_machine"})) {
    label.role = Role::kVoicemail;
  }
  return label;
}

std::vector<Label> ReadLabels(std::string_view source, const Aliases& aliases) {
  std::vector<Label> labels;
  const auto add = [&](std::string_view one) {
    Label label = ReadLabel(one, aliases);
    const auto same = [&](const Label& other) { return other.key == label.key; };
    if (!label.key.empty() && std::none_of(labels.begin(), labels.end(), same)) {
      labels.push_back(std::move(label));
    }
  };
  // "n/a", and what the operator listed, are one label whatever is in them.
  const Label whole = ReadLabel(source, aliases);
  if (whole.key.empty() || whole.role != Role::kNone) {
    add(source);
    return labels;
  }
  while (!source.empty() && labels.size() < kMostLabels) {
    const std::string_view one = source.substr(0, source.find_first_of(",;|/+&"));
    add(one);
    source.remove_prefix(std::min(one.size() + 1, source.size()));
  }
  return labels;
}

}  // namespace cxscribe::diarization
