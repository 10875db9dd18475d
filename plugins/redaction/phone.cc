#include "plugins/redaction/phone.h"

#include <optional>

namespace cxscribe::redaction {
namespace {

// E.164 allows 15 digits; fewer than 7 with the country code reach nobody.
constexpr std::size_t kShortestInternational = 8;
constexpr std::size_t kLongestInternational = 15;
constexpr int kAnswerReach = 15;  // plain words
constexpr std::size_t kLocal = 7;
constexpr std::size_t kNational = 10;

bool IsServiceCode(std::string_view three) { return three[1] == '1' && three[2] == '1'; }

// Whether the window is cut 3-3-4, the country's 1 aside.
bool GroupedLikeNanp(const DigitRun& run, std::size_t first, std::size_t last) {
  const std::size_t offset = run.DigitsIn(first, last) - kNational;
  bool area = false;
  bool exchange = false;
  for (std::size_t i = first + 1; i < last; ++i) {
    if (!run.Boundary(i) && !run.items[i].glued) continue;
    const std::size_t digits = run.DigitsIn(first, i);
    if (digits == offset + 3) area = true;
    if (digits == offset + 6) exchange = true;
  }
  return area && exchange;
}

bool Glued(const DigitRun& run, std::size_t first, std::size_t last) {
  for (std::size_t i = first + 1; i < last; ++i) {
    if (run.items[i].glued) return true;
  }
  return false;
}

// Eight digits that are a calendar day, year first or last.
bool LooksLikeDate(std::string_view d) {
  const auto year = [](std::string_view y) {
    return y.substr(0, 2) == "19" || y.substr(0, 2) == "20";
  };
  return d.size() == 8 && (year(d.substr(0, 4)) || year(d.substr(4, 4)));
}

// Whether digits of unknown kind are best taken for a telephone number: ten of them in one piece or
// cut 3-3-4, or ten or eleven behind a trunk prefix, in figures and in groups.
bool LikelyPhone(const DigitRun& run, std::size_t first, std::size_t last) {
  const std::string_view digits = run.Window(first, last);
  if (digits.size() != kNational && digits.size() != kNational + 1) return false;
  bool written = true;
  bool date = false;
  for (std::size_t i = first; i < last; ++i) {
    written = written && run.items[i].written;
    const std::string_view item = run.Window(i, i + 1);
    date = date || (item.size() == 4 && (item.substr(0, 2) == "19" || item.substr(0, 2) == "20"));
  }
  if (!written) return false;
  if (last - first == 1) return digits.size() == kNational || digits[0] == '0';
  if (digits[0] == '0') return !date && last - first <= 5;
  return digits.size() == kNational && GroupedLikeNanp(run, first, last);
}

std::optional<Verdict> Judge(const DigitRun& run, std::size_t first, std::size_t last) {
  const std::string_view digits = run.Window(first, last);
  const std::size_t size = digits.size();
  const bool about_phone = run.topic == Topic::kPhone;
  const bool whole = run.Whole(first, last);
  Verdict verdict{Entity::kPhone, 0, "", ""};

  if (run.plus && first == 0 && size >= kShortestInternational && size <= kLongestInternational) {
    verdict.score = 0.9;
    verdict.detector = "phone-international";
    verdict.reason = "digits after an international prefix";
    return verdict;
  }
  const bool with_country = size == kNational + 1 && digits[0] == '1';
  if ((size == kNational || with_country) && NanpPlausible(digits.substr(size - kNational))) {
    const bool grouped = GroupedLikeNanp(run, first, last);
    const bool marks = grouped && Glued(run, first, last);
    if (run.topic == Topic::kOther && !marks) return std::nullopt;
    if (!about_phone && !marks && IsCounting(digits)) return std::nullopt;
    verdict.score = about_phone ? 0.88 : marks ? 0.85 : grouped ? 0.75 : 0.6;
    const bool about_else = !about_phone && run.topic != Topic::kNone &&
                            run.topic != Topic::kOther &&
                            (run.topic != Topic::kCard || run.topic_distance <= kAnswerReach);
    if (about_else && !marks) verdict.score = 0.4;
    if (whole) verdict.score += 0.05;
    verdict.detector = "phone-nanp";
    verdict.reason = about_phone ? "a North American telephone number, said where one is spoken of"
                                 : "digits that form a North American telephone number";
    return verdict;
  }
  if (whole && run.topic == Topic::kNone && LikelyPhone(run, first, last)) {
    verdict.score = 0.4;
    verdict.detector = "phone-form";
    verdict.reason = "digits as long and cut as those of a telephone number, and nothing says more";
    return verdict;
  }
  if (!about_phone || !whole) return std::nullopt;
  if (size == kLocal && digits[0] >= '2' && !IsServiceCode(digits.substr(0, 3))) {
    verdict.score = 0.65;
    verdict.detector = "phone-local";
    verdict.reason = "seven digits, said where a telephone is spoken of";
    return verdict;
  }
  constexpr std::size_t kShortestSpokenOf = 6;
  const bool at_once = size == kShortestSpokenOf && run.topic_distance == 0 && run.items[0].written;
  if (((size >= 8 && size <= 13) || at_once) && !LooksLikeDate(digits)) {
    verdict.score = 0.6;
    verdict.detector = "phone-context";
    verdict.reason = "as many digits as a telephone number has, said where one is spoken of";
    return verdict;
  }
  return std::nullopt;
}

}  // namespace

bool NanpPlausible(std::string_view ten_digits) {
  const std::string_view d = ten_digits;
  if (d.size() != kNational) return false;
  return d[0] >= '2' && d[1] != '9' && !IsServiceCode(d.substr(0, 3)) && d[3] >= '2' &&
         !IsServiceCode(d.substr(3, 3));
}

void FindPhones(const DigitRun& run, std::vector<Candidate>* out) {
  for (std::size_t first = 0; first < run.items.size(); ++first) {
    if (!run.Boundary(first)) continue;
    std::optional<Candidate> best;
    for (std::size_t last = first + 1; last <= run.items.size(); ++last) {
      const std::size_t digits = run.DigitsIn(first, last);
      if (digits + 1 < kLocal) continue;
      if (digits > kLongestInternational) break;
      if (!run.Boundary(last)) continue;
      const auto verdict = Judge(run, first, last);
      if (verdict && (!best || verdict->score >= best->verdict.score)) {
        best = Candidate{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last),
                         *verdict};
      }
    }
    if (best) out->push_back(*best);
  }
}

}  // namespace cxscribe::redaction
