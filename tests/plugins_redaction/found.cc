#include "tests/plugins_redaction/found.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

namespace cxscribe::redaction {

namespace {

void ExpectCleanWhenMasked(const std::vector<Utterance>& utterances,
                           const std::vector<Finding>& findings, const EntitySet& wanted,
                           const Language& language) {
  const std::vector<std::string> masked = Masked(utterances, findings);
  std::vector<Utterance> again;
  for (std::size_t i = 0; i < masked.size(); ++i) {
    again.push_back({utterances[i].speaker, masked[i]});
  }
  for (const Finding& finding : Verify(again, wanted, {}, language)) {
    ADD_FAILURE() << "still found after masking: " << EntityName(finding.verdict.entity) << " in "
                  << again[static_cast<std::size_t>(finding.spans.front().segment)].text;
  }
}

}  // namespace

std::vector<Utterance> Lines(const std::vector<std::string_view>& lines) {
  std::vector<Utterance> utterances;
  for (const std::string_view line : lines) {
    const std::size_t colon = line.find(": ");
    utterances.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  return utterances;
}

std::vector<std::string> Found(const std::vector<std::string_view>& lines, const EntitySet& wanted,
                               const Language& language) {
  const std::vector<Utterance> utterances = Lines(lines);
  const std::vector<Finding> findings = Verify(utterances, wanted, {}, language);
  ExpectCleanWhenMasked(utterances, findings, wanted, language);
  std::vector<std::string> found;
  for (const Finding& finding : findings) {
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

const Language& LanguageOf(std::string_view tag) {
  for (const Language* language : Language::All()) {
    if (language->tag() == tag) return *language;
  }
  return Language::English();
}

std::vector<std::string> Masked(const std::vector<Utterance>& utterances,
                                const std::vector<Finding>& findings) {
  std::vector<std::string> texts;
  texts.reserve(utterances.size());
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
