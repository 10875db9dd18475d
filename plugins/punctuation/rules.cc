#include "plugins/punctuation/rules.h"

#include <algorithm>
#include <unordered_set>

#include "plugins/punctuation/capitals.h"
#include "plugins/punctuation/question.h"

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

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

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
  for (const Word& word : draft.words) {
    if (word.mask) continue;
    if (!word.core.empty()) draft.speech = true;
    const std::string_view written = line.text.substr(word.begin, word.end - word.begin);
    const bool i_form = word.core == "i" || word.core.substr(0, 2) == "i'";
    if (!i_form && std::any_of(written.begin(), written.end(), IsUpper)) draft.cased = true;
  }
  return draft;
}

// The mark to put after the last word, or 0 where it has one or needs none.
char EndMark(const Draft& draft, const Line& line) {
  const Word& last = draft.words.back();
  if (!draft.speech || draft.open_end) return 0;
  if (!last.mask && !last.marks.empty() && last.marks.find_first_of(".?!,;:-") != last.marks.npos) {
    return 0;
  }
  const char written = line.text[last.end - 1];
  if (last.mask && (written == '.' || written == '?' || written == '!' || written == ',')) return 0;
  std::size_t begin = draft.words.size();
  while (begin > 0 && !EndsSentence(draft.words[begin - 1].marks)) --begin;
  return IsQuestion(draft.words, begin, draft.words.size()) ? '?' : '.';
}

// An address or a path is not prose: "jane.doe@example.com", "www.example.com".
bool IsAddress(std::string_view written) {
  return written.find_first_of("@/\\_") != written.npos ||
         (written.find('.') != written.npos && written.find('.') + 1 < written.size() &&
          IsLower(written[written.find('.') + 1]));
}

void Capitalise(Capital capital, std::string* word) {
  for (char& c : *word) {
    if (IsLower(c)) c = static_cast<char>(c - 'a' + 'A');
    if (capital == Capital::kFirst &&
        (IsUpper(c) || static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9'))) {
      return;
    }
  }
}

Punctuated Finish(const Draft& draft, const Line& line, const Options& options) {
  Punctuated result;
  result.words.reserve(draft.words.size());
  bool sentence_start = !draft.open_begin;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < draft.words.size(); ++i) {
    const Word& word = draft.words[i];
    std::string written(line.text.substr(word.begin, word.end - word.begin));
    const bool prose = !word.mask && !word.core.empty() && !IsAddress(written);
    if (options.capitals && !draft.cased && prose) {
      Capital capital = CapitalOf(draft.words, i);
      if (capital == Capital::kNone && sentence_start) capital = Capital::kFirst;
      if (capital != Capital::kNone) Capitalise(capital, &written);
    }
    if (word.mask || !word.core.empty()) sentence_start = false;
    if (EndsSentence(word.marks)) sentence_start = true;
    if (i + 1 == draft.words.size()) {
      if (const char mark = EndMark(draft, line); mark != 0) written += mark;
    }
    result.text.append(line.text, copied, word.begin - copied);
    result.text += written;
    copied = word.end;
    result.words.push_back(std::move(written));
  }
  result.text.append(line.text, copied);
  return result;
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

std::vector<std::string> FollowText(const std::vector<Word>& text_words, const Punctuated& result,
                                    const std::vector<std::string_view>& source) {
  // Sources cut words differently now and then ("t mobile"); look a little ahead, then give the
  // word up.
  constexpr std::size_t kLookAhead = 4;
  std::vector<std::string> followed;
  followed.reserve(source.size());
  std::size_t next = 0;
  for (const std::string_view word : source) {
    std::string text(word);
    const std::vector<Word> parts = SplitWords(word);
    if (parts.size() == 1 && parts[0].begin == 0 && parts[0].end == word.size()) {
      const std::size_t limit = std::min(text_words.size(), next + kLookAhead);
      for (std::size_t k = next; k < limit; ++k) {
        if (text_words[k].core == parts[0].core && text_words[k].mask == parts[0].mask &&
            !(parts[0].core.empty() && text_words[k].marks != parts[0].marks)) {
          text = result.words[k];
          next = k + 1;
          break;
        }
      }
    }
    followed.push_back(std::move(text));
  }
  return followed;
}

}  // namespace cxscribe::punctuation
