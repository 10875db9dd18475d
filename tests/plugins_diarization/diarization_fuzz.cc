// Any lines "label TAB text", with or without words' times, and with gaps of any length between them:
// the parts of a line make it up, in order of text and of time; one label is one speaker and two
// labels are two where they were not corrected; only the names that are promised are given.
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
  for (const char* other : {"agent", "customer", "unknown", "ivr", "voicemail"}) {
    if (name == other) return true;
  }
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
    if (line.size() % 2 == 0) {
      for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == ' ') continue;
        if (i > 0 && line[i - 1] != ' ') continue;
        const auto at = static_cast<std::int32_t>(i * 500 / line.size());
        made.words.push_back({i, time + at, time + at + line[i] % 8});
      }
    }
    time += 600 + static_cast<std::int32_t>(line.size() % 7) * 500 - 550 * (line.size() % 3 == 0);
    lines.push_back(made);
  }
  Options options;
  options.aliases.agent = {"boss"};
  for (const bool infer : {true, false}) {
    options.infer_roles = options.repair = infer;
    const Speakers speakers = NameSpeakers(lines, options);
    std::map<std::string, std::string> name_of_key;
    std::size_t line = 0;
    std::size_t begin = 0;
    std::int32_t start = -1;
    for (std::size_t i = 0; i < speakers.said.size(); ++i) {
      const Said& said = speakers.said[i];
      Require(said.line == line && said.begin == begin && said.end <= lines[line].text.size());
      Require(said.start_ms >= lines[line].start_ms && said.end_ms >= said.start_ms);
      Require(said.end_ms <= lines[line].end_ms && said.start_ms >= start);
      start = said.start_ms;
      const bool whole = said.begin == 0 && said.end == lines[line].text.size();
      Require(whole == (said.basis != Basis::kSplit) || said.basis == Basis::kNone);
      begin = said.end;
      if (i + 1 == speakers.said.size() || speakers.said[i + 1].line != line) {
        Require(said.end == lines[line].text.size());
        ++line;
        begin = 0;
      }
      Require(IsPromised(said.name));
      Require((said.name == "unknown") == (said.basis == Basis::kNone));
      const std::vector<Label> labels = ReadLabels(lines[said.line].label, options.aliases);
      if (said.basis == Basis::kCorrected || said.basis == Basis::kSplit) Require(infer);
      if (said.basis == Basis::kFilled) Require(labels.empty());
      if (said.basis != Basis::kLabel) continue;
      Require(!labels.empty() && speakers.any_label);
      // After a handover a label may go on as somebody else's.
      const std::string& first = name_of_key.emplace(labels[0].key, said.name).first->second;
      Require(first == said.name || (infer && first.compare(0, 8, "speaker_") == 0) ||
              (infer && first == "agent"));
    }
    Require(line == lines.size());
  }
  return 0;
}
