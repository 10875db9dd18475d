#include "plugins/redaction/pattern_set.h"

#include <algorithm>
#include <numeric>

#include <re2/re2.h>
#include <re2/set.h>

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kLongestPattern = 1000;
// Of one compiled program: what a few hundred alternatives come to.
constexpr int kLargestProgram = 10'000;
constexpr std::int64_t kPatternMemory = 8 << 20;
constexpr std::int64_t kSetMemory = 64 << 20;

RE2::Options OptionsFor(bool case_sensitive, std::int64_t memory) {
  RE2::Options options;
  options.set_case_sensitive(case_sensitive);
  options.set_log_errors(false);  // an error may quote the pattern; the caller tells it
  options.set_max_mem(memory);
  return options;
}

// Whether it can match nothing at all, in an empty text or between two characters ("\b", "x*").
bool MatchesNothing(const RE2& pattern) {
  for (const char* probe : {"", "a", "a b", "1 2", "-"}) {
    const re2::StringPiece text(probe);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      re2::StringPiece match;
      if (pattern.Match(text, at, text.size(), RE2::UNANCHORED, &match, 1) && match.empty()) {
        return true;
      }
    }
  }
  return false;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

}  // namespace

struct PatternSet::Together {
  Together() : set(OptionsFor(true, kSetMemory), RE2::UNANCHORED) {}
  RE2::Set set;
};

PatternSet::PatternSet() = default;
PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

std::string PatternSet::Add(const std::string& pattern, bool case_sensitive) {
  if (pattern.size() > kLongestPattern) {
    return "is longer than " + std::to_string(kLongestPattern) + " bytes";
  }
  auto compiled = std::make_unique<const RE2>(pattern, OptionsFor(case_sensitive, kPatternMemory));
  if (!compiled->ok()) return "is not a regular expression of RE2: " + compiled->error();
  if (compiled->ProgramSize() > kLargestProgram ||
      compiled->ReverseProgramSize() > kLargestProgram) {
    return "is too large once compiled; repeat less, or split it";
  }
  if (MatchesNothing(*compiled)) return "can match without taking a character";
  patterns_.push_back(std::move(compiled));
  case_sensitive_.push_back(case_sensitive);
  return "";
}

void PatternSet::Prepare() {
  auto together = std::make_unique<Together>();
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    const std::string flags = case_sensitive_[i] ? "(?:" : "(?i:";
    if (together->set.Add(flags + patterns_[i]->pattern() + ")", nullptr) < 0) return;
  }
  if (!patterns_.empty() && together->set.Compile()) together_ = std::move(together);
}

std::vector<std::size_t> PatternSet::MatchingAnywhere(std::string_view text) const {
  if (together_ != nullptr) {
    std::vector<int> matching;
    RE2::Set::ErrorInfo error{};
    const bool any =
        together_->set.Match(re2::StringPiece(text.data(), text.size()), &matching, &error);
    if (any || error.kind == RE2::Set::kNoError) {
      std::sort(matching.begin(), matching.end());
      return {matching.begin(), matching.end()};
    }
  }
  // Out of its memory: nothing is known, so each is tried.
  std::vector<std::size_t> all(patterns_.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void PatternSet::Find(std::string_view text, const std::vector<TextPiece>& pieces,
                      std::size_t limit, std::vector<PatternMatch>* out) const {
  if (patterns_.empty() || pieces.empty()) return;
  for (const std::size_t pattern : MatchingAnywhere(text)) {
    for (const TextPiece& piece : pieces) FindIn(text, piece, pattern, limit, out);
  }
}

void PatternSet::FindIn(std::string_view text, const TextPiece& piece, std::size_t pattern,
                        std::size_t limit, std::vector<PatternMatch>* out) const {
  const re2::StringPiece whole(text.data(), text.size());
  std::size_t at = piece.begin;
  while (at < piece.end && out->size() < limit) {
    std::size_t window = std::min(piece.end, at + 2 * kLongestMatch);
    while (window < piece.end && IsContinuation(text[window])) ++window;
    re2::StringPiece match;
    if (!patterns_[pattern]->Match(whole, at, window, RE2::UNANCHORED, &match, 1)) {
      if (window == piece.end) return;
      at += kLongestMatch;
    } else {
      const auto begin = static_cast<std::size_t>(match.data() - text.data());
      if (match.empty()) {
        at = begin + 1;
      } else if (begin > at + kLongestMatch && window < piece.end) {
        at = begin;  // the window may have cut it
      } else {
        out->push_back({pattern, begin, begin + match.size()});
        at = begin + match.size();
      }
    }
    while (at < piece.end && IsContinuation(text[at])) ++at;
  }
}

}  // namespace cxscribe::redaction
