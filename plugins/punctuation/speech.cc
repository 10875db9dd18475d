#include "plugins/punctuation/speech.h"

#include <algorithm>
#include <deque>
#include <unordered_set>
#include <utility>

#include "plugins/punctuation/words.h"
#include "plugins/punctuation/writer.h"

namespace cxscribe::punctuation {
namespace {

// By how much no mark must be likelier than a mark, in logarithms: the model is a little too
// reluctant on speech of kinds that it has not seen.
constexpr float kReluctance = 0.3F;

constexpr std::size_t kPiece = 512;   // words that the network is given at once
constexpr std::size_t kBatch = 2048;  // words after which lines are finished

// A speaker who was interrupted for longer than so many words begins anew.
constexpr std::size_t kLongInterruption = 5;

// A segment that was split, and its place among the words that the network sees.
struct ReadLine {
  std::vector<Word> words;
  std::size_t first = 0;  // token, counted from the start of the recording
  std::size_t count = 0;
};

bool IsToken(const Word& word) { return word.mask || !word.core.empty(); }

bool IsLetter(const Word& word) {
  return !word.mask && word.core.size() == 1 && word.core[0] >= 'a' && word.core[0] <= 'z';
}

bool IsI(std::string_view core) {
  return core == "i" || core == "i'm" || core == "i'll" || core == "i've" || core == "i'd" ||
         core == "i'd've";
}

// Part of a number or a date as it is spoken or written: "four", "oh", "double", "87", "third",
// "march".
bool IsNumber(const Word& word) {
  static const auto* const kNumbers = new std::unordered_set<std::string_view>{
      "zero",      "oh",        "nought",      "one",        "two",        "three",
      "four",      "five",      "six",         "seven",      "eight",      "nine",
      "ten",       "eleven",    "twelve",      "thirteen",   "fourteen",   "fifteen",
      "sixteen",   "seventeen", "eighteen",    "nineteen",   "twenty",     "thirty",
      "forty",     "fifty",     "sixty",       "seventy",    "eighty",     "ninety",
      "hundred",   "thousand",  "double",      "triple",     "first",      "second",
      "third",     "fourth",    "fifth",       "sixth",      "seventh",    "eighth",
      "ninth",     "tenth",     "eleventh",    "twelfth",    "thirteenth", "fourteenth",
      "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
      "thirtieth", "january",   "february",    "march",      "april",      "may",
      "june",      "july",      "august",      "september",  "october",    "november",
      "december"};
  if (word.mask || word.core.empty()) return false;
  return kNumbers->count(word.core) != 0 ||
         word.core.find_first_not_of("0123456789-") == std::string::npos;
}

// Part of an address or a date that is dictated.
bool IsDictated(const Word& word) {
  return word.core == "dot" || word.core == "underscore" || word.core == "slash" ||
         word.core == "hyphen" || word.core == "dash";
}

// Whether no mark stands after word i, whatever the model says: inside a number, a date or an address
// that is dictated, and a sound that recognisers write as two words. A number stays in one piece for
// whoever looks for card numbers after this stage, too.
bool GoesOn(const std::vector<Word>& words, std::size_t i) {
  if (i + 1 >= words.size()) return false;
  const Word& word = words[i];
  const Word& next = words[i + 1];
  if (IsNumber(word) && IsNumber(next)) return true;
  if (IsDictated(word) || IsDictated(next)) return true;
  const auto is_at = [&](std::size_t k) {  // "agarwal at yahoo dot com"
    return words[k].core == "at" && k + 2 < words.size() && words[k + 2].core == "dot";
  };
  if (is_at(i) || is_at(i + 1)) return true;
  return (word.core == "mm" && next.core == "hmm") || (word.core == "uh" && next.core == "huh");
}

// Whether word i is a letter of something that is spelt: "u s a", "b o o k s". "a" and "i" alone
// beside one letter are more likely words.
bool IsSpelt(const std::vector<Word>& words, std::size_t i) {
  if (!IsLetter(words[i])) return false;
  std::size_t begin = i;
  std::size_t end = i + 1;
  while (begin > 0 && IsLetter(words[begin - 1])) --begin;
  while (end < words.size() && IsLetter(words[end])) ++end;
  if (end - begin >= 3) return true;
  return end - begin == 2 && words[i].core != "a" && words[begin].core != "a" &&
         words[i].core != words[i == begin ? end - 1 : begin].core;
}

template <typename Class>
Class Best(const float* scores, int from, int count) {
  return static_cast<Class>(std::max_element(scores + from, scores + count) - scores);
}

Mark LikeliestMark(const float* scores) {
  float weighed[kMarks];
  std::copy(scores, scores + kMarks, weighed);
  weighed[0] -= kReluctance;
  return Best<Mark>(weighed, 0, kMarks);
}

// One recording under work.
class Run {
 public:
  Run(const Tagger& tagger, const Options& options, const MixedForms& forms,
      const std::vector<Line>& lines, const std::function<void()>& pulse,
      const std::function<void(std::size_t, Punctuated)>& take)
      : tagger_(tagger),
        options_(options),
        forms_(forms),
        lines_(lines),
        pulse_(pulse),
        take_(take),
        reach_(Reach(tagger.model().shape)) {}

  void Go() {
    std::size_t done = 0;
    while (done < lines_.size()) {
      // A batch of lines, and as many more as can have a say.
      std::size_t end = done;
      std::size_t tokens = 0;
      while (end < lines_.size() && tokens < kBatch) {
        while (end >= done + read_.size()) Read();
        tokens += read_[end - done].count;
        ++end;
      }
      const std::size_t last = read_[end - 1 - done].first + read_[end - 1 - done].count;
      while (next_line_ < lines_.size() && next_token_ < last + reach_ + 1) Read();
      Tag(read_[0].first, last);
      for (std::size_t line = done; line < end; ++line) {
        Finish(line, read_.front());
        read_.pop_front();
      }
      done = end;
      Forget(last);
    }
  }

 private:
  struct Speaker {
    bool open = false;      // in the middle of a sentence
    std::size_t spoke = 0;  // the token after the last one
  };

  void Pulse() const {
    if (pulse_) pulse_();
  }

  // Splits the next line and gives its words to the network's input.
  void Read() {
    Pulse();
    const Line& line = lines_[next_line_];
    ReadLine read;
    read.words = SplitWords(line.text);
    read.first = next_token_;
    for (const Word& word : read.words) {
      if (!IsToken(word)) continue;
      if ((read.count & (kPiece - 1)) == 0) Pulse();
      const std::string form = word.mask ? "[" : LookupForm(word.core);
      Append(form, word.mask, line.speaker, read.count == 0);
      ++read.count;
      ++next_token_;
    }
    read_.push_back(std::move(read));
    ++next_line_;
  }

  void Append(const std::string& form, bool mask, std::string_view speaker, bool line_start) {
    const Model& model = tagger_.model();
    const Buckets& buckets = model.shape.buckets;
    if (!features_.empty()) {
      Features& before = features_.back();
      if (line_start) before.ends = speaker == last_speaker_ ? Ends::kSegment : Ends::kSpeaker;
      // As in training: what stands beside a mask is nobody's pair.
      before.pair = mask || last_mask_ ? 0 : PairBucket(last_form_, form, buckets);
    }
    features_.push_back(mask ? FeaturesOfMask() : FeaturesOf(form, model.vocabulary, buckets));
    // Right for the last word of the recording; the next one overwrites it.
    features_.back().ends = Ends::kSpeaker;
    features_.back().pair = mask ? 0 : PairBucket(form, "", buckets);
    if (features_.size() > 1 && !line_start) features_[features_.size() - 2].ends = Ends::kNothing;
    last_form_ = form;
    last_mask_ = mask;
    last_speaker_ = speaker;
  }

  // Scores of the tokens [begin, end).
  void Tag(std::size_t begin, std::size_t end) {
    scores_first_ = begin;
    scores_.resize((end - begin) * kScores);
    for (std::size_t at = begin; at < end; at += kPiece) {
      Pulse();
      tagger_.Tag(features_.data(), features_.size(), at - features_first_,
                  std::min(end, at + kPiece) - features_first_, &workspace_,
                  &scores_[(at - begin) * kScores]);
    }
  }

  // Drops what no later word can see.
  void Forget(std::size_t done) {
    const std::size_t keep = std::min(done - features_first_, reach_);
    const std::size_t drop = done - features_first_ - keep;
    features_.erase(features_.begin(), features_.begin() + static_cast<std::ptrdiff_t>(drop));
    features_first_ += drop;
  }

  void Finish(std::size_t index, const ReadLine& read) {
    Pulse();
    const Line& line = lines_[index];
    std::vector<Decision> decisions(read.words.size());
    if (read.count > 0) Decide(index, line, read, &decisions);
    take_(index, Write(line.text, read.words, decisions));
  }

  void Decide(std::size_t index, const Line& line, const ReadLine& read,
              std::vector<Decision>* decisions) {
    const bool cased = WritesCapitals(line.text, read.words);
    const bool marked = std::any_of(read.words.begin(), read.words.end(),
                                    [](const Word& word) { return HasMark(word); });
    Speaker& speaker = speakers_[line.speaker];
    if (read.first > speaker.spoke + kLongInterruption) speaker.open = false;
    std::size_t token = read.first;
    for (std::size_t i = 0; i < read.words.size(); ++i) {
      const Word& word = read.words[i];
      if (!IsToken(word)) {
        if (EndsSentence(word.marks)) speaker.open = false;
        continue;
      }
      const float* scores = &scores_[(token - scores_first_) * kScores];
      ++token;
      const bool line_end = token == read.first + read.count;
      Decision& decision = (*decisions)[i];
      if (options_.capitals && !cased && IsProse(line.text, word)) {
        DecideCase(read.words, i, scores, !speaker.open, &decision);
      }
      const bool followed = i + 1 < read.words.size() && !IsToken(read.words[i + 1]);
      if (HasMark(word) || followed) {
        speaker.open = !EndsSentence(word.marks);
      } else if (!marked || line_end) {
        decision.mark = LikeliestMark(scores);
        if (IsLastLine(index) && line_end) decision.mark = Best<Mark>(scores, 2, kMarks);
        if (!line_end && GoesOn(read.words, i)) decision.mark = Mark::kNone;
        speaker.open = !EndsSentence(decision.mark);
      } else {
        speaker.open = true;
      }
    }
    speaker.spoke = token;
  }

  void DecideCase(const std::vector<Word>& words, std::size_t i, const float* scores, bool start,
                  Decision* decision) const {
    const std::string& core = words[i].core;
    decision->letters = Best<Case>(scores + kMarks, 0, kCases);
    if (decision->letters == Case::kMixed) decision->form = forms_.Find(core);
    if (IsSpelt(words, i)) decision->letters = Case::kUpper;
    if (decision->letters == Case::kLower && (start || IsI(core))) {
      decision->letters = Case::kFirst;
    }
  }

  // Whether nobody says a word after this line.
  bool IsLastLine(std::size_t index) const {
    return next_line_ == lines_.size() &&
           std::all_of(read_.begin() + 1, read_.end(),
                       [](const ReadLine& read) { return read.count == 0; }) &&
           index + read_.size() == lines_.size();
  }

  const Tagger& tagger_;
  const Options& options_;
  const MixedForms& forms_;
  const std::vector<Line>& lines_;
  const std::function<void()>& pulse_;
  const std::function<void(std::size_t, Punctuated)>& take_;
  const std::size_t reach_;
  Tagger::Workspace workspace_;

  std::deque<ReadLine> read_;  // read and not finished yet
  std::size_t next_line_ = 0;
  std::size_t next_token_ = 0;

  std::vector<Features> features_;  // of the tokens from features_first_ on
  std::size_t features_first_ = 0;
  std::string last_form_;
  bool last_mask_ = false;
  std::string_view last_speaker_;

  std::vector<float> scores_;  // of the tokens from scores_first_ on
  std::size_t scores_first_ = 0;
  std::unordered_map<std::string_view, Speaker> speakers_;
};

}  // namespace

MixedForms::MixedForms(const std::vector<std::string>& forms) {
  for (const std::string& form : forms) {
    std::string core = form;
    for (char& c : core) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    forms_.emplace(std::move(core), form);
  }
}

std::string_view MixedForms::Find(std::string_view core) const {
  auto found = forms_.find(std::string(core));
  if (found == forms_.end() && core.size() > 2 && core.substr(core.size() - 2) == "'s") {
    found = forms_.find(std::string(core.substr(0, core.size() - 2)));
  }
  return found == forms_.end() ? std::string_view() : found->second;
}

Speech::Speech(const Tagger& tagger, const Options& options)
    : tagger_(tagger), options_(options), forms_(tagger.model().mixed_forms) {}

void Speech::Punctuate(const std::vector<Line>& lines, const std::function<void()>& pulse,
                       const std::function<void(std::size_t, Punctuated)>& take) const {
  Run(tagger_, options_, forms_, lines, pulse, take).Go();
}

}  // namespace cxscribe::punctuation
