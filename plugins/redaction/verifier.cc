#include "plugins/redaction/verifier.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "plugins/redaction/address.h"
#include "plugins/redaction/bank.h"
#include "plugins/redaction/card.h"
#include "plugins/redaction/date.h"
#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/email.h"
#include "plugins/redaction/email_loose.h"
#include "plugins/redaction/identifiers.h"
#include "plugins/redaction/ip_address.h"
#include "plugins/redaction/marks.h"
#include "plugins/redaction/number_sequence.h"
#include "plugins/redaction/person.h"
#include "plugins/redaction/phone.h"
#include "plugins/redaction/readings.h"
#include "plugins/redaction/screen.h"
#include "plugins/redaction/secret.h"
#include "plugins/redaction/ssn.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {
namespace {

// Masking changes what stands around the rest; a second look sees what the first one could not. Two
// are enough for every text seen; the bound keeps a hostile one from taking more.
constexpr int kMostRounds = 4;
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

// Only what counts makes a claim: what nobody asked for must not stand in its way.
void Collect(const DigitRun& run, std::size_t reading, Screen* screen, std::vector<Claim>* out) {
  std::vector<Candidate> candidates;
  RunDetectors(run, &candidates);
  for (Candidate& c : candidates) {
    // A part of what is a card number as a whole (ten digits are soon a telephone number) leaves
    // the rest in the open.
    if (MayBeCard(run) && !run.Whole(c.first, c.last) && c.verdict.entity != Entity::kCreditCard) {
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
    for (std::size_t k = 0; k < runs[i].size(); ++k) Collect(runs[i][k], k, screen, &claims[i]);
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

// What is known by the words around it rather than by its digits.
void FindWords(const std::vector<Utterance>& utterances, const Tokens& tokens,
               const EntitySet& wanted, Pulse* pulse, std::vector<Hit>* out) {
  const bool addresses = wanted.Has(Entity::kAddress) || wanted.Has(Entity::kPostalCode);
  const bool secrets = wanted.Has(Entity::kUsername) || wanted.Has(Entity::kPassword);
  if (!wanted.Has(Entity::kPerson) && !addresses && !secrets) return;
  const WordView words(utterances, tokens, pulse);
  if (wanted.Has(Entity::kPerson)) FindPersons(tokens, words, pulse, out);
  if (addresses) FindAddresses(tokens, words, pulse, out);
  if (secrets) FindSecrets(tokens, words, pulse, out);
}

// The surest of the hits that share tokens, in the order of the text; the operator's own beside them.
std::vector<Hit> DropOverlaps(std::vector<Hit> hits, std::size_t tokens) {
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.verdict.score > b.verdict.score; });
  std::vector<bool> taken(tokens, false);
  std::vector<Hit> kept;
  for (Hit& hit : hits) {
    if (hit.verdict.own > 0) {
      kept.push_back(std::move(hit));
      continue;
    }
    bool free = true;
    for (const TokenRange& range : hit.ranges) {
      for (std::uint32_t t = range.begin; t < range.end; ++t) free = free && !taken[t];
    }
    if (!free) continue;
    for (const TokenRange& range : hit.ranges) {
      for (std::uint32_t t = range.begin; t < range.end; ++t) taken[t] = true;
    }
    kept.push_back(std::move(hit));
  }
  std::sort(kept.begin(), kept.end(), [](const Hit& a, const Hit& b) {
    return a.ranges.front().begin < b.ranges.front().begin;
  });
  return kept;
}

Finding ToFinding(const Tokens& tokens, const Hit& hit) {
  Finding finding;
  finding.verdict = hit.verdict;
  for (const TokenRange& range : hit.ranges) {
    for (std::uint32_t t = range.begin; t < range.end; ++t) {
      const Token& token = tokens.list[t];
      if (finding.spans.empty() || finding.spans.back().segment != token.segment) {
        finding.spans.push_back({token.segment, token.begin, token.end});
      } else {
        finding.spans.back().end = std::max(finding.spans.back().end, token.end);
      }
    }
  }
  return finding;
}

// Replaces the tokens under each span by one mask, as the host will do with the text.
void Mask(const std::vector<Finding>& findings, Tokens* tokens) {
  struct Cut : Span {
    char mark = kNameMask;
  };
  std::vector<Cut> cuts;
  for (const Finding& finding : findings) {
    const Entity entity = finding.verdict.entity;
    const char mark = entity == Entity::kCreditCard ? kCardMask
                      : entity == Entity::kSsn      ? kSsnMask
                                                    : kNameMask;
    for (const Span& span : finding.spans) cuts.push_back({span, mark});
  }
  std::sort(cuts.begin(), cuts.end(), [](const Span& a, const Span& b) {
    return a.segment != b.segment ? a.segment < b.segment : a.begin < b.begin;
  });
  std::vector<Token> list;
  list.reserve(tokens->list.size());
  std::size_t next = 0;
  for (const Token& token : tokens->list) {
    const auto before = [&token](const Span& span) {
      return span.segment < token.segment ||
             (span.segment == token.segment && span.end <= token.begin);
    };
    while (next < cuts.size() && before(cuts[next])) ++next;
    const bool inside = next < cuts.size() && cuts[next].segment == token.segment &&
                        cuts[next].begin <= token.begin;
    if (!inside) {
      list.push_back(token);
    } else if (cuts[next].begin == token.begin) {
      Token mask = token;
      mask.kind = TokenKind::kMask;
      mask.mark = cuts[next].mark;
      mask.lexeme = {};
      list.push_back(mask);
    }
  }
  tokens->list = std::move(list);
}

// What one round of detectors finds in the tokens as they are, of one level.
std::vector<Finding> FindOnce(const std::vector<Utterance>& utterances, const Tokens& tokens,
                              const Plan& plan, const OwnDetectors* own, Screen::Level level,
                              Pulse* pulse, Verified* verified) {
  std::optional<OwnRound> own_round;
  if (own != nullptr) own_round.emplace(*own, utterances, tokens, pulse);
  OwnRound* round = own_round ? &*own_round : nullptr;
  Screen screen(plan, round, tokens, level);
  std::vector<Hit> hits;
  const TopicCues cues(tokens, pulse);
  FindNumbers(utterances, tokens, cues, &screen, round, pulse, &hits);
  FindEmails(tokens, pulse, &hits);
  if (plan.language->english()) FindLooseEmails(tokens, pulse, &hits);
  FindDates(tokens, cues, pulse, &hits);
  FindIpAddresses(tokens, pulse, &hits);
  FindIdentifiers(tokens, cues, pulse, &hits);
  FindPartialRedactions(tokens, pulse, &hits);
  FindWords(utterances, tokens, plan.entities, pulse, &hits);
  if (round != nullptr) round->FindHits(pulse, &hits);
  hits.erase(std::remove_if(hits.begin(), hits.end(),
                            [&screen](const Hit& hit) { return !screen.Takes(hit); }),
             hits.end());
  std::vector<Finding> found;
  for (const Hit& hit : DropOverlaps(std::move(hits), tokens.size())) {
    found.push_back(ToFinding(tokens, hit));
  }
  if (level == Screen::Level::kFail) verified->let_stand = screen.let_stand();
  if (round != nullptr && round->overflowed()) verified->overflowed = true;
  pulse->Now();
  return found;
}

}  // namespace

Verified Verify(const std::vector<Utterance>& utterances, const Plan& plan, const OwnDetectors* own,
                std::function<void()> check) {
  Verified verified;
  Pulse pulse(std::move(check));
  pulse.Now();
  Tokens tokens = Tokenise(utterances, *plan.language, &pulse);
  verified.words = static_cast<std::size_t>(
      std::count_if(tokens.list.begin(), tokens.list.end(), [](const Token& token) {
        return token.kind == TokenKind::kWord || token.kind == TokenKind::kDigits;
      }));
  verified.marks = CountMarks(tokens);
  std::vector<Finding>& all = verified.findings;
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<Finding> found =
        FindOnce(utterances, tokens, plan, own, Screen::Level::kFail, &pulse, &verified);
    if (found.empty()) break;
    Mask(found, &tokens);
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  }
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) {
    const Span& x = a.spans.front();
    const Span& y = b.spans.front();
    return x.segment != y.segment ? x.segment < y.segment : x.begin < y.begin;
  });
  if (plan.flags) {
    verified.flagged =
        FindOnce(utterances, tokens, plan, own, Screen::Level::kFlag, &pulse, &verified);
  }
  return verified;
}

std::vector<Finding> Verify(const std::vector<Utterance>& utterances, const EntitySet& wanted,
                            std::function<void()> check, const Language& language) {
  if (wanted.Empty()) return {};
  return Verify(utterances, Plan(wanted, language), nullptr, std::move(check)).findings;
}

}  // namespace cxscribe::redaction
