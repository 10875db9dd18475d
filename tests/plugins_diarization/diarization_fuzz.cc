// Any lines "label TAB text" with gaps of any length between them: every line gets a speaker, one
// label is one speaker and two labels are two where they were not corrected, and only the names that
// are promised are given.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/diarization/speakers.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsPromised(const std::string& name) {
  constexpr std::string_view kNumbered = "speaker_";
  if (name == "agent" || name == "customer" || name == "unknown") return true;
  return name.size() > kNumbered.size() && name.compare(0, kNumbered.size(), kNumbered) == 0 &&
         name.find_first_not_of("0123456789", kNumbered.size()) == name.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cxscribe::diarization;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::vector<Line> lines;
  std::int32_t time = 0;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    Line made;
    if (const std::size_t tab = line.find('\t'); tab != line.npos) {
      made.label = line.substr(0, tab);
      line.remove_prefix(tab + 1);
    }
    made.text = line;
    made.start_ms = time;
    made.end_ms = time + 500;
    time += 600 + static_cast<std::int32_t>(line.size() % 7) * 500;
    lines.push_back(made);
  }
  Options options;
  options.aliases.agent = {"boss"};
  for (const bool infer : {true, false}) {
    options.infer_roles = options.repair = infer;
    const Speakers speakers = NameSpeakers(lines, options);
    Require(speakers.names.size() == lines.size());
    std::map<std::string, std::string> name_of_key;
    std::map<std::string, std::string> key_of_name;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string& name = speakers.names[i];
      Require(IsPromised(name));
      const Label label = ReadLabel(lines[i].label, options.aliases);
      Require((name == "unknown") == (speakers.bases[i] == Basis::kNone));
      Require(label.key.empty() ==
              (speakers.bases[i] == Basis::kNone || speakers.bases[i] == Basis::kFilled));
      if (label.key.empty()) continue;
      Require(speakers.any_label && name != "unknown");
      if (speakers.bases[i] == Basis::kCorrected) {
        Require(infer);
        continue;
      }
      Require(name_of_key.emplace(label.key, name).first->second == name);
      Require(key_of_name.emplace(name, label.key).first->second == label.key);
    }
    if (name_of_key.empty()) Require(!speakers.any_label);
  }
  return 0;
}
