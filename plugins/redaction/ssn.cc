#include "plugins/redaction/ssn.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kDigits = 9;
// The last four are what callers are asked for to prove who they are, so they are a secret of their
// own.
constexpr std::size_t kSerialDigits = 4;
constexpr int kSerialReach = 8;  // plain words
constexpr int kMisheardReach = 15;

enum class Grouping { kNone, kBreaks, kMarks };

// Whether the window is cut 3-2-4, and by what. A further cut does no harm, many mean it was spelt
// out.
Grouping GroupingOf(const DigitRun& run, std::size_t first, std::size_t last) {
  const int most_cuts = run.items[first].written ? 2 : 3;
  bool after_area = false;
  bool after_group = false;
  bool marks = true;
  int cuts = 0;
  for (std::size_t i = first + 1; i < last; ++i) {
    if (!run.Boundary(i) && !run.items[i].glued) continue;
    ++cuts;
    const std::size_t digits = run.DigitsIn(first, i);
    if (digits == 3) after_area = true;
    if (digits == 5) after_group = true;
    if (!run.items[i].glued) marks = false;
  }
  if (!after_area || !after_group || cuts > most_cuts) return Grouping::kNone;
  return marks ? Grouping::kMarks : Grouping::kBreaks;
}

bool IsZero(std::string_view digits) { return digits.find_first_not_of('0') == digits.npos; }

// Digits lost, misheard or heard twice. A number that nobody has, such as 000-12-3456, is an example.
bool MayBeMisheard(std::string_view d) {
  constexpr std::size_t kFewest = 5;
  constexpr std::size_t kMost = kDigits + 2;
  if (d.size() < kFewest || d.size() > kMost) return false;
  const bool example = d.size() == kDigits && (IsZero(d.substr(0, 3)) || d.substr(0, 3) == "666" ||
                                               IsZero(d.substr(3, 2)) || IsZero(d.substr(5)));
  return !example;
}

}  // namespace

bool SsnPlausible(std::string_view nine_digits) {
  const std::string_view d = nine_digits;
  if (d.size() != kDigits) return false;
  return !IsZero(d.substr(0, 3)) && d.substr(0, 3) != "666" && d[0] != '9' &&
         !IsZero(d.substr(3, 2)) && !IsZero(d.substr(5, 4));
}

bool ItinPlausible(std::string_view nine_digits) {
  const std::string_view d = nine_digits;
  if (d.size() != kDigits || d[0] != '9') return false;
  const int group = (d[3] - '0') * 10 + (d[4] - '0');
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
         (group >= 90 && group <= 92) || (group >= 94 && group <= 99);
}

void FindSsns(const DigitRun& run, std::vector<Candidate>* out) {
  const bool asked = run.topic == Topic::kSsn || run.topic == Topic::kLastFour;
  if (run.digits.size() == kSerialDigits && asked && !run.MayBeTimeOrYear() &&
      run.topic_distance <= kSerialReach && !IsZero(run.digits)) {
    out->push_back({0,
                    static_cast<std::uint32_t>(run.items.size()),
                    {Entity::kSsn, 0.6, "ssn-serial",
                     "four digits, said right after a social security number is spoken of"}});
    return;
  }
  // One digit heard wrong, or one lost, leaves the others in the open.
  if (run.topic == Topic::kSsn && run.topic_distance <= kMisheardReach &&
      MayBeMisheard(run.digits)) {
    out->push_back({0,
                    static_cast<std::uint32_t>(run.items.size()),
                    {Entity::kSsn, 0.5, "ssn-context",
                     "about as many digits as a social security number has, said where one is "
                     "spoken of"}});
  }
  for (std::size_t first = 0; first < run.items.size(); ++first) {
    if (!run.Boundary(first)) continue;
    std::size_t last = first + 1;
    while (last < run.items.size() && run.DigitsIn(first, last) < kDigits) ++last;
    if (run.DigitsIn(first, last) != kDigits || !run.Boundary(last)) continue;
    const std::string_view digits = run.Window(first, last);
    const bool itin = ItinPlausible(digits);
    if (!itin && !SsnPlausible(digits)) continue;
    const Grouping grouping = GroupingOf(run, first, last);
    Verdict verdict;
    verdict.entity = itin ? Entity::kItin : Entity::kSsn;
    verdict.detector = "ssn";
    if (run.topic == Topic::kSsn) {
      verdict.score = grouping == Grouping::kNone ? 0.88 : 0.95;
      verdict.reason =
          "nine digits that can be a social security number, said where one is spoken of";
    } else if (itin) {
      continue;
    } else if (grouping == Grouping::kMarks) {
      verdict.score = run.topic == Topic::kOther ? 0.6 : 0.85;
      verdict.reason = "nine digits written in the groups of a social security number";
    } else if (grouping == Grouping::kBreaks && run.topic != Topic::kOther) {
      // Where something else was asked for, less sure than the answer to that.
      verdict.score = run.topic == Topic::kNone || run.topic == Topic::kCard ? 0.7 : 0.45;
      verdict.reason = "nine digits said in the groups of a social security number";
    } else {
      continue;
    }
    out->push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), verdict});
  }
}

}  // namespace cxscribe::redaction
