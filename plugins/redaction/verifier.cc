#include "plugins/redaction/verifier.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "plugins/redaction/address.h"
#include "plugins/redaction/date.h"
#include "plugins/redaction/echoes.h"
#include "plugins/redaction/email.h"
#include "plugins/redaction/email_loose.h"
#include "plugins/redaction/identifiers.h"
#include "plugins/redaction/ip_address.h"
#include "plugins/redaction/marks.h"
#include "plugins/redaction/numbers.h"
#include "plugins/redaction/person.h"
#include "plugins/redaction/screen.h"
#include "plugins/redaction/secret.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {
namespace {

// Masking changes what stands around the rest; a second look sees what the first one could not. Two
// are enough for every text seen; the bound keeps a hostile one from taking more.
constexpr int kMostRounds = 4;

// What is known by the words around it rather than by its digits.
void FindWords(const std::vector<Utterance>& utterances, const Tokens& tokens,
               const EntitySet& wanted, Pulse* pulse, std::vector<Hit>* out) {
  const bool addresses = wanted.Has(Entity::kAddress) || wanted.Has(Entity::kPostalCode);
  const bool secrets = wanted.Has(Entity::kUsername) || wanted.Has(Entity::kPassword);
  if (!wanted.Has(Entity::kPerson) && !addresses && !secrets) return;
  const WordView words(utterances, tokens, pulse);
  if (wanted.Has(Entity::kPerson)) FindPersons(tokens, words, pulse, out);
  if (addresses) FindAddresses(tokens, words, pulse, out);
  if (secrets) FindSecrets(utterances, tokens, words, pulse, out);
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
  SettlePhrases(tokens);
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
  const auto keep_taken = [&screen](std::vector<Hit>* some) {
    std::erase_if(*some, [&screen](const Hit& hit) { return !screen.Takes(hit); });
  };
  keep_taken(&hits);
  hits = DropOverlaps(std::move(hits), tokens.size());
  std::vector<Hit> echoes = FindEchoes(tokens, hits, pulse);
  keep_taken(&echoes);
  if (!echoes.empty()) {
    hits.insert(hits.end(), std::make_move_iterator(echoes.begin()),
                std::make_move_iterator(echoes.end()));
    hits = DropOverlaps(std::move(hits), tokens.size());
  }
  std::vector<Finding> found;
  found.reserve(hits.size());
  for (const Hit& hit : hits) found.push_back(ToFinding(tokens, hit));
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
