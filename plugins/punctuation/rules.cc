#include "plugins/punctuation/rules.h"

#include <algorithm>
#include <unordered_set>

#include "plugins/punctuation/capitals.h"
#include "plugins/punctuation/question.h"
#include "plugins/punctuation/words.h"
#include "plugins/punctuation/writer.h"

namespace cxscribe::punctuation {
namespace {

// After these a sentence cannot end, so where the same speaker goes on in the next segment, it goes
// on there.
bool AsksForMore(std::string_view word) {
  static const std::unordered_set<std::string_view>* const set =
      new std::unordered_set<std::string_view>{
          "and",      "or",     "because", "the",    "a",       "an",    "my",    "your",
          "our",      "their",  "his",     "of",     "with",    "from",  "if",    "than",
          "into",     "at",     "is",      "are",    "was",     "were",  "i'm",   "we're",
          "they're",  "i've",   "i'll",    "i",      "every",   "which", "until", "whether",
          "although", "unless", "while",   "during", "between", "but",   "to",    "for"};
  return set->count(word) != 0;
}

// A segment under work.
struct Draft {
  std::vector<Word> words;
  bool cased = false;       // the source already wrote capitals: leave them alone
  bool speech = false;      // has a word that is no mask
  bool open_end = false;    // its sentence goes on in the next segment
  bool open_begin = false;  // it goes on with the sentence of the one before
};

Draft MakeDraft(const Line& line) {
  Draft draft;
  draft.words = SplitWords(line.text);
  draft.cased = WritesCapitals(line.text, draft.words);
  draft.speech = std::any_of(draft.words.begin(), draft.words.end(),
                             [](const Word& word) { return !word.mask && !word.core.empty(); });
  return draft;
}

// Whether it ends in a letter of a script that has full stops: Latin, Greek, Cyrillic.
// U+00C0 to U+052F are the lead bytes C3 to D4.
bool EndsInLetter(const Word& word) {
  if (word.core.empty()) return false;
  std::size_t at = word.core.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(word.core[at]) & 0xC0U) == 0x80U) --at;
  const auto lead = static_cast<unsigned char>(word.core[at]);
  return lead < 0x80U || (lead >= 0xC3U && lead <= 0xD4U);
}

// The mark to put after the last word.
Mark EndMark(const Draft& draft, const Line& line, const Options& options) {
  const Word& last = draft.words.back();
  if (!draft.speech || draft.open_end) return Mark::kNone;
  if (!last.mask && HasMark(last)) return Mark::kNone;
  const char written = line.text[last.end - 1];
  if (last.mask && (written == '.' || written == '?' || written == '!' || written == ',')) {
    return Mark::kNone;
  }
  if (!options.english) return EndsInLetter(last) ? Mark::kPeriod : Mark::kNone;
  std::size_t begin = draft.words.size();
  while (begin > 0 && !EndsSentence(draft.words[begin - 1].marks)) --begin;
  return IsQuestion(draft.words, begin, draft.words.size()) ? Mark::kQuestion : Mark::kPeriod;
}

Case CaseFor(Capital capital, bool sentence_start) {
  if (capital == Capital::kAll) return Case::kUpper;
  return capital == Capital::kFirst || sentence_start ? Case::kFirst : Case::kLower;
}

Punctuated Finish(const Draft& draft, const Line& line, const Options& options) {
  std::vector<Decision> decisions(draft.words.size());
  bool sentence_start = !draft.open_begin;
  for (std::size_t i = 0; i < draft.words.size(); ++i) {
    const Word& word = draft.words[i];
    if (options.capitals && !draft.cased && IsProse(line.text, word)) {
      const Capital own = options.english ? CapitalOf(draft.words, i) : Capital::kNone;
      decisions[i].letters = CaseFor(own, sentence_start);
    }
    if (word.mask || !word.core.empty()) sentence_start = false;
    if (EndsSentence(word.marks)) sentence_start = true;
  }
  decisions.back().mark = EndMark(draft, line, options);
  return Write(line.text, draft.words, decisions);
}

}  // namespace

std::vector<Punctuated> Punctuate(const std::vector<Line>& lines, const Options& options,
                                  const std::function<void()>& pulse) {
  std::vector<Draft> drafts;
  drafts.reserve(lines.size());
  for (const Line& line : lines) {
    if (pulse) pulse();
    drafts.push_back(MakeDraft(line));
  }
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!options.english) break;
    const bool same_speaker = !lines[i].speaker.empty() && lines[i].speaker == lines[i + 1].speaker;
    if (!same_speaker || !drafts[i].speech || !drafts[i + 1].speech) continue;
    const Word& last = drafts[i].words.back();
    if (!last.mask && last.marks.empty() && AsksForMore(last.core)) {
      drafts[i].open_end = drafts[i + 1].open_begin = true;
    }
  }
  std::vector<Punctuated> results;
  results.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (pulse) pulse();
    if (drafts[i].words.empty()) {
      results.push_back({std::string(lines[i].text), {}});
    } else {
      results.push_back(Finish(drafts[i], lines[i], options));
    }
  }
  return results;
}

}  // namespace cxscribe::punctuation
