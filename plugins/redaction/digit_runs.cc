#include "plugins/redaction/digit_runs.h"

#include <algorithm>
#include <utility>

#include "plugins/redaction/number_reader.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {
namespace {

// How much may stand between two parts of one number. Wide enough for a clumsy dictation, narrow
// enough that the numbers of two topics do not run together.
constexpr int kMostGapTokens = 12;
constexpr int kMostGapSegments = 4;
constexpr std::size_t kFewestDigits = 3;

bool IsAny(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Phrases that people say while a number is dictated. Matched word by word, so none is a prefix of
// a longer one that stands after it.
constexpr std::string_view kPhrases[][4] = {
    {"got", "it"},
    {"got", "that"},
    {"got", "you"},
    {"go", "ahead"},
    {"go", "on"},
    {"all", "right"},
    {"thank", "you"},
    {"of", "course"},
    {"hold", "on"},
    {"hang", "on"},
    {"let", "me", "see"},
    {"you", "know"},
    {"i", "mean"},
    {"i", "think"},
    {"i", "believe"},
    {"i", "see"},
    {"one", "second"},
    {"one", "moment"},
    {"one", "sec"},
    {"just", "a", "second"},
    {"just", "a", "moment"},
    {"just", "a", "sec"},
    {"just", "a", "minute"},
    {"a", "second"},
    {"keep", "going"},
    {"carry", "on"},
    {"take", "your", "time"},
    {"no", "problem"},
    {"followed", "by"},
    {"i'm", "ready"},
    {"i'm", "listening"},
    {"what's", "next"},
    {"that", "is"},
    {"i", "got", "it"},
    {"i", "got", "that"},
    {"i", "have", "that"},
    {"one", "more", "time"},
    {"with", "you"},
};

std::size_t PhraseLength(const Tokens& tokens, std::size_t i) {
  for (const auto& phrase : kPhrases) {
    std::size_t n = 0;
    while (n < std::size(phrase) && !phrase[n].empty() && tokens.IsWord(i + n, phrase[n]) &&
           tokens.list[i + n].segment == tokens.list[i].segment) {
      ++n;
    }
    if (n > 0 && (n == std::size(phrase) || phrase[n].empty())) return n;
  }
  return 0;
}

// "the last four (digits) (are)", "next three": tells how many digits come, in words that are
// themselves digits.
std::size_t AnnouncementLength(const Tokens& tokens, std::size_t i) {
  std::size_t k = i;
  if (tokens.IsWord(k, "the")) ++k;
  if (k >= tokens.size() || !IsAny(tokens.Text(k), {"last", "next", "first", "final", "other"})) {
    return 0;
  }
  ++k;
  if (k >= tokens.size() || tokens.list[k].segment != tokens.list[i].segment) return 0;
  const Token& count = tokens.list[k];
  const bool is_count =
      (count.kind == TokenKind::kWord && count.lexeme.kind == LexemeKind::kDigit) ||
      (count.kind == TokenKind::kDigits && tokens.Text(k).size() == 1);
  if (is_count) ++k;
  const std::size_t noun = k;
  if (k < tokens.size() && tokens.list[k].kind == TokenKind::kWord &&
      tokens.list[k].lexeme.kind == LexemeKind::kCount) {
    ++k;
  }
  if (!is_count && k == noun) return 0;
  if (tokens.IsWord(k, "are")) ++k;
  return k - i;
}

enum class Gap { kNone, kGlue, kBreak };

struct GapAt {
  Gap gap = Gap::kNone;
  std::size_t tokens = 0;
};

GapAt ReadGap(const Tokens& tokens, std::size_t i) {
  const Token& token = tokens.list[i];
  switch (token.kind) {
    case TokenKind::kMark:
      if (token.mark == '-' || token.mark == '.' || token.mark == '(' || token.mark == ')') {
        return {Gap::kGlue, 1};
      }
      if (token.mark == ',' || token.mark == ';' || token.mark == '?' || token.mark == '!' ||
          token.mark == '"') {
        return {Gap::kBreak, 1};
      }
      return {};
    case TokenKind::kWord: {
      if (const std::size_t n = AnnouncementLength(tokens, i); n > 0) return {Gap::kBreak, n};
      if (const std::size_t n = PhraseLength(tokens, i); n > 0) return {Gap::kBreak, n};
      const LexemeKind kind = token.lexeme.kind;
      // An "oh" that is no zero is a filler as well.
      if (kind == LexemeKind::kHesitation || kind == LexemeKind::kFiller ||
          kind == LexemeKind::kOh) {
        return {Gap::kBreak, 1};
      }
      return {};
    }
    default:
      return {};
  }
}

class RunFinder {
 public:
  RunFinder(const Tokens& tokens, std::vector<DigitRun>* out)
      : tokens_(tokens), topics_(tokens), out_(out) {}

  void Run(Pulse* pulse) {
    std::size_t i = 0;
    while (i < tokens_.size()) {
      pulse->Tick();
      i = Step(i);
    }
    EndRun();
  }

 private:
  // Takes what stands at token i; returns where to go on.
  std::size_t Step(std::size_t i) {
    const bool in_run = !run_.items.empty();
    if (in_run) {
      if (tokens_.list[i].segment != segment_) {
        segment_ = tokens_.list[i].segment;
        break_ = true;
        if (++gap_segments_ > kMostGapSegments) EndRun();
      }
    } else {
      segment_ = tokens_.list[i].segment;
    }
    // "one moment" before "one", "the last four" before "four".
    GapAt gap = ReadGap(tokens_, i);
    if (gap.gap != Gap::kNone && gap.tokens == 1 &&
        tokens_.list[i].lexeme.kind == LexemeKind::kOh) {
      gap = {};
    }
    if (gap.gap == Gap::kNone) {
      const bool after_digits = !run_.items.empty() && run_.items.back().token_end == i && !break_;
      if (const auto number = ReadNumber(tokens_, i, after_digits)) return TakeNumber(i, *number);
      gap = ReadGap(tokens_, i);
    }
    if (gap.gap == Gap::kNone) {
      EndRun();
      plus_ = tokens_.IsMark(i, '+') || tokens_.IsWord(i, "plus");
      return i + 1;
    }
    if (gap.gap == Gap::kBreak) break_ = true;
    if (gap.gap == Gap::kGlue) glue_ = true;
    gap_tokens_ += static_cast<int>(gap.tokens);
    if (gap_tokens_ > kMostGapTokens) EndRun();
    return i + gap.tokens;
  }

  std::size_t TakeNumber(std::size_t i, const SpokenNumber& number) {
    const std::size_t end = number.token_end;
    const LexemeKind after = end < tokens_.size() && tokens_.list[end].segment == segment_ &&
                                     tokens_.list[end].kind == TokenKind::kWord
                                 ? tokens_.list[end].lexeme.kind
                                 : LexemeKind::kOther;
    if (number.amount) {
      EndRun();
      return end;
    }
    if (after == LexemeKind::kCount && number.digits.size() <= 2) {  // "sixteen digits"
      EndRun();
      return end + 1;
    }
    if (after == LexemeKind::kUnit) {  // "twelve fifty dollars"
      DropAmount();
      EndRun();
      return end + 1;
    }
    if (run_.items.empty()) {
      run_.plus = plus_;
      run_.topic = topics_.Before(i);
      run_.topic_distance = topics_.words_since();
      break_ = true;
    }
    plus_ = false;
    DigitItem item;
    item.token_begin = static_cast<std::uint32_t>(i);
    item.token_end = static_cast<std::uint32_t>(end);
    item.digit_begin = static_cast<std::uint32_t>(run_.digits.size());
    item.digit_count = static_cast<std::uint32_t>(number.digits.size());
    item.source = static_cast<std::uint32_t>(run_.items.size());
    item.written = number.written;
    item.chunk_start = break_;
    item.after_sigh = after_sigh_;
    item.glued = glue_ && !break_;
    item.chunk = run_.items.empty() ? 0 : run_.items.back().chunk + (break_ ? 1 : 0);
    run_.items.push_back(item);
    run_.digits += number.digits;
    break_ = false;
    after_sigh_ = tokens_.list[i].lexeme.kind == LexemeKind::kOh && tokens_.list[i].begin == 0;
    glue_ = false;
    gap_tokens_ = 0;
    gap_segments_ = 0;
    return end;
  }

  // What was said in one breath before a unit belongs to the amount, unless it is too long to be
  // one.
  void DropAmount() {
    constexpr std::size_t kLongestAmount = 6;
    if (run_.items.empty() || break_) return;
    std::size_t first = run_.items.size() - 1;
    while (first > 0 && !run_.items[first].chunk_start) --first;
    if (run_.DigitsIn(first, run_.items.size()) > kLongestAmount) return;
    run_.digits.resize(run_.items[first].digit_begin);
    run_.items.resize(first);
  }

  void EndRun() {
    if (run_.digits.size() >= kFewestDigits) {
      if (run_.topic == Topic::kNone) {
        run_.topic = topics_.After(run_.items.back().token_end);
        run_.topic_distance = 0;
      }
      out_->push_back(std::move(run_));
    }
    run_ = DigitRun();
    break_ = glue_ = plus_ = after_sigh_ = false;
    gap_tokens_ = gap_segments_ = 0;
  }

  const Tokens& tokens_;
  TopicReader topics_;
  std::vector<DigitRun>* out_;
  DigitRun run_;
  std::int32_t segment_ = 0;
  bool break_ = false;  // since the last item: something that can be heard
  bool glue_ = false;   // since the last item: "-", "." or brackets
  bool plus_ = false;
  bool after_sigh_ = false;
  int gap_tokens_ = 0;
  int gap_segments_ = 0;
};

}  // namespace

bool DigitRun::Boundary(std::size_t at) const {
  if (at == 0 || at >= items.size() || items[at].chunk_start || items[at].after_sigh) return true;
  // Figures come in groups that mean something; single figures are only spelt out.
  const DigitItem& before = items[at - 1];
  const DigitItem& after = items[at];
  return before.written && after.written && before.digit_count > 1 && after.digit_count > 1;
}

std::vector<DigitRun> FindDigitRuns(const Tokens& tokens, Pulse* pulse) {
  std::vector<DigitRun> runs;
  RunFinder(tokens, &runs).Run(pulse);
  return runs;
}

DigitRun WithoutEchoes(const DigitRun& run, const std::vector<Utterance>& utterances,
                       const Tokens& tokens) {
  // Longer than that it is a number said twice, and is found twice.
  constexpr std::size_t kShortestEcho = 2;
  constexpr std::size_t kLongestEcho = 8;
  const auto segment_of = [&](const DigitItem& item) {
    return static_cast<std::size_t>(tokens.list[item.token_begin].segment);
  };
  DigitRun kept;
  kept.plus = run.plus;
  kept.topic = run.topic;
  kept.topic_distance = run.topic_distance;
  std::size_t first = 0;
  while (first < run.items.size()) {
    std::size_t last = first + 1;
    while (last < run.items.size() && !run.items[last].chunk_start) ++last;
    const std::string_view chunk = run.Window(first, last);
    bool echo = false;
    if (!kept.items.empty() && chunk.size() >= kShortestEcho && chunk.size() <= kLongestEcho) {
      const std::size_t before = segment_of(kept.items.back());
      const std::size_t here = segment_of(run.items[first]);
      const std::string_view speaker = utterances[before].speaker;
      const bool may_differ = speaker.empty() || utterances[here].speaker.empty() ||
                              speaker != utterances[here].speaker;
      echo = before != here && may_differ && kept.digits.size() >= chunk.size() &&
             std::string_view(kept.digits).substr(kept.digits.size() - chunk.size()) == chunk;
    }
    for (std::size_t i = first; i < last; ++i) {
      DigitItem item = run.items[i];
      if (echo) {
        item.chunk = kept.items.back().chunk;
        kept.echoes.push_back(item);
        continue;
      }
      item.digit_begin = static_cast<std::uint32_t>(kept.digits.size());
      if (i == first) item.chunk = kept.items.empty() ? 0 : kept.items.back().chunk + 1;
      if (i > first) item.chunk = kept.items.back().chunk;
      kept.digits += run.Window(i, i + 1);
      kept.items.push_back(item);
    }
    first = last;
  }
  return kept.echoes.empty() ? DigitRun() : kept;
}

}  // namespace cxscribe::redaction
