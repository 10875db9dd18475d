#include "tests/plugins_redaction/found.h"

#include <algorithm>
#include <utility>

namespace cxscribe::redaction {

std::vector<Utterance> Lines(const std::vector<std::string_view>& lines) {
  std::vector<Utterance> utterances;
  for (const std::string_view line : lines) {
    const std::size_t colon = line.find(": ");
    utterances.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  return utterances;
}

std::vector<std::string> Found(const std::vector<std::string_view>& lines,
                               const EntitySet& wanted) {
  const std::vector<Utterance> utterances = Lines(lines);
  std::vector<std::string> found;
  for (const Finding& finding : Verify(utterances, wanted, {})) {
    std::string entry(EntityName(finding.verdict.entity));
    char separator = ' ';
    for (const Span& span : finding.spans) {
      entry += separator;
      entry += utterances[static_cast<std::size_t>(span.segment)].text.substr(
          static_cast<std::size_t>(span.begin), static_cast<std::size_t>(span.end - span.begin));
      separator = '|';
    }
    found.push_back(std::move(entry));
  }
  return found;
}

std::vector<std::string> Masked(const std::vector<Utterance>& utterances,
                                const std::vector<Finding>& findings) {
  std::vector<std::string> texts;
  for (const Utterance& utterance : utterances) texts.emplace_back(utterance.text);
  std::vector<std::pair<Span, std::string_view>> cuts;
  for (const Finding& finding : findings) {
    for (const Span& span : finding.spans) {
      cuts.emplace_back(span, EntityName(finding.verdict.entity));
    }
  }
  std::sort(cuts.begin(), cuts.end(), [](const auto& a, const auto& b) {
    return a.first.segment != b.first.segment ? a.first.segment < b.first.segment
                                              : a.first.begin > b.first.begin;
  });
  for (const auto& [span, name] : cuts) {
    texts[static_cast<std::size_t>(span.segment)].replace(
        static_cast<std::size_t>(span.begin), static_cast<std::size_t>(span.end - span.begin),
        "[" + std::string(name) + "]");
  }
  return texts;
}

}  // namespace cxscribe::redaction
