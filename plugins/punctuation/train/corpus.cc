#include "plugins/punctuation/train/corpus.h"

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>

#include <re2/re2.h>

#include "plugins/punctuation/words.h"
#include "plugins/training/dialogues.h"

namespace cxscribe::punctuation {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsCore(char c) {
  return IsUpper(c) || IsLower(c) || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Notes of transcribers, and what is glued or taken apart in writing but not in speech.
std::string Clean(std::string_view text, const CorpusStyle& style) {
  static const RE2 kNote(R"(\{[^}]*\}|<[^>]*>|\[[^\]]*\])");
  static const RE2 kGlued(R"(([a-z][.?!]|Mr\.)([A-Z]))");  // "much.We"
  static const RE2 kSpelt(R"(([A-Z])_)");                  // "T_V_s"
  static const RE2 kHyphen(" - ");
  std::string clean(text);
  RE2::GlobalReplace(&clean, kNote, " ");
  if (style.spaced) {
    RE2::GlobalReplace(&clean, kHyphen, "-");
    RE2::GlobalReplace(&clean, kSpelt, R"(\1)");
  }
  RE2::GlobalReplace(&clean, kGlued, R"(\1 \2)");
  return clean;
}

// The strongest mark wins.
Mark MarkOf(std::string_view marks) {
  if (marks.find('?') != marks.npos) return Mark::kQuestion;
  if (marks.find_first_of(".!;") != marks.npos) return Mark::kPeriod;
  if (marks.find_first_of(",:-") != marks.npos) return Mark::kComma;
  return Mark::kNone;
}

ClassSet Only(std::uint8_t index) { return static_cast<ClassSet>(1U << index); }
template <typename Class>
ClassSet Only(Class value) {
  return Only(static_cast<std::uint8_t>(value));
}

}  // namespace

const std::vector<CorpusStyle>& TrainingCorpora() {
  static const auto* const corpora = [] {
    const auto corpus = [](const char* name) {
      CorpusStyle style;
      style.name = name;
      return style;
    };
    auto* all = new std::vector<CorpusStyle>;
    for (const char* name : {"earnings22", "rev16_verbatim", "qmsum_committee"}) {
      all->push_back(corpus(name));
    }
    all->back().formal = true;
    all->push_back(corpus("sgd.train"));
    all->back().weight = 0.5;  // it repeats itself
    for (const char* name : {"tm3_bc", "tm4", "star"}) {
      all->push_back(corpus(name));
      all->back().typed = true;
    }
    all->back().weight = 0.5;
    for (const char* name : {"qmsum_academic", "qmsum_product"}) {
      all->push_back(corpus(name));
      all->back().spaced = true;
      all->back().smooth = true;
    }
    return all;
  }();
  return *corpora;
}

Case CaseOf(std::string_view written) {
  while (!written.empty() && !IsCore(written.front())) written.remove_prefix(1);
  while (!written.empty() && !IsCore(written.back())) written.remove_suffix(1);
  if (written.size() > 2 && written.substr(written.size() - 2) == "'s") written.remove_suffix(2);
  const auto upper = std::count_if(written.begin(), written.end(), IsUpper);
  if (upper == 0) return Case::kLower;
  const auto lower = std::count_if(written.begin(), written.end(), IsLower);
  if (lower == 0 && (upper > 1 || !IsUpper(written[0]))) return Case::kUpper;
  return upper == 1 && IsUpper(written[0]) ? Case::kFirst : Case::kMixed;
}

std::vector<TrainingWord> ReadLine(std::string_view text, const CorpusStyle& style) {
  const std::string clean = Clean(text, style);
  std::vector<TrainingWord> words;
  std::vector<Mark> marks;
  for (const Word& word : SplitWords(clean)) {
    if (word.core.empty()) {
      if (!marks.empty() && marks.back() == Mark::kNone) marks.back() = MarkOf(word.marks);
      continue;
    }
    TrainingWord out;
    out.form = LookupForm(word.core);
    std::string_view written = std::string_view(clean).substr(word.begin, word.end - word.begin);
    while (!written.empty() && !IsCore(written.front())) written.remove_prefix(1);
    while (!written.empty() && !IsCore(written.back())) written.remove_suffix(1);
    out.written = written;
    words.push_back(std::move(out));
    marks.push_back(MarkOf(word.marks));
  }
  if (words.empty()) return words;
  const auto hesitates = [&](std::size_t i) {
    static const std::set<std::string, std::less<>> kSounds = {"uh", "um", "er",  "ah",
                                                               "eh", "mm", "hmm", "mm-hmm"};
    if (kSounds.count(words[i].form) != 0) return true;
    if (i + 1 == words.size()) return false;
    if (kSounds.count(words[i + 1].form) != 0 || words[i].form == words[i + 1].form) return true;
    return i > 0 && i + 2 < words.size() && words[i - 1].form == words[i + 1].form &&
           words[i].form == words[i + 2].form;
  };
  const bool sloppy = style.typed && IsLower(words[0].written[0]);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool last = i + 1 == words.size();
    words[i].marks = Only(marks[i]);
    if (sloppy || (style.typed && last && marks[i] == Mark::kNone)) {
      words[i].marks = kAnyClass;
    } else if (marks[i] == Mark::kNone && style.smooth && hesitates(i)) {
      words[i].marks = static_cast<ClassSet>(Only(Mark::kNone) | Only(Mark::kComma));
    }
    const bool starts = i == 0 || marks[i - 1] == Mark::kPeriod || marks[i - 1] == Mark::kQuestion;
    if (!sloppy && !starts) words[i].cases = Only(CaseOf(words[i].written));
    if (style.formal && words[i].cases == Only(Case::kFirst)) words[i].cases |= Only(Case::kLower);
  }
  words.back().line_end = true;
  return words;
}

Dialog ReadLabelledWords(const std::string& path) {
  Dialog dialog;
  training::ReadLines(path, [&](std::string_view line) {
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) throw std::runtime_error(path + " is not word<TAB>label");
    const std::string_view label = line.substr(tab + 1);
    Mark mark = Mark::kNone;
    if (label == "COMMA") mark = Mark::kComma;
    if (label == "PERIOD") mark = Mark::kPeriod;
    if (label == "QUESTION") mark = Mark::kQuestion;
    std::vector<TrainingWord> words = ReadLine(line.substr(0, tab), {});
    if (words.empty()) return;
    words[0].marks = Only(mark);
    words[0].cases = kAnyClass;
    words[0].line_end = false;
    dialog.words.push_back(std::move(words[0]));
  });
  if (!dialog.words.empty()) dialog.words.back().speaker_end = true;
  return dialog;
}

void ReadCorpus(const std::string& path, const CorpusStyle& style,
                const std::function<void(Dialog)>& take) {
  Dialog dialog;
  std::string speaker;
  const auto finish = [&] {
    if (dialog.words.empty()) return;
    dialog.words.back().speaker_end = true;
    take(std::move(dialog));
    dialog = Dialog();
  };
  training::ReadDialogues(path, [&](const training::DialogueTurn& turn) {
    std::vector<TrainingWord> words = ReadLine(turn.text, style);
    if (words.empty()) return;
    if (dialog.name != turn.dialogue) {
      finish();
      dialog.name = turn.dialogue;
    } else if (speaker != turn.speaker && !dialog.words.empty()) {
      dialog.words.back().speaker_end = true;
    }
    speaker = turn.speaker;
    dialog.words.insert(dialog.words.end(), std::make_move_iterator(words.begin()),
                        std::make_move_iterator(words.end()));
  });
  finish();
}

}  // namespace cxscribe::punctuation
