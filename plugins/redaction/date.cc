#include "plugins/redaction/date.h"

#include <utility>

#include "plugins/redaction/date_reader.h"

namespace cxscribe::redaction {
namespace {

// A date is taken for the answer only so many plain words after the cue.
constexpr int kReach = 16;
// The other speaker repeats what stands behind a mask at once or not at all: "great, august ...".
constexpr int kEchoReach = 2;
// A second date so few tokens after the first is a correction or a repetition of it.
constexpr std::size_t kSecondReach = 3;

Verdict BirthVerdict(double score) {
  return {Entity::kBirthDate, score, "date-of-birth",
          "a date, said where a date of birth is asked for"};
}

Verdict ExpiryVerdict() {
  return {Entity::kCardExpiry, 0.85, "card-expiry",
          "a month and a year, said where the card's expiry is asked for"};
}

// Whether a date may begin with this token: nearly all others are passed over at once.
bool MayBegin(const Token& token) {
  if (token.kind == TokenKind::kDigits) return true;
  if (token.kind != TokenKind::kWord) return false;
  const LexemeKind kind = token.lexeme.kind;
  return token.lexeme.Is(kMonth) || token.lexeme.Is(kOrdinal) ||
         (kind >= LexemeKind::kDigit && kind <= LexemeKind::kTens);
}

class DateFinder {
 public:
  DateFinder(const Tokens& tokens, const TopicCues& cues, std::vector<Hit>* out)
      : tokens_(tokens), topics_(cues), out_(out) {}

  void Run(Pulse* pulse) {
    for (std::size_t i = 0; i < tokens_.size();) {
      pulse->Tick();
      i = MayBegin(tokens_.list[i]) ? Step(i) : i + 1;
    }
    FindAgain();
  }

 private:
  std::size_t Step(std::size_t i) {
    const SpokenDate date = ReadDate(tokens_, i);
    if (date.end == 0) return i + 1;
    if (i > 0 && tokens_.IsWord(i - 1, "the")) --i;
    Topic topic = topics_.Before(i);
    int distance = topics_.words_since();
    if (topic != Topic::kBirthDate && topic != Topic::kCardExpiry && date.year >= 0 &&
        topics_.After(date.end) == Topic::kBirthDate) {
      topic = Topic::kBirthDate;  // "the third of may 1985 is my date of birth"
      distance = 0;
    }
    if (distance <= kReach) {
      if (topic == Topic::kBirthDate && (date.day > 0 || distance == 0) && !Answered(i, date)) {
        Add(i, date.end, BirthVerdict(date.year >= 0 ? 0.87 : 0.8));
        births_.push_back(date);
        last_end_ = date.end;
        answered_cue_ = topics_.cue_at();
        return date.end;
      } else if (topic == Topic::kCardExpiry &&
                 ((date.year >= 0 && date.day == 0) || IsShortYear(i, date))) {
        Add(i, date.end, ExpiryVerdict());
        return date.end;
      }
    }
    if (date.day > 0 && date.year >= 0) {
      if (topics_.masked() == Topic::kBirthDate && topics_.words_since_masked() <= kEchoReach) {
        Add(i, date.end,
            {Entity::kBirthDate, 0.8, "date-of-birth",
             "a full date, right after the masked answer to a question for a date of birth"});
        return date.end;
      }
      others_.push_back({i, date});
    }
    return date.end;
  }

  // "june twenty six" to a question for a card's expiry is no day, unlike "our offer expires june
  // twenty six".
  bool IsShortYear(std::size_t at, const SpokenDate& date) const {
    constexpr int kEarliest = 20;
    const Token& last = tokens_.list[date.end - 1];
    const bool ordinal = last.kind == TokenKind::kWord &&
                         (last.lexeme.Is(kOrdinal) || last.lexeme.kind == LexemeKind::kOther);
    return date.year < 0 && date.day >= kEarliest && !ordinal &&
           tokens_.list[at].lexeme.Is(kMonth) && !tokens_.SameSegment(topics_.cue_at(), at);
  }

  // Whether the question was answered before, by another date: this one is of something else.
  bool Answered(std::size_t at, const SpokenDate& date) const {
    return !births_.empty() && at > last_end_ + kSecondReach && answered_cue_ == topics_.cue_at() &&
           !births_.back().MayEqual(date);
  }

  void Add(std::size_t begin, std::size_t end, const Verdict& verdict) {
    Hit hit;
    hit.ranges.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    hit.verdict = verdict;
    out_->push_back(std::move(hit));
  }

  // The birth dates wherever they are said once more, as in "great, august nineteen ...".
  void FindAgain() {
    constexpr std::size_t kMostBirths = 8;  // a call is about few people
    if (births_.size() > kMostBirths) births_.resize(kMostBirths);
    for (const Other& other : others_) {
      for (const SpokenDate& birth : births_) {
        if (birth.day == 0 || !birth.MayEqual(other.date)) continue;
        Add(other.begin, other.date.end,
            {Entity::kBirthDate, 0.8, "repeat",
             "the date of birth that was said elsewhere in this recording"});
        break;
      }
    }
  }

  struct Other {
    std::size_t begin = 0;
    SpokenDate date;
  };

  const Tokens& tokens_;
  TopicReader topics_;
  std::vector<Hit>* out_;
  std::vector<SpokenDate> births_;
  std::vector<Other> others_;  // full dates of something else
  std::size_t last_end_ = 0;
  std::size_t answered_cue_ = 0;
};

}  // namespace

void FindDates(const Tokens& tokens, const TopicCues& cues, Pulse* pulse, std::vector<Hit>* out) {
  DateFinder(tokens, cues, out).Run(pulse);
}

void FindBirthDates(const DigitRun& run, std::vector<Candidate>* out) {
  if (run.topic != Topic::kBirthDate || run.topic_distance > kReach || run.MayBeTimeOrYear())
    return;
  for (std::size_t last = run.items.size(); last > 0; --last) {
    const std::string_view digits = run.Window(0, last);
    if (!run.Boundary(last) || !AreDate(digits)) continue;
    // In one piece a date has leading zeros, or it is another number.
    const bool one_piece = last == 1 && run.items[0].written;
    if (one_piece && digits.size() != 6 && digits.size() != 8) continue;
    out->push_back({0,
                    static_cast<std::uint32_t>(last),
                    {Entity::kBirthDate, 0.8, "date-of-birth",
                     "digits that form a date, said where a date of birth is asked for"}});
    return;
  }
}

}  // namespace cxscribe::redaction
