#include "plugins/punctuation/speech.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "plugins/punctuation/balance.h"
#include "plugins/punctuation/capitals.h"
#include "plugins/punctuation/cohesion.h"
#include "plugins/punctuation/words.h"
#include "plugins/punctuation/writer.h"

namespace cxscribe::punctuation {
namespace {

constexpr std::size_t kPiece = 512;   // words that the network is given at once
constexpr std::size_t kBatch = 2048;  // words after which lines are finished

// How likely a capital must be for an unknown word to be a name, in logarithms: less than even, as
// calls are about people whom no corpus names. And how many such words are remembered.
constexpr float kMinName = -0.5F;
constexpr std::size_t kMostNames = 1 << 16;
constexpr std::size_t kLongestAcronym = 4;  // letters; longer ones are words that nobody knows

// A speaker who was interrupted for longer than so many words begins anew.
constexpr std::size_t kLongInterruption = 5;

// A segment that was split, and its place among the words that the network sees.
struct ReadLine {
  std::vector<Word> words;
  std::size_t first = 0;  // token, counted from the start of the recording
  std::size_t count = 0;
};

bool IsToken(const Word& word) { return word.mask || !word.core.empty(); }

// Without its possessive.
std::string NameOf(std::string_view core) {
  if (core.size() > 2 && core.substr(core.size() - 2) == "'s") core.remove_suffix(2);
  return std::string(core);
}

template <typename Class>
Class Best(const float* scores, int from, int count) {
  return static_cast<Class>(std::max_element(scores + from, scores + count) - scores);
}

Mark MarkAbove(float limit, const MarkChances& chances) {
  const auto mark = Best<Mark>(chances.data(), 1, kMarks);
  return chances[static_cast<std::size_t>(mark)] > limit ? mark : Mark::kNone;
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
        tokens += read_[end - done].count + 1;  // lines without words end, too
        ++end;
      }
      const std::size_t last = read_[end - 1 - done].first + read_[end - 1 - done].count;
      while (next_line_ < lines_.size() && next_token_ < last + reach_ + 1) Read();
      Tag(read_[0].first, last);
      for (std::size_t line = done; line < end; ++line) NoteNames(read_[line - done]);
      for (std::size_t line = done; line < end; ++line) {
        Finish(line, read_.front());
        read_.pop_front();
      }
      done = end;
      Forget(last);
    }
  }

 private:
  // How an unknown word is written where it looked most like a name.
  struct Name {
    Case letters = Case::kLower;
    float capital = 0;  // by how much that is likelier than small letters, in logarithms
  };
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
    paused_ = paused_ || line.pause;
    read_.push_back(std::move(read));
    ++next_line_;
  }

  void Append(const std::string& form, bool mask, std::string_view speaker, bool line_start) {
    const Model& model = tagger_.model();
    const Buckets& buckets = model.shape.buckets;
    if (!features_.empty()) {
      Features& before = features_.back();
      // After a long pause, whoever speaks begins anew.
      if (line_start) {
        before.ends = speaker == last_speaker_ && !paused_ ? Ends::kSegment : Ends::kSpeaker;
        paused_ = false;
      }
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
    chances_.resize(end - begin);
    for (std::size_t i = 0; i < end - begin; ++i) {
      chances_[i] = ChancesOf(&scores_[i * kScores]);
      balance_.Add(chances_[i]);
    }
    limit_ = balance_.Limit();
  }

  // Which of the unknown words of a tagged line look like names.
  void NoteNames(const ReadLine& read) {
    std::size_t token = read.first;
    bool address = false;  // "priya dot r" says nothing of how one writes "Priya"
    for (const Word& word : read.words) {
      if (!IsToken(word)) continue;
      const float* scores = &scores_[(token - scores_first_) * kScores + kMarks];
      const bool unknown = features_[token - features_first_].word == kUnknownWord;
      ++token;
      if (unknown && !address && !IsNumber(word) && names_.size() < kMostNames) {
        Name name;
        name.letters = Best<Case>(scores, 1, kCases);
        if (word.core.size() > kLongestAcronym) name.letters = Case::kFirst;
        name.capital = *std::max_element(scores + 1, scores + kCases) - scores[0];
        Name& most = names_.try_emplace(NameOf(word.core), name).first->second;
        if (name.capital > most.capital) most = name;
      }
      address = word.core == "dot" || word.core == "at";
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
    if (read.count > 0) Decide(line, read, &decisions);
    take_(index, Write(line.text, read.words, decisions));
  }

  void Decide(const Line& line, const ReadLine& read, std::vector<Decision>* decisions) {
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
      const bool known = features_[token - features_first_].word != kUnknownWord;
      ++token;
      const bool line_end = token == read.first + read.count;
      Decision& decision = (*decisions)[i];
      if (options_.capitals && !cased && IsProse(line.text, word)) {
        DecideCase(read.words, i, scores, known, !speaker.open, &decision);
      }
      const bool followed = i + 1 < read.words.size() && !IsToken(read.words[i + 1]) &&
                            !read.words[i + 1].marks.empty();
      if (HasMark(word) || followed) {
        // "a.m." may end one, but mostly does not.
        const bool abbreviation = word.core.find('.') != std::string::npos && !line_end;
        speaker.open = abbreviation || !EndsSentence(word.marks);
      } else if (!marked || line_end) {
        decision.mark = MarkAbove(limit_, chances_[token - 1 - scores_first_]);
        if (IsLastToken(token - 1)) decision.mark = Best<Mark>(scores, 2, kMarks);
        if (!line_end && GoesOn(read.words, i)) decision.mark = Mark::kNone;
        speaker.open = !EndsSentence(decision.mark);
      } else {
        speaker.open = true;
      }
    }
    speaker.spoke = token;
  }

  void DecideCase(const std::vector<Word>& words, std::size_t i, const float* scores, bool known,
                  bool start, Decision* decision) const {
    const std::string& core = words[i].core;
    decision->letters = known ? Best<Case>(scores + kMarks, 0, kCases) : CaseOfUnknown(core);
    if (decision->letters == Case::kMixed) decision->form = forms_.Find(core);
    if (IsSpelt(words, i) || IsInitials(words[i])) decision->letters = Case::kUpper;
    if (IsCardinal(words[i]) || IsSound(words[i]) || FollowsDot(words, i)) {
      decision->letters = Case::kLower;
    }
    if (decision->letters == Case::kLower) decision->letters = CaseOfName(words, i);
    if (decision->letters == Case::kLower && (start || IsI(core))) {
      decision->letters = Case::kFirst;
    }
  }

  // Of what is a name wherever it stands, where the model has not seen it beside such words. "The
  // system may first", "plan three may cost": no dates, so beside such words the model has the last
  // word.
  static Case CaseOfName(const std::vector<Word>& words, std::size_t i) {
    const std::string& core = words[i].core;
    if (core == "may" || core == "march") {
      const std::string_view next = i + 1 < words.size() ? words[i + 1].core : std::string_view();
      if (next == "first" || next == "one" || (i > 0 && IsNumber(words[i - 1]))) {
        return Case::kLower;
      }
    }
    switch (CapitalOf(words, i)) {
      case Capital::kFirst:
        return Case::kFirst;
      case Capital::kAll:
        return Case::kUpper;
      default:
        return Case::kLower;
    }
  }

  // The case of a word that the model has never seen: where it stands says little, so the place
  // where it looked most like a name decides for all of them.
  Case CaseOfUnknown(std::string_view core) const {
    const auto found = names_.find(NameOf(core));
    const bool name = found != names_.end() && found->second.capital > kMinName;
    return name ? found->second.letters : Case::kLower;
  }

  // Whether nobody says a word after this one. While it is decided, all that can follow has been
  // read, or more words than reach back to it.
  bool IsLastToken(std::size_t token) const {
    return next_line_ == lines_.size() && token + 1 == next_token_;
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
  bool paused_ = false;  // since the last token
  std::string_view last_speaker_;

  std::vector<float> scores_;  // of the tokens from scores_first_ on
  std::size_t scores_first_ = 0;
  std::vector<MarkChances> chances_;  // beside scores_
  Balance balance_;
  float limit_ = 0;  // that a mark's probability must exceed
  std::unordered_map<std::string_view, Speaker> speakers_;
  std::unordered_map<std::string, Name> names_;  // the unknown words
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
