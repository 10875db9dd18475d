#include "tests/plugins_redaction/score.h"

#include <cstddef>

namespace cxscribe::redaction {
namespace {

std::string_view GroupOf(std::string_view type) {
  if (type == "ITIN" || type == "NATIONAL_ID") return "SSN";
  if (type == "POSTAL_CODE") return "ADDRESS";
  return type;
}

bool IsLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0xC0;  // the first byte of a character beyond ASCII
}

struct Mark {
  std::size_t segment;
  std::size_t begin;
  std::size_t end;
  std::string_view type;
};

std::vector<Mark> MarksOf(const std::vector<Finding>& findings) {
  std::vector<Mark> marks;
  for (const Finding& finding : findings) {
    for (const Span& span : finding.spans) {
      marks.push_back({static_cast<std::size_t>(span.segment), static_cast<std::size_t>(span.begin),
                       static_cast<std::size_t>(span.end), EntityName(finding.verdict.entity)});
    }
  }
  return marks;
}

bool IsFound(const calls::Gold& gold, std::string_view text, const std::vector<Mark>& marks) {
  int all = 0;
  int covered = 0;
  for (std::size_t i = gold.begin; i < gold.end; ++i) {
    if (!IsLetterOrDigit(text[i])) continue;
    ++all;
    for (const Mark& mark : marks) {
      if (mark.segment == gold.segment && mark.begin <= i && i < mark.end &&
          GroupOf(mark.type) == GroupOf(gold.type)) {
        ++covered;
        break;
      }
    }
  }
  return all > 0 && 2 * covered >= all;
}

}  // namespace

std::vector<Utterance> Utterances(const calls::Call& call) {
  std::vector<Utterance> utterances;
  for (const calls::Segment& segment : call.segments) {
    utterances.push_back({segment.speaker, segment.text});
  }
  return utterances;
}

void Score::Add(const calls::Call& call, const std::vector<Finding>& findings) {
  const std::vector<Mark> marks = MarksOf(findings);
  for (const calls::Gold& gold : call.gold) {
    if (gold.keep == calls::Keep::kPart) continue;
    Tally& tally = tallies_[gold.type];
    const bool found = IsFound(gold, call.segments[gold.segment].text, marks);
    (gold.keep == calls::Keep::kWhole ? tally.wanted : tally.damaged) += 1;
    (gold.keep == calls::Keep::kWhole ? tally.found : tally.damaged_found) += found ? 1 : 0;
  }
  for (const Mark& mark : marks) {
    bool touches = false;
    for (const calls::Gold& gold : call.gold) {
      touches = touches ||
                (gold.segment == mark.segment && gold.begin < mark.end && mark.begin < gold.end);
    }
    if (!touches) ++tallies_[mark.type].false_alarms;
  }
}

const Tally& Score::Of(std::string_view type) const {
  static constexpr Tally kNone;
  const auto found = tallies_.find(type);
  return found == tallies_.end() ? kNone : found->second;
}

Tally Score::Total() const {
  Tally total;
  for (const auto& [type, tally] : tallies_) {
    total.wanted += tally.wanted;
    total.found += tally.found;
    total.damaged += tally.damaged;
    total.damaged_found += tally.damaged_found;
    total.false_alarms += tally.false_alarms;
  }
  return total;
}

}  // namespace cxscribe::redaction
