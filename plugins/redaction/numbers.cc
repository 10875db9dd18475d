#include "plugins/redaction/numbers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "plugins/redaction/bank.h"
#include "plugins/redaction/card.h"
#include "plugins/redaction/date.h"
#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/identifiers.h"
#include "plugins/redaction/number_sequence.h"
#include "plugins/redaction/phone.h"
#include "plugins/redaction/readings.h"
#include "plugins/redaction/ssn.h"

namespace cxscribe::redaction {
namespace {

// Less than the card number around it.
constexpr double kInsideCard = kCardContextScore - 0.05;

void RunDetectors(const DigitRun& run, std::vector<Candidate>* out) {
  FindCardNumbers(run, out);
  FindSsns(run, out);
  FindPhones(run, out);
  FindCardCodes(run, out);
  FindCardExpiries(run, out);
  FindBirthDates(run, out);
  FindRoutingNumbers(run, out);
  FindBankAccounts(run, out);
  FindPins(run, out);
  FindNumberSequences(run, out);
}

// A candidate of one reading, with the items of the run as it stands that it claims.
struct Claim {
  std::size_t reading = 0;
  Candidate candidate;
  std::uint32_t source_first = 0;
  std::uint32_t source_last = 0;
  std::size_t digits = 0;
};

// Whether the run begins with all of what was asked for, and goes on: the answer is said again, or
// something else comes after it.
bool BeginsWithAnswer(const DigitRun& run) {
  constexpr int kReach = 15;  // plain words
  if (run.topic_distance > kReach) return false;
  for (std::size_t last = 1; last < run.items.size(); ++last) {
    const std::size_t digits = run.DigitsIn(0, last);
    constexpr std::size_t kLongest = 11;
    if (digits > kLongest) return false;
    if (!run.items[last].chunk_start) continue;
    const std::string_view said = run.Window(0, last);
    switch (run.topic) {
      case Topic::kSsn:
        if (SsnPlausible(said) || ItinPlausible(said)) return true;
        break;
      case Topic::kPhone:
        if (NanpPlausible(said) || (digits == kLongest && NanpPlausible(said.substr(1)))) {
          return true;
        }
        break;
      case Topic::kRouting:
        if (RoutingNumberHolds(said)) return true;
        break;
      case Topic::kNhs:
      case Topic::kNationalInsurance:
        if (NhsHolds(said)) return true;
        break;
      default:
        return false;
    }
  }
  return false;
}

bool IsSaidTwice(const DigitRun& run) {
  const std::size_t half = run.digits.size() / 2;
  return run.digits.size() % 2 == 0 && run.digits.compare(0, half, run.digits, half, half) == 0;
}

// Only what counts makes a claim: what nobody asked for must not stand in its way.
// `answered`: the run begins with something else that was asked for.
void Collect(const DigitRun& run, std::size_t reading, bool answered, Screen* screen,
             std::vector<Claim>* out) {
  std::vector<Candidate> candidates;
  RunDetectors(run, &candidates);
  for (Candidate& c : candidates) {
    // A part of what is a card number as a whole (ten digits are soon a telephone number) leaves
    // the rest in the open.
    if (MayBeCard(run) && !run.Whole(c.first, c.last) && c.verdict.entity != Entity::kCreditCard) {
      c.verdict.score = std::min(c.verdict.score, kInsideCard);
    }
    // What was asked for and its repetition may well have the check digit of a card.
    if (answered && c.verdict.entity == Entity::kCreditCard &&
        (!run.Whole(c.first, c.last) || IsSaidTwice(run))) {
      c.verdict.score = std::min(c.verdict.score, kInsideCard);
    }
    if (!screen->Takes(c.verdict, run, c.first, c.last)) continue;
    out->push_back({reading, c, run.items[c.first].source, run.items[c.last - 1].source + 1,
                    run.DigitsIn(c.first, c.last)});
  }
}

// The best claims that do not overlap: surest first, then longest, then earliest.
std::vector<Claim> Choose(std::vector<Claim> offered, std::size_t items) {
  std::stable_sort(offered.begin(), offered.end(), [](const Claim& a, const Claim& b) {
    if (a.candidate.verdict.score != b.candidate.verdict.score) {
      return a.candidate.verdict.score > b.candidate.verdict.score;
    }
    // What was repeated or taken back is masked as well.
    if (a.reading != b.reading) return a.reading > b.reading;
    if (a.digits != b.digits) return a.digits > b.digits;
    return a.source_first < b.source_first;
  });
  std::vector<bool> taken(items, false);
  std::vector<Claim> chosen;
  for (const Claim& claim : offered) {
    const auto begin = taken.begin() + claim.source_first;
    const auto end = taken.begin() + claim.source_last;
    if (std::find(begin, end, true) != end) continue;
    std::fill(begin, end, true);
    chosen.push_back(claim);
  }
  return chosen;
}

// Which of the claims each item of the run belongs to; -1: none. The claims do not overlap.
std::vector<std::int32_t> OwnersOf(const std::vector<Claim>& claims, std::size_t items) {
  std::vector<std::int32_t> owners(items, -1);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    std::fill(owners.begin() + claims[i].source_first, owners.begin() + claims[i].source_last,
              static_cast<std::int32_t>(i));
  }
  return owners;
}

Hit MakeHit(const std::vector<DigitRun>& readings, const Claim& claim) {
  const DigitRun& run = readings[claim.reading];
  Hit hit;
  hit.verdict = claim.candidate.verdict;
  const auto add = [&hit](const DigitItem& item) {
    hit.ranges.push_back({item.token_begin, item.token_end});
  };
  for (std::uint32_t i = claim.candidate.first; i < claim.candidate.last; ++i) add(run.items[i]);
  const std::uint32_t first_chunk = run.items[claim.candidate.first].chunk;
  const std::uint32_t last_chunk = run.items[claim.candidate.last - 1].chunk;
  auto out = std::lower_bound(
      run.left_out.begin(), run.left_out.end(), first_chunk,
      [](const DigitItem& item, std::uint32_t chunk) { return item.chunk < chunk; });
  for (; out != run.left_out.end() && out->chunk <= last_chunk; ++out) add(*out);
  std::sort(hit.ranges.begin(), hit.ranges.end(),
            [](const TokenRange& a, const TokenRange& b) { return a.begin < b.begin; });
  return hit;
}

// The numbers found so far, so that the same number is known again where nothing around it says
// what it is.
class KnownNumbers {
 public:
  void Add(std::string_view digits, const Verdict& verdict) {
    if (digits.size() < kShortest || verdict.entity == Entity::kNumberSequence) return;
    Insert(digits, verdict);
    if (verdict.entity == Entity::kPhone && digits.size() == 11 && digits[0] == '1') {
      Insert(digits.substr(1), verdict);
    }
  }

  bool Empty() const { return known_.empty(); }

  void FindAgain(const DigitRun& run, std::vector<Candidate>* out) const {
    for (std::size_t first = 0; first < run.items.size(); ++first) {
      if (!run.Boundary(first)) continue;
      for (std::size_t last = first + 1; last <= run.items.size(); ++last) {
        const std::size_t digits = run.DigitsIn(first, last);
        if (digits > kLongest) break;
        if (((lengths_ >> digits) & 1U) == 0 || !run.Boundary(last)) continue;
        const auto found = known_.find(std::string(run.Window(first, last)));
        if (found == known_.end()) continue;
        out->push_back({static_cast<std::uint32_t>(first),
                        static_cast<std::uint32_t>(last),
                        {found->second, 0.9, "repeat",
                         "the digits of a number found elsewhere in this recording"}});
      }
    }
  }

 private:
  static constexpr std::size_t kShortest = 6;  // of fewer digits there are too many by chance
  static constexpr std::size_t kLongest = 19;

  void Insert(std::string_view digits, const Verdict& verdict) {
    if (digits.size() > kLongest) return;
    known_.emplace(std::string(digits), verdict.entity);
    lengths_ |= 1U << digits.size();
  }

  std::unordered_map<std::string, Entity> known_;
  std::uint32_t lengths_ = 0;
};

// Short numbers, which are known again only in the next few segments: "let me read that back".
class RecentNumbers {
 public:
  void Add(std::string_view digits, Entity entity, std::int32_t segment) {
    if (digits.size() >= kShort || entity == Entity::kNumberSequence) return;
    recent_[next_++ % kKept] = {std::string(digits), entity, segment};
  }

  // The type of the same digits, said shortly before `segment`.
  std::optional<Entity> Find(std::string_view digits, std::int32_t segment) const {
    for (const Recent& recent : recent_) {
      if (recent.digits == digits && segment > recent.segment &&
          segment - recent.segment <= kReach) {
        return recent.entity;
      }
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kShort = 6;
  static constexpr std::size_t kKept = 4;
  static constexpr std::int32_t kReach = 3;

  struct Recent {
    std::string digits;
    Entity entity = Entity::kPin;
    std::int32_t segment = 0;
  };
  std::array<Recent, kKept> recent_;
  std::size_t next_ = 0;
};

// The operator's numbers compete with no others: a part that they claim must not keep the rest from
// being found. The run as it stands comes last: what was repeated or taken back is no part of one.
void FindOwnNumbers(const std::vector<DigitRun>& readings, OwnRound* own, std::vector<Hit>* out) {
  for (std::size_t k = 1; k <= readings.size(); ++k) {
    const std::size_t reading = k % readings.size();
    std::vector<Candidate> candidates;
    own->FindNumbers(readings[reading], &candidates);
    for (const Candidate& c : candidates) out->push_back(MakeHit(readings, {reading, c, 0, 0, 0}));
    if (!candidates.empty()) return;
  }
}

}  // namespace

void FindNumbers(const std::vector<Utterance>& utterances, const Tokens& tokens,
                 const TopicCues& cues, Screen* screen, OwnRound* own, Pulse* pulse,
                 std::vector<Hit>* out) {
  const RunReader reader(utterances, tokens);
  std::vector<std::vector<DigitRun>> runs;
  for (DigitRun& run : FindDigitRuns(tokens, cues, pulse)) {
    runs.push_back(reader.Readings(std::move(run)));
  }
  KnownNumbers known;
  RecentNumbers recent;
  std::vector<std::vector<Claim>> claims(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    pulse->Now();
    const bool answered = std::any_of(runs[i].begin(), runs[i].end(), BeginsWithAnswer);
    for (std::size_t k = 0; k < runs[i].size(); ++k) {
      Collect(runs[i][k], k, answered, screen, &claims[i]);
    }
    claims[i] = Choose(std::move(claims[i]), runs[i][0].items.size());
    const DigitRun& run = runs[i][0];
    const std::int32_t segment = tokens.list[run.items.front().token_begin].segment;
    const auto again = recent.Find(run.digits, segment);
    if (again && claims[i].empty()) {
      const auto items = static_cast<std::uint32_t>(run.items.size());
      const Verdict verdict{*again, 0.7, "repeat", "a number that was said shortly before"};
      claims[i].push_back({0, {0, items, verdict}, 0, items, run.digits.size()});
    }
    for (const Claim& claim : claims[i]) {
      recent.Add(runs[i][claim.reading].Window(claim.candidate.first, claim.candidate.last),
                 claim.candidate.verdict.entity, segment);
      known.Add(runs[i][claim.reading].Window(claim.candidate.first, claim.candidate.last),
                claim.candidate.verdict);
    }
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!known.Empty()) {
      const DigitRun& run = runs[i][0];
      std::vector<Candidate> again;
      known.FindAgain(run, &again);
      std::vector<Claim> offered;
      const std::vector<std::int32_t> owners = OwnersOf(claims[i], run.items.size());
      for (const Candidate& c : again) {
        const std::int32_t owner = owners[c.first];
        const bool known_here =
            owner >= 0 && owner == owners[c.last - 1] &&
            claims[i][static_cast<std::size_t>(owner)].candidate.verdict.entity == c.verdict.entity;
        if (known_here) continue;
        offered.push_back({0, c, run.items[c.first].source, run.items[c.last - 1].source + 1,
                           run.DigitsIn(c.first, c.last)});
      }
      claims[i].insert(claims[i].end(), std::make_move_iterator(offered.begin()),
                       std::make_move_iterator(offered.end()));
      claims[i] = Choose(std::move(claims[i]), run.items.size());
    }
    for (const Claim& claim : claims[i]) out->push_back(MakeHit(runs[i], claim));
    if (own != nullptr) FindOwnNumbers(runs[i], own, out);
  }
}

}  // namespace cxscribe::redaction
