#include "plugins/diarization/cuts.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace cxscribe::diarization {
namespace {

constexpr std::size_t kLeastWords = 4;
constexpr std::int32_t kPauseMs = 400;
constexpr std::int32_t kLongPauseMs = 700;
constexpr std::size_t kLongestToken = 64;  // bytes; what is longer is no word

// How near cues must be to a border, in words.
constexpr std::size_t kAskedWithin = 8;
constexpr std::size_t kQuietBefore = 14;
constexpr std::size_t kAnsweredWithin = 5;
constexpr int kAsks = 3;
constexpr int kTells = 2;

// By these it is not cut alone: sequence.h weighs them against the label.
constexpr MilliOdds kByText = 4000;
constexpr MilliOdds kByLongPause = 1000;
constexpr MilliOdds kPauseToo = 2000;
constexpr MilliOdds kListed = 3000;

bool IsAny(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool OpensAnAnswer(std::string_view word) {
  return IsAny(word, {"yes", "yeah", "yep", "yup", "no", "nope", "sure", "hi", "hello", "hey", "oh",
                      "um", "uh", "okay", "ok", "well"});
}

bool OpensAService(std::string_view word) {
  return IsAny(word, {"sure", "okay", "ok", "certainly", "absolutely", "alright", "right", "yes",
                      "yeah", "of", "no", "oh", "hi", "hello"});
}

bool IsAskedFor(std::string_view word) {
  return IsAny(word, {"name", "surname", "number", "address", "postcode", "code", "birth", "email",
                      "mail", "please", "id"});
}

// The strongest cues of each side around the place before a word.
struct Around {
  int asked = 0;         // an agent's that has just ended
  int agent_before = 0;  // one that has ended
  int customer_before = 0;
  int agent_after = 0;  // one that is about to begin
  int customer_after = 0;
  int agent_at = 0;  // one that begins
  int customer_at = 0;
  bool inside = false;         // the place is in the middle of a phrase
  std::size_t last_agent = 0;  // where the last of those that have ended does
  std::size_t last_customer = 0;
};

void Raise(int& value, int weight) { value = std::max(value, weight); }

std::vector<Around> LookAround(const Speech& speech) {
  const std::size_t count = speech.words.size();
  std::vector<Around> around(count);
  for (const Cue& cue : speech.cues) {
    for (std::size_t k = cue.end; k < std::min(cue.end + kQuietBefore, count); ++k) {
      if (k < cue.end + kAskedWithin) Raise(around[k].asked, cue.agent);
      Raise(around[k].agent_before, cue.agent);
      Raise(around[k].customer_before, cue.customer);
      std::size_t& last = cue.agent > 0 ? around[k].last_agent : around[k].last_customer;
      last = std::max(last, cue.end);
    }
    for (std::size_t k = cue.begin - std::min(cue.begin, kAnsweredWithin); k <= cue.begin; ++k) {
      Raise(around[k].agent_after, cue.agent);
      Raise(around[k].customer_after, cue.customer);
    }
    Raise(around[cue.begin].agent_at, cue.agent);
    Raise(around[cue.begin].customer_at, cue.customer);
    for (std::size_t k = cue.begin + 1; k < cue.end; ++k) around[k].inside = true;
  }
  return around;
}

// "Can i have your name | yeah it's john", "how can i help | hi i'm calling about my bill".
bool IsAnswered(const std::vector<std::string>& words, std::size_t k, std::size_t from,
                const Around& around) {
  if (around.asked < kAsks || around.last_agent <= from ||
      (around.customer_before > 0 && around.last_customer > from) || around.agent_after > 0)
    return false;
  if (around.customer_after >= kTells && (around.customer_at > 0 || OpensAnAnswer(words[k]))) {
    return true;
  }
  return IsAskedFor(words[k - 1]) && k + 1 < words.size() &&
         IsAny(words[k], {"yes", "yeah", "yep", "yup", "sure"}) &&
         IsAny(words[k + 1], {"it's", "its", "my", "i'm", "i"});
}

// "I'd like to pay my bill | sure can i have your account number".
bool IsServed(const std::vector<std::string>& words, std::size_t k, std::size_t from,
              const Around& around) {
  if (around.customer_before < kTells || around.last_customer <= from ||
      (around.agent_before > 0 && around.last_agent > from) || around.customer_after > 0) {
    return false;
  }
  return around.agent_after >= kAsks && (around.agent_at > kAsks || OpensAService(words[k]));
}

// The pause before each word, in milliseconds; empty where no times are known.
std::vector<std::int64_t> Pauses(const Line& line, const Speech& speech) {
  if (line.words.empty()) return {};
  std::vector<std::int64_t> pauses(speech.words.size());
  std::size_t word = 0;
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    while (word < speech.begins.size() && speech.begins[word] < line.words[i].begin) ++word;
    if (word == speech.begins.size()) break;
    pauses[word] = std::int64_t{line.words[i].start_ms} - line.words[i - 1].end_ms;
  }
  return pauses;
}

// "[card | number]": a mask is in one piece, for whoever looks for masks.
bool InsideAMask(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongestMask = 128;  // bytes
  const std::string_view before = text.substr(at - std::min(at, kLongestMask));
  const std::size_t bracket = before.substr(0, std::min(at, kLongestMask)).find_last_of("[]<>{}");
  return bracket != before.npos &&
         std::string_view("[<{").find(before[bracket]) != std::string_view::npos;
}

// The byte at which the token of a word begins, where no other word stands in it before.
std::optional<std::size_t> BorderBefore(const Line& line, const Speech& speech, std::size_t k) {
  std::size_t at = speech.begins[k];
  const std::size_t least = at - std::min(at, kLongestToken);
  while (at > least &&
         std::string_view(" \t\r\n").find(line.text[at - 1]) == std::string_view::npos) {
    --at;
  }
  if (at == least || at <= speech.begins[k - 1] || InsideAMask(line.text, at)) return std::nullopt;
  return at;
}

void SetTimes(const Line& line, Cut& cut) {
  const auto next =
      std::lower_bound(line.words.begin(), line.words.end(), cut.at,
                       [](const TimedWord& word, std::size_t at) { return word.begin < at; });
  if (next != line.words.end() && next != line.words.begin()) {
    cut.measured = true;
    cut.end_ms = std::prev(next)->end_ms;
    cut.start_ms = next->start_ms;
  } else {
    const std::int64_t length = std::int64_t{line.end_ms} - line.start_ms;
    cut.start_ms =
        static_cast<std::int32_t>(line.start_ms + length * static_cast<std::int64_t>(cut.at) /
                                                      static_cast<std::int64_t>(line.text.size()));
    cut.end_ms = cut.start_ms;
  }
}

}  // namespace

std::vector<Cut> ProposeCuts(const Line& line, const Speech& speech, bool listed,
                             std::int32_t latest_ms) {
  std::vector<Cut> cuts;
  const std::vector<std::string>& words = speech.words;
  if (!line.may_be_cut || words.size() < kLeastWords || line.end_ms < line.start_ms) return cuts;
  const bool asks = std::any_of(speech.cues.begin(), speech.cues.end(),
                                [](const Cue& cue) { return cue.agent >= kAsks; });
  if (!asks && line.words.empty() && !listed) return cuts;
  const std::vector<Around> around = LookAround(speech);
  const std::vector<std::int64_t> pauses = Pauses(line, speech);
  std::int32_t earliest = line.start_ms;
  std::size_t from = 0;  // where the speaker last changed by what is said
  for (std::size_t k = 1; k < words.size(); ++k) {
    const std::int64_t pause = pauses.empty() ? 0 : pauses[k];
    Cut cut;
    if (!around[k].inside && !IsOpen(words[k - 1]) &&
        (IsAnswered(words, k, from, around[k]) || IsServed(words, k, from, around[k]))) {
      cut.odds = kByText + (pause >= kPauseMs ? kPauseToo : 0) + (listed ? kListed : 0);
    } else if (pause >= kLongPauseMs) {
      cut.odds = kByLongPause + (listed ? kListed : 0);
    } else if (pause >= kPauseMs && listed) {
      cut.odds = kListed;
    } else {
      continue;
    }
    const std::optional<std::size_t> at = BorderBefore(line, speech, k);
    if (!at) continue;
    cut.at = *at;
    cut.word = k;
    SetTimes(line, cut);
    if (cut.start_ms < earliest || cut.start_ms > std::min(line.end_ms, latest_ms)) continue;
    cut.end_ms = std::clamp(cut.end_ms, earliest, cut.start_ms);
    earliest = cut.start_ms;
    if (cut.odds >= kByText) from = k;
    cuts.push_back(cut);
  }
  return cuts;
}

}  // namespace cxscribe::diarization
