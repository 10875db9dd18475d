#include "plugins/redaction/card.h"

#include <optional>

namespace cxscribe::redaction {
namespace {

// The shortest and longest primary account number in use (ISO/IEC 7812-1 allows up to 19).
constexpr std::size_t kShortest = 13;
constexpr std::size_t kLongest = 19;
constexpr std::size_t kUsual = 16;

// Issuer identification ranges as the card schemes publish them, by the first four digits.
struct IssuerRange {
  int first;
  int last;
  std::size_t shortest;
  std::size_t longest;
};
constexpr IssuerRange kIssuers[] = {
    {2200, 2204, 16, 19},  // Mir
    {2221, 2720, 16, 16},  // Mastercard
    {3000, 3059, 14, 19},  // Diners Club
    {3095, 3095, 14, 19},  // Diners Club
    {3400, 3499, 15, 15},  // American Express
    {3528, 3589, 16, 19},  // JCB
    {3600, 3699, 14, 19},  // Diners Club
    {3700, 3799, 15, 15},  // American Express
    {3800, 3999, 14, 19},  // Diners Club
    {4000, 4999, 13, 13},  // Visa, old
    {4000, 4999, 16, 16},  // Visa
    {4000, 4999, 19, 19},  // Visa
    {5018, 5020, 16, 19},  // Maestro
    {5038, 5038, 16, 19},  // Maestro
    {5100, 5599, 16, 16},  // Mastercard
    {5600, 5899, 16, 19},  // Maestro
    {6011, 6011, 16, 19},  // Discover
    {6200, 6299, 16, 19},  // UnionPay
    {6304, 6304, 16, 19},  // Maestro
    {6440, 6599, 16, 19},  // Discover
    {6759, 6763, 16, 19},  // Maestro
    {8100, 8171, 16, 19},  // UnionPay
};

// A code and an expiry are short, so they are believed only this many words after they were asked
// for.
constexpr int kAnswerReach = 12;

int ToInt(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool AboutCard(const DigitRun& run) {
  return run.topic == Topic::kCard || run.topic == Topic::kCardCode ||
         run.topic == Topic::kCardExpiry;
}

// Whether every part of the run begins after a multiple of four digits.
bool GroupedByFour(const DigitRun& run) {
  constexpr std::size_t kGroup = 4;
  for (std::size_t i = 1; i < run.items.size(); ++i) {
    const bool cut = run.items[i].written || run.items[i].chunk_start;
    if (cut && run.DigitsIn(0, i) % kGroup != 0) return false;
  }
  return true;
}

// How sure, or nullopt where the window is no card number.
std::optional<Verdict> Judge(const DigitRun& run, std::size_t first, std::size_t last) {
  const std::string_view digits = run.Window(first, last);
  const bool about_card = AboutCard(run);
  const bool aligned = run.Boundary(first) && run.Boundary(last);
  const bool whole = run.Whole(first, last);
  if (LuhnHolds(digits) && IssuerPlausible(digits)) {
    // One window in ten passes by chance: where the run may be a card number with a digit misheard, a
    // window that cuts it would leave the rest in the open.
    const bool cuts = !whole && (!aligned || digits.size() == kShortest);
    if (cuts && MayBeCard(run)) return std::nullopt;
    double score = whole ? 0.96 : aligned ? 0.9 : 0.42;
    // Numbers of 13 digits have not been issued for long; ten digits and three of them repeated are
    // a telephone number, and in a longer number of something else one in a hundred windows passes.
    if (!about_card && digits.size() == kShortest) {
      if (run.topic == Topic::kOther && !whole) return std::nullopt;
      score = 0.55;
    }
    if (about_card) score += 0.03;
    return Verdict{Entity::kCreditCard, score, "luhn",
                   "the digits have a card issuer's prefix and length and their check digit holds"};
  }
  // One digit heard wrong breaks the check digit and leaves the others in the open.
  if (about_card && whole) {
    return Verdict{Entity::kCreditCard, kCardContextScore, "card-context",
                   "as many digits as a card number has, said where a card is spoken of; the check "
                   "digit does not hold"};
  }
  if (whole && run.topic == Topic::kNone && digits.size() == kUsual && GroupedByFour(run)) {
    return Verdict{Entity::kCreditCard, 0.4, "card-form",
                   "sixteen digits in one piece or in groups of four, and nothing says more; the "
                   "check digit does not hold"};
  }
  return std::nullopt;
}

// A part of a card number, where a card is spoken of: the rest was lost, or stands behind a mask.
// The last four alone are what a receipt shows, and are left.
void FindPartOfCard(const DigitRun& run, std::vector<Candidate>* out) {
  constexpr std::size_t kFewest = 8;
  constexpr int kReach = 15;  // plain words
  if (run.topic != Topic::kCard || run.topic_distance > kReach || run.items.empty()) return;
  const std::size_t size = run.digits.size();
  std::size_t last = run.items.size();
  if (size < kFewest || run.IsZipPlusFour()) return;
  if (size > kLongest) {
    // Something else was said in the same breath.
    while (last > 0 && run.DigitsIn(0, last) > kUsual) --last;
    if (last == 0 || run.DigitsIn(0, last) != kUsual || !run.Boundary(last)) return;
  } else if (size >= kShortest) {
    return;
  }
  out->push_back(
      {0,
       static_cast<std::uint32_t>(last),
       {Entity::kCreditCard, 0.5, "card-part",
        "a part of as many digits as a card number has, said where a card is spoken of"}});
}

// Where what was asked for is short, and the run may go on with something else: one past the last
// item of the answer.
std::size_t AnswerEnd(const DigitRun& run, std::size_t shortest, std::size_t longest) {
  for (std::size_t last = run.items.size(); last > 0; --last) {
    const std::size_t digits = run.DigitsIn(0, last);
    if (digits < shortest) break;
    if (digits <= longest && run.Boundary(last)) return last;
  }
  return 0;
}

}  // namespace

bool LuhnHolds(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    int value = digits[i] - '0';
    if (twice) value = value > 4 ? 2 * value - 9 : 2 * value;
    sum += value;
  }
  return sum % 10 == 0;
}

bool IssuerPlausible(std::string_view digits) {
  if (digits.size() < kShortest || digits.size() > kLongest) return false;
  const int prefix = ToInt(digits.substr(0, 4));
  for (const IssuerRange& range : kIssuers) {
    if (prefix >= range.first && prefix <= range.last && digits.size() >= range.shortest &&
        digits.size() <= range.longest) {
      return true;
    }
  }
  return false;
}

bool MayBeCard(const DigitRun& run) {
  return AboutCard(run) && run.digits.size() >= kShortest && run.digits.size() <= kLongest;
}

void FindCardNumbers(const DigitRun& run, std::vector<Candidate>* out) {
  for (std::size_t first = 0; first < run.items.size(); ++first) {
    std::optional<Candidate> best;
    for (std::size_t last = first + 1; last <= run.items.size(); ++last) {
      const std::size_t digits = run.DigitsIn(first, last);
      if (digits < kShortest) continue;
      if (digits > kLongest) break;
      const auto verdict = Judge(run, first, last);
      if (verdict && (!best || verdict->score >= best->verdict.score)) {
        best = Candidate{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last),
                         *verdict};
      }
    }
    if (best) out->push_back(*best);
  }
  FindPartOfCard(run, out);
}

void FindCardCodes(const DigitRun& run, std::vector<Candidate>* out) {
  if (run.topic != Topic::kCardCode || run.topic_distance > kAnswerReach) return;
  if (run.MayBeTimeOrYear()) return;
  const std::size_t last = AnswerEnd(run, 3, 4);
  if (last == 0) return;
  out->push_back({0,
                  static_cast<std::uint32_t>(last),
                  {Entity::kCardCode, last == run.items.size() ? 0.8 : 0.7, "card-code",
                   "three or four digits, said where the card's security code is asked for"}});
}

void FindCardExpiries(const DigitRun& run, std::vector<Candidate>* out) {
  if (run.topic != Topic::kCardExpiry || run.topic_distance > kAnswerReach) return;
  if (run.lead == Lead::kTime) return;
  const std::size_t last = AnswerEnd(run, 3, 6);
  if (last == 0) return;
  const std::string_view digits = run.Window(0, last);
  const std::size_t month_digits = digits.size() % 2 == 1 ? 1 : 2;
  const int month = ToInt(digits.substr(0, month_digits));
  int year = ToInt(digits.substr(month_digits));
  if (year < 100) year += 2000;
  // A card lives a few years; the range leaves room for old recordings and long-lived cards.
  if (month < 1 || month > 12 || year < 2010 || year > 2060) return;
  out->push_back({0,
                  static_cast<std::uint32_t>(last),
                  {Entity::kCardExpiry, 0.75, "card-expiry",
                   "a month and a year, said where the card's expiry is asked for"}});
}

}  // namespace cxscribe::redaction
