#include "plugins/redaction/marks.h"

#include <algorithm>

#include "plugins/redaction/number_reader.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kMostLeft = 4;      // digits of a number that may stay in the open
constexpr std::size_t kMostItems = 24;    // of one number, with its marks and dashes
constexpr std::int32_t kShortestRun = 3;  // "##" is a heading, "**" stands for bold

bool IsNumberMark(const Token& token) {
  if (token.kind != TokenKind::kMask) return false;
  if (token.mark == kCardMask || token.mark == kSsnMask) return true;
  return token.mark == kRunMask && token.size >= kShortestRun;
}

// One number with what was taken out of it.
struct Cluster {
  std::size_t end = 0;
  std::size_t digits = 0;
  bool ssn = false;
  std::vector<TokenRange> left;  // what is in the open
};

void Add(std::size_t begin, std::size_t end, std::vector<TokenRange>* out) {
  if (!out->empty() && out->back().end == begin) {
    out->back().end = static_cast<std::uint32_t>(end);
  } else {
    out->push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
  }
}

// From the mark at token i on, with the groups of figures that stand right before it.
Cluster ClusterAt(const Tokens& tokens, std::size_t i, std::size_t from) {
  Cluster cluster;
  cluster.ssn = tokens.list[i].mark == kSsnMask;
  const std::int32_t segment = tokens.list[i].segment;
  if (tokens.list[i].mark == kRunMask) {
    std::size_t begin = i;
    while (begin > from && i - begin < kMostItems && tokens.list[begin - 1].segment == segment) {
      const bool dash = tokens.IsMark(begin - 1, '-') && !tokens.list[begin].space_before;
      const bool group = tokens.list[begin - 1].kind == TokenKind::kDigits &&
                         (!tokens.list[begin].space_before || tokens.Text(begin - 1).size() == 4);
      if (!dash && !group) break;
      --begin;
    }
    for (std::size_t k = begin; k < i; ++k) {
      if (tokens.list[k].kind != TokenKind::kDigits) continue;
      cluster.digits += tokens.Text(k).size();
      Add(k, k + 1, &cluster.left);
    }
    // "***-**-": the groups of a social security number.
    cluster.ssn = tokens.list[i].size == 3 && tokens.IsMark(i + 1, '-') && i + 2 < tokens.size() &&
                  tokens.list[i + 2].kind == TokenKind::kMask && tokens.list[i + 2].size == 2;
  }
  std::size_t k = i + 1;
  cluster.end = k;
  while (k < tokens.size() && k < i + kMostItems && tokens.list[k].segment == segment) {
    const Token& token = tokens.list[k];
    if (token.kind == TokenKind::kMask && token.mark == kRunMask) {
      cluster.end = ++k;
      continue;
    }
    if (tokens.IsMark(k, '-') && !token.space_before) {
      ++k;
      continue;
    }
    const auto number = ReadNumber(tokens, k, cluster.digits > 0);
    if (!number || number->amount || tokens.list[number->token_end - 1].segment != segment) break;
    if (tokens.IsMark(number->token_end, '/') || tokens.IsMark(number->token_end, ':')) break;
    cluster.digits += number->digits.size();
    Add(k, number->token_end, &cluster.left);
    cluster.end = k = number->token_end;
  }
  return cluster;
}

}  // namespace

MarkCounts CountMarks(const Tokens& tokens) {
  MarkCounts counts;
  for (const Token& token : tokens.list) {
    if (token.kind != TokenKind::kMask) continue;
    if (token.mark == kRunMask) {
      ++counts.runs;
    } else if (token.mark == kWordMask) {
      ++counts.words;
    } else {
      ++counts.names;
    }
  }
  return counts;
}

void FindPartialRedactions(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    pulse->Tick();
    if (i < done || !IsNumberMark(tokens.list[i])) continue;
    Cluster cluster = ClusterAt(tokens, i, done);
    done = cluster.end;
    if (cluster.digits <= kMostLeft) continue;
    out->push_back({std::move(cluster.left),
                    {cluster.ssn ? Entity::kSsn : Entity::kCreditCard, 0.8, "partial-redaction",
                     "more than four digits beside a mark that stands for the rest"}});
  }
}

}  // namespace cxscribe::redaction
