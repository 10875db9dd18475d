// See utterances.h.
#include "server/pipeline/utterances.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "server/pipeline/back_channel.h"

namespace cxscribe {
namespace {

struct TimedWord {
  int32_t begin = 0;
  int32_t end = 0;
  std::string_view text;
};

// In order of time; empty when a word has no times that could be true. `begin` and `end` are the
// segment's, equal when it has none.
std::vector<TimedWord> TimedWords(const v1::Segment& segment, int32_t begin, int32_t end) {
  std::vector<TimedWord> words;
  words.reserve(static_cast<size_t>(segment.words_size()));
  for (const v1::Word& word : segment.words()) {
    TimedWord timed{word.start_ms(), word.end_ms(), word.text()};
    if (timed.begin < 0 || timed.end < timed.begin) return {};
    if (begin < end) {
      if (timed.end < begin || timed.begin > end) return {};
      timed.begin = std::max(timed.begin, begin);
      timed.end = std::min(timed.end, end);
    }
    words.push_back(timed);
  }
  std::stable_sort(words.begin(), words.end(),
                   [](const TimedWord& a, const TimedWord& b) { return a.begin < b.begin; });
  return words;
}

}  // namespace

std::vector<Utterance> UtterancesOf(const v1::Segment& segment, bool english) {
  const int32_t begin = std::max(segment.start_ms(), 0);
  const int32_t end = std::max(segment.end_ms(), begin);
  std::vector<Utterance> utterances;
  const auto add = [&](int32_t from, int32_t to, std::string_view text) {
    if (from < to) utterances.push_back({from, to, english && IsBackChannel(text)});
  };
  Utterance run;
  std::string text;
  for (const TimedWord& word : TimedWords(segment, begin, end)) {
    if (!text.empty() && word.begin - run.end >= kSpurtPauseMs) {
      add(run.begin, run.end, text);
      text.clear();
    }
    if (text.empty()) run = {word.begin, word.end};
    run.end = std::max(run.end, word.end);
    text.append(word.text).append(" ");
  }
  add(run.begin, run.end, text);
  if (utterances.empty()) add(begin, end, segment.text());
  return utterances;
}

}  // namespace cxscribe
