#include "plugins/redaction/bank.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kRouting = 9;
constexpr std::size_t kSortCode = 6;
// Plain words between the cue and the number. Account numbers are asked for in longer sentences
// than PINs.
constexpr int kAccountReach = 14;
constexpr int kRoutingReach = 20;
constexpr int kPinReach = 12;

// One past the last item of the window of `digits` digits from `first` on; 0 where none ends there.
std::size_t WindowEnd(const DigitRun& run, std::size_t first, std::size_t digits) {
  std::size_t last = first;
  while (last < run.items.size()) {
    ++last;
    const std::size_t so_far = run.DigitsIn(first, last);
    if (so_far >= digits) return so_far == digits && run.Boundary(last) ? last : 0;
  }
  return 0;
}

void Add(const DigitRun& run, std::size_t first, std::size_t last, const Verdict& verdict,
         std::vector<Candidate>* out) {
  if (first >= last || last > run.items.size()) return;
  out->push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), verdict});
}

// The account number in the items [first, last), and how sure.
void AddAccount(const DigitRun& run, std::size_t first, std::size_t last, double score,
                std::vector<Candidate>* out) {
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kLongest = 17;  // NACHA's account number field
  if (first >= last) return;
  const std::size_t digits = run.DigitsIn(first, last);
  if (digits < kShortest || digits > kLongest) return;
  Add(run, first, last,
      {Entity::kBankAccount, score, "bank-account",
       "as many digits as an account number has, said where one is asked for"},
      out);
}

// One past the item that ends the first half of a number that is said twice; 0: it is not.
std::size_t FirstHalf(const DigitRun& run) {
  const std::size_t half = run.digits.size() / 2;
  if (half == 0 || run.digits.size() % 2 != 0) return 0;
  const std::string_view digits = run.digits;
  if (digits.substr(0, half) != digits.substr(half)) return 0;
  return WindowEnd(run, 0, half);
}

bool AboutAccount(const DigitRun& run) {
  return run.topic == Topic::kAccount || run.topic == Topic::kBankAccount;
}

}  // namespace

bool RoutingNumberHolds(std::string_view nine_digits) {
  const std::string_view d = nine_digits;
  if (d.size() != kRouting) return false;
  const int pair = (d[0] - '0') * 10 + (d[1] - '0');
  const bool assigned =
      pair <= 12 || (pair >= 21 && pair <= 32) || (pair >= 61 && pair <= 72) || pair == 80;
  if (!assigned || d == "000000000") return false;
  constexpr int kWeights[] = {3, 7, 1};
  int sum = 0;
  for (std::size_t i = 0; i < d.size(); ++i) sum += kWeights[i % 3] * (d[i] - '0');
  return sum % 10 == 0;
}

void FindRoutingNumbers(const DigitRun& run, std::vector<Candidate>* out) {
  const bool asked = run.topic == Topic::kRouting && run.topic_distance <= kRoutingReach;
  const bool may = asked || AboutAccount(run) || run.topic == Topic::kNone;
  if (run.topic == Topic::kSortCode && run.topic_distance <= kAccountReach) {
    Add(run, 0, WindowEnd(run, 0, kSortCode),
        {Entity::kRoutingNumber, 0.9, "sort-code",
         "six digits, said where a sort code is asked for"},
        out);
    return;
  }
  if (!may || run.IsZipPlusFour()) return;
  for (std::size_t first = 0; first < run.items.size(); ++first) {
    if (!run.Boundary(first)) continue;
    const std::size_t last = WindowEnd(run, first, kRouting);
    if (last == 0) continue;
    const bool holds = RoutingNumberHolds(run.Window(first, last));
    if (holds && run.topic == Topic::kNone && !run.Whole(first, last)) continue;
    if (holds) {
      const bool with_account = AboutAccount(run) && first == 0 && last < run.items.size();
      const double score = asked               ? (run.Whole(first, last) ? 0.96 : 0.94)
                           : with_account      ? 0.8
                           : AboutAccount(run) ? 0.68
                                               : 0.45;
      Add(run, first, last,
          {Entity::kRoutingNumber, score, "aba",
           "nine digits with the check digit of an American routing number"},
          out);
    } else if (asked && first == 0) {
      Add(run, first, last,
          {Entity::kRoutingNumber, 0.6, "routing-context",
           "nine digits, said where a routing number is asked for; the check digit does not hold"},
          out);
    }
  }
  if (asked && run.digits.size() + 3 >= kRouting && run.digits.size() <= kRouting + 2) {
    Add(run, 0, run.items.size(),
        {Entity::kRoutingNumber, 0.5, "routing-context",
         "about as many digits as a routing number has, said where one is asked for"},
        out);
  }
}

void FindBankAccounts(const DigitRun& run, std::vector<Candidate>* out) {
  const bool after_code = run.topic == Topic::kRouting || run.topic == Topic::kSortCode;
  if (!after_code && !AboutAccount(run)) return;
  if (run.topic_distance > kAccountReach) return;
  const double score = run.topic == Topic::kBankAccount ? 0.78 : 0.72;
  if (AboutAccount(run)) {
    // "to account 4321" is no time.
    const bool to = run.lead == Lead::kTo && run.topic_distance == 0;
    const std::size_t half = FirstHalf(run);
    if (half > 0) {
      AddAccount(run, 0, half, score, out);
      AddAccount(run, half, run.items.size(), score, out);
    } else if (!run.MayBeTimeOrYear() || to) {
      AddAccount(run, 0, run.items.size(), score, out);
    }
  }
  // "sort code and account number?" is answered in one breath.
  const std::size_t code = WindowEnd(run, 0, run.topic == Topic::kSortCode ? kSortCode : kRouting);
  if (code == 0 || code == run.items.size()) return;
  const bool holds =
      run.topic == Topic::kSortCode || RoutingNumberHolds(run.Window(0, code)) || after_code;
  if (holds) AddAccount(run, code, run.items.size(), 0.65, out);
}

void FindPins(const DigitRun& run, std::vector<Candidate>* out) {
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kLongest = 8;
  if (run.topic != Topic::kPin || run.topic_distance > kPinReach || run.MayBeTimeOrYear()) return;
  if (run.digits.size() < kShortest || run.digits.size() > kLongest) return;
  Add(run, 0, run.items.size(),
      {Entity::kPin, 0.8, "pin", "four to eight digits, said where a PIN is asked for"}, out);
}

}  // namespace cxscribe::redaction
