#include "plugins/redaction/screen.h"

#include <algorithm>

#include "plugins/redaction/number_reader.h"

namespace cxscribe::redaction {
namespace {

std::size_t PlacesIn(const std::vector<bool>& tokens) {
  std::size_t places = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] && (i == 0 || !tokens[i - 1])) ++places;
  }
  return places;
}

}  // namespace

bool Screen::Takes(const Hit& hit) { return Decide(hit.verdict, hit.ranges); }

bool Screen::Takes(const Verdict& verdict, const DigitRun& run, std::size_t first,
                   std::size_t last) {
  ranges_.clear();
  if (!plan_.strict || own_ != nullptr) {
    for (std::size_t i = first; i < last; ++i) {
      ranges_.push_back({run.items[i].token_begin, run.items[i].token_end});
    }
  }
  return Decide(verdict, ranges_);
}

bool Screen::Decide(const Verdict& verdict, const std::vector<TokenRange>& ranges) {
  const TypePlan& plan = verdict.own > 0
                             ? plan_.of_own[verdict.own - 1U]
                             : plan_.of_entity[static_cast<std::size_t>(verdict.entity)];
  if (!plan.wanted) return false;
  const bool fails = verdict.score >= plan.threshold.fail;
  if (level_ == Level::kFail ? !fails : fails || verdict.score < plan.threshold.flag) return false;
  // A term that is denied is one whatever else says.
  const bool denied = verdict.own > 0 && verdict.detector == kTermsDetector;
  if (denied) return true;
  if (own_ != nullptr && own_->Allows(ranges)) {
    Note(ranges, &by_terms_);
    return false;
  }
  if (plan.remains > 0 && DigitsIn(ranges) <= static_cast<std::size_t>(plan.remains)) {
    Note(ranges, &by_remains_);
    return false;
  }
  return true;
}

std::size_t Screen::DigitsIn(const std::vector<TokenRange>& ranges) const {
  std::size_t digits = 0;
  for (const TokenRange& range : ranges) {
    for (std::size_t i = range.begin; i < range.end;) {
      const auto number = ReadNumber(tokens_, i, true);
      digits += number ? number->digits.size() : 0;
      i = number ? std::max(number->token_end, i + 1) : i + 1;
    }
  }
  return digits;
}

void Screen::Note(const std::vector<TokenRange>& ranges, std::vector<bool>* places) const {
  if (ranges.empty()) return;
  places->resize(tokens_.size(), false);
  std::fill(places->begin() + ranges.front().begin, places->begin() + ranges.back().end, true);
}

LetStand Screen::let_stand() const { return {PlacesIn(by_terms_), PlacesIn(by_remains_)}; }

}  // namespace cxscribe::redaction
