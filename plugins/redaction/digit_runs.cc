#include "plugins/redaction/digit_runs.h"

#include <algorithm>
#include <utility>

#include "plugins/redaction/number_reader.h"

namespace cxscribe::redaction {
namespace {

// How much may stand between two parts of one number. Wide enough for a clumsy dictation, narrow
// enough that the numbers of two topics do not run together.
constexpr int kMostGapTokens = 12;
constexpr int kMostGapSegments = 4;
constexpr std::size_t kFewestDigits = 3;
// How many plain words after a request a word that sounds like a digit may begin the answer.
constexpr int kAnswerReach = 6;

// "the last four (digits) (are)", "next three": tells how many digits come, in words that are
// themselves digits.
std::size_t AnnouncementLength(const Tokens& tokens, std::size_t i) {
  if (!tokens.language->english()) return 0;
  std::size_t k = i;
  if (tokens.IsWord(k, "the")) ++k;
  if (k >= tokens.size() || !IsAnyOf(tokens.Text(k), {"last", "next", "first", "final", "other"})) {
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
  bool corrects = false;
};

// Whether the mark at token i is one of a chain that cuts a number into pieces: "4111/1111/1111/1111",
// "4_1_1_1". Four pieces at least: a date has three.
bool IsCut(const Tokens& tokens, std::size_t i) {
  constexpr int kFewestPieces = 4;
  constexpr std::string_view kMarks = "/_|\\~:=+*";
  const char mark = tokens.list[i].mark;
  if (kMarks.find(mark) == std::string_view::npos) return false;
  const auto piece = [&tokens, segment = tokens.list[i].segment](std::size_t k) {
    if (k >= tokens.size() || tokens.list[k].segment != segment) return false;
    return tokens.list[k].kind == TokenKind::kDigits ||
           (tokens.list[k].kind == TokenKind::kWord &&
            tokens.list[k].lexeme.kind == LexemeKind::kDigit);
  };
  if (i == 0 || !piece(i - 1) || !piece(i + 1)) return false;
  int pieces = 2;
  for (std::size_t k = i;
       pieces < kFewestPieces && k >= 3 && tokens.IsMark(k - 2, mark) && piece(k - 3); k -= 2) {
    ++pieces;
  }
  for (std::size_t k = i; pieces < kFewestPieces && tokens.IsMark(k + 2, mark) && piece(k + 3);
       k += 2) {
    ++pieces;
  }
  return pieces >= kFewestPieces;
}

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
      if (IsCut(tokens, i)) return {Gap::kGlue, 1};
      return {};
    case TokenKind::kWord: {
      if (const std::size_t n = AnnouncementLength(tokens, i); n > 0) return {Gap::kBreak, n};
      if (const Phrase* phrase = PhraseAt(tokens, i)) {
        return {Gap::kBreak, phrase->size, phrase->corrects};
      }
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
  RunFinder(const Tokens& tokens, const TopicCues& cues, std::vector<DigitRun>* out)
      : tokens_(tokens), topics_(cues), out_(out) {}

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
    if (!run_.items.empty()) {
      if (tokens_.list[i].segment != segment_) {
        segment_ = tokens_.list[i].segment;
        break_ = true;
        if (++gap_segments_ > kMostGapSegments) EndRun();
      }
    } else {
      segment_ = tokens_.list[i].segment;
    }
    const bool in_run = !run_.items.empty();
    const Token& token = tokens_.list[i];
    const bool number_kind =
        token.kind == TokenKind::kDigits ||
        (token.kind == TokenKind::kWord && token.lexeme.kind >= LexemeKind::kDigit &&
         token.lexeme.kind <= LexemeKind::kRepeat);
    // Most words are neither a number nor beside one.
    if (!in_run && !number_kind && !token.lexeme.Is(kHomophone) && !token.lexeme.Is(kOrdinal) &&
        token.lexeme.phrase == 0) {
      plus_ = IsPlus(i);
      return i + 1;
    }
    // "one moment" before "one", "the last four" before "four".
    GapAt gap = ReadGap(tokens_, i);
    if (gap.gap != Gap::kNone && gap.tokens == 1 && token.lexeme.kind == LexemeKind::kOh) gap = {};
    if (gap.gap == Gap::kNone) {
      const bool after_digits = in_run && run_.items.back().token_end == i && !break_;
      if (const auto number = ReadNumber(tokens_, i, after_digits)) return TakeNumber(i, *number);
      if (token.lexeme.Is(kHomophone) && SoundsLikeDigit(i)) {
        SpokenNumber digit;
        digit.token_end = i + 1;
        digit.digits = static_cast<char>('0' + token.lexeme.value);
        const std::size_t next = TakeNumber(i, digit);
        after_sigh_ = true;  // it may have been the word after all
        return next;
      }
      if (token.lexeme.kind == LexemeKind::kOh && IsLastZero(i)) {
        SpokenNumber zero;
        zero.token_end = i + 1;
        zero.digits = "0";
        const std::size_t next = TakeNumber(i, zero);
        after_sigh_ = true;
        return next;
      }
      gap = ReadGap(tokens_, i);
    }
    if (gap.gap == Gap::kNone && in_run && IsPrefixAgain(i)) gap = {Gap::kBreak, 1, false};
    if (gap.gap == Gap::kNone && IsStray(i)) {
      ++strays_;
      gap = {Gap::kBreak, 1, false};
    }
    if (gap.gap == Gap::kNone) {
      EndRun();
      plus_ = IsPlus(i);
      return i + 1;
    }
    if (gap.gap == Gap::kBreak) break_ = true;
    if (gap.gap == Gap::kGlue) glue_ = true;
    if (gap.corrects) corrects_ = true;
    gap_tokens_ += static_cast<int>(gap.tokens);
    if (gap_tokens_ > kMostGapTokens) EndRun();
    return i + gap.tokens;
  }

  // Postal codes have letters, and a reader of their own.
  static Topic OfDigits(Topic topic) { return topic == Topic::kPostal ? Topic::kOther : topic; }
  bool IsPlus(std::size_t i) const {
    const Token& token = tokens_.list[i];
    return token.kind == TokenKind::kMark ? token.mark == '+' : token.lexeme.sign == '+';
  }

  // "oh" as the last word of a segment, where the number that was asked for lacks a digit.
  bool IsLastZero(std::size_t i) const {
    const bool last = i + 1 >= tokens_.size() || tokens_.list[i + 1].segment != segment_;
    return last && !run_.items.empty() && run_.digits.size() < LengthAskedFor(run_.topic);
  }

  // "plus forty four", "okay plus forty four": the country is repeated before the rest is said.
  bool IsPrefixAgain(std::size_t i) const {
    constexpr std::size_t kLongestCountry = 3;
    return run_.plus && run_.digits.size() <= kLongestCountry && run_.items.size() <= 2 &&
           tokens_.list[i].segment != tokens_.list[run_.items.back().token_begin].segment &&
           (tokens_.IsWord(i, "plus") || tokens_.IsMark(i, '+'));
  }

  // A word that was heard for a digit: digits on both sides, in a number that is asked for and is
  // not complete.
  bool IsStray(std::size_t i) const {
    constexpr int kMostStrays = 2;
    const Token& token = tokens_.list[i];
    if (run_.items.empty() || strays_ >= kMostStrays || break_) return false;
    if (!tokens_.language->english()) return false;  // which of its words join is not known
    if (token.kind != TokenKind::kWord || token.lexeme.cue != 0 || i + 1 >= tokens_.size() ||
        run_.items.back().token_end != i || run_.digits.size() >= LengthAskedFor(run_.topic)) {
      return false;
    }
    if (token.lexeme.Is(kHomophone) ||
        IsAnyOf(tokens_.Text(i), {"or", "through", "thru", "of", "at", "in", "by", "from", "until",
                                  "till", "minus", "plus", "with", "over", "point"})) {
      return false;
    }
    const auto speaks_number = [this](std::size_t k) {
      const LexemeKind kind = tokens_.list[k].lexeme.kind;
      return tokens_.list[k].kind == TokenKind::kWord && kind >= LexemeKind::kDigit &&
             kind <= LexemeKind::kRepeat;
    };
    return speaks_number(i - 1) && speaks_number(i + 1);
  }

  // The fewest digits of a complete number; 0 where no length is usual.
  static std::size_t LengthAskedFor(Topic topic) {
    switch (topic) {
      case Topic::kCard:
        return 15;
      case Topic::kSsn:
      case Topic::kRouting:
        return 9;
      case Topic::kPhone:
        return 10;
      default:
        return 0;
    }
  }

  // Single figures in words that stand before (`step` -1) or after token i, three at most. Words
  // that sound like one are passed over.
  int SingleDigits(std::size_t i, int step) const {
    constexpr int kEnough = 3;
    constexpr int kMostPassed = 2;
    int count = 0;
    int passed = 0;
    const std::int32_t segment = tokens_.list[i].segment;
    for (std::size_t k = i + static_cast<std::size_t>(step); k < tokens_.size() && count < kEnough;
         k += static_cast<std::size_t>(step)) {
      const Token& token = tokens_.list[k];
      if (token.segment != segment || token.kind != TokenKind::kWord) break;
      const LexemeKind kind = token.lexeme.kind;
      if (kind == LexemeKind::kDigit || kind == LexemeKind::kOh || kind == LexemeKind::kRepeat) {
        ++count;
      } else if (!token.lexeme.Is(kHomophone) || ++passed > kMostPassed) {
        break;
      }
    }
    return count;
  }

  // Whether the word at i, which sounds like a digit, is one: digits stand on both sides, or a
  // number was asked for and the rest of it follows.
  bool SoundsLikeDigit(std::size_t i) {
    const int before = SingleDigits(i, -1);
    const int after = SingleDigits(i, +1);
    if (before >= 1 && after >= 1 && before + after >= 3) return true;
    if (before + after == 0) return false;
    const bool in_run = !run_.items.empty();
    const bool last = i + 1 >= tokens_.size() || tokens_.list[i + 1].segment != segment_;
    const bool first = i == 0 || tokens_.list[i - 1].segment != segment_;
    if (in_run && first && after >= 2) return true;
    const Topic topic = in_run ? run_.topic : OfDigits(topics_.Before(i));
    if (topic == Topic::kNone || topic == Topic::kOther) return false;
    if (in_run && before >= 1 && after >= 1) return true;
    if (!in_run) return after >= 3 && topics_.words_since() <= kAnswerReach;
    return last && before >= 2 && run_.items.back().token_end == i;
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
      run_.topic = OfDigits(topics_.Before(i));
      run_.topic_distance = topics_.words_since();
      run_.lead = LeadOf(i);
      run_.after_word = i > 0 && tokens_.list[i - 1].segment == tokens_.list[i].segment &&
                        tokens_.list[i - 1].kind == TokenKind::kWord &&
                        tokens_.list[i - 1].lexeme.kind == LexemeKind::kOther;
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
    item.corrects = corrects_ && !run_.items.empty();
    item.chunk = run_.items.empty() ? 0 : run_.items.back().chunk + (break_ ? 1 : 0);
    run_.items.push_back(item);
    run_.digits += number.digits;
    break_ = false;
    after_sigh_ = tokens_.list[i].lexeme.kind == LexemeKind::kOh && tokens_.list[i].begin == 0;
    glue_ = corrects_ = false;
    gap_tokens_ = 0;
    gap_segments_ = 0;
    return end;
  }

  Lead LeadOf(std::size_t i) const {
    if (i == 0 || tokens_.list[i - 1].kind != TokenKind::kWord) return Lead::kNone;
    const std::string_view word = tokens_.Text(i - 1);
    if (word == "in" && i > 1 && IsAnyOf(tokens_.Text(i - 2), {"ends", "ending", "end"})) {
      return Lead::kNone;  // "my social ends in 4419"
    }
    if (IsAnyOf(word, {"at", "by", "until", "till", "around", "before", "after"}))
      return Lead::kTime;
    if (IsAnyOf(word, {"in", "since", "from", "between", "about", "over"})) return Lead::kSpan;
    if (word == "to") return Lead::kTo;
    return Lead::kNone;
  }

  // Whether the run is long enough to be all that was asked for.
  static bool EndsTopic(const DigitRun& run) {
    constexpr std::size_t kCode = 3;
    constexpr std::size_t kNumber = 6;
    if (!AnsweredAtOnce(run.topic)) return false;
    switch (run.topic) {
      case Topic::kCardCode:
      case Topic::kLastFour:
      case Topic::kPin:
        return run.digits.size() >= kCode;
      case Topic::kCardExpiry:
      case Topic::kBirthDate:
        return false;  // dates have their own reader, and come in parts
      default:
        return run.digits.size() >= kNumber;
    }
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

  // "is 555 0147 still a good number for you": what it is stands behind it.
  bool Asks(const DigitRun& run) const {
    const std::size_t begin = run.items.front().token_begin;
    const std::size_t end = run.items.back().token_end;
    return begin > 0 && tokens_.IsOneOf(begin - 1, {"is", "was"}) &&
           tokens_.SameSegment(begin - 1, end) && topics_.After(end) == Topic::kPhone;
  }

  void EndRun() {
    if (run_.digits.size() >= kFewestDigits) {
      const bool asks = run_.topic == Topic::kOther && Asks(run_);
      if (run_.topic == Topic::kNone || asks) {
        run_.topic = OfDigits(topics_.After(run_.items.back().token_end));
        run_.topic_distance = 0;
      } else if (EndsTopic(run_)) {
        topics_.Answered();
      }
      out_->push_back(std::move(run_));
    }
    run_ = DigitRun();
    strays_ = 0;
    break_ = glue_ = plus_ = after_sigh_ = corrects_ = false;
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
  bool corrects_ = false;  // since the last item: what was said is taken back
  int strays_ = 0;
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

bool DigitRun::MayBeTimeOrYear() const {
  constexpr std::size_t kLongestTime = 4;
  constexpr int kAnswerAtOnce = 6;
  if (digits.size() > kLongestTime) return false;
  const bool year = digits.size() == kLongestTime &&
                    (digits.compare(0, 2, "19") == 0 || digits.compare(0, 2, "20") == 0);
  return lead != Lead::kNone || (year && topic_distance > kAnswerAtOnce);
}

bool DigitRun::IsZipPlusFour() const {
  return items.size() == 2 && items[0].written && items[1].written && items[1].glued &&
         items[0].digit_count == 5 && items[1].digit_count == 4;
}

bool IsCounting(std::string_view digits) {
  int up = 0;
  int down = 0;
  for (std::size_t i = 1; i < digits.size(); ++i) {
    const int step = (digits[i] - digits[i - 1] + 10) % 10;
    if (step == 1) ++up;
    if (step == 9) ++down;
  }
  // Not all steps are of one: "nine ten" is 9, 1, 0.
  return std::max(up, down) * 4 >= (static_cast<int>(digits.size()) - 1) * 3;
}

std::vector<DigitRun> FindDigitRuns(const Tokens& tokens, const TopicCues& cues, Pulse* pulse) {
  std::vector<DigitRun> runs;
  RunFinder(tokens, cues, &runs).Run(pulse);
  return runs;
}

std::vector<DigitRun> FindDigitRuns(const Tokens& tokens, Pulse* pulse) {
  return FindDigitRuns(tokens, TopicCues(tokens, pulse), pulse);
}

}  // namespace cxscribe::redaction
