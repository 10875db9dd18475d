#include "plugins/redaction/readings.h"

#include <algorithm>
#include <utility>

namespace cxscribe::redaction {
namespace {

DigitRun Like(const DigitRun& run) {
  DigitRun kept;
  kept.plus = run.plus;
  kept.topic = run.topic;
  kept.topic_distance = run.topic_distance;
  kept.lead = run.lead;
  kept.after_word = run.after_word;
  kept.left_out = run.left_out;
  return kept;
}

// One past the last item of the chunk that begins at `first`.
std::size_t ChunkEnd(const DigitRun& run, std::size_t first) {
  std::size_t last = first + 1;
  while (last < run.items.size() && !run.items[last].chunk_start) ++last;
  return last;
}

// Adds the items [first, last) of `run`, a chunk or a part of one, to what is kept.
void Keep(const DigitRun& run, std::size_t first, std::size_t last, DigitRun* kept) {
  for (std::size_t i = first; i < last; ++i) {
    DigitItem item = run.items[i];
    item.digit_begin = static_cast<std::uint32_t>(kept->digits.size());
    if (!kept->items.empty()) item.chunk = kept->items.back().chunk + (item.chunk_start ? 1 : 0);
    if (kept->items.empty()) item.chunk = 0;
    kept->digits += run.Window(i, i + 1);
    kept->items.push_back(item);
  }
}

// The digits that were said last in one breath.
std::size_t LastChunkDigits(const DigitRun& kept) {
  std::size_t first = kept.items.size() - 1;
  while (first > 0 && !kept.items[first].chunk_start) --first;
  return kept.DigitsIn(first, kept.items.size());
}

enum class TakenBack {
  kAsMuch,     // as many digits as are said instead: "four five no wait five six"
  kChunk,      // the whole of what was said in one breath
  kItem,       // the last number alone
  kEverything  // a new start
};

// How many items at the end of `kept` are taken back by the chunk `next`; 0: the reading does not
// fit.
std::size_t CountTakenBack(const DigitRun& kept, std::size_t next_digits, TakenBack how) {
  const std::size_t size = kept.items.size();
  switch (how) {
    case TakenBack::kAsMuch: {
      std::size_t items = 0;
      std::size_t digits = 0;
      while (items < size && digits < next_digits) digits += kept.items[size - ++items].digit_count;
      return digits == next_digits ? items : 0;
    }
    case TakenBack::kChunk: {
      std::size_t items = 1;
      while (items < size && !kept.items[size - items].chunk_start) ++items;
      return items;
    }
    case TakenBack::kItem:
      return 1;
    case TakenBack::kEverything:
      return size;
  }
  return 0;
}

DigitRun Corrected(const DigitRun& run, TakenBack how) {
  DigitRun kept = Like(run);
  for (std::size_t first = 0; first < run.items.size();) {
    const std::size_t last = ChunkEnd(run, first);
    if (run.items[first].corrects && !kept.items.empty()) {
      const std::size_t back = CountTakenBack(kept, run.DigitsIn(first, last), how);
      for (std::size_t i = 0; i < back; ++i) {
        kept.left_out.push_back(kept.items.back());
        kept.digits.resize(kept.items.back().digit_begin);
        kept.items.pop_back();
      }
      // What replaces goes on where the wrong part stood.
      const std::uint32_t chunk = kept.items.empty() ? 0 : kept.items.back().chunk;
      for (std::size_t i = kept.left_out.size() - back; i < kept.left_out.size(); ++i) {
        kept.left_out[i].chunk = chunk;
      }
    }
    Keep(run, first, last, &kept);
    first = last;
  }
  std::stable_sort(kept.left_out.begin(), kept.left_out.end(),
                   [](const DigitItem& a, const DigitItem& b) { return a.chunk < b.chunk; });
  return kept;
}

}  // namespace

RunReader::RunReader(const std::vector<Utterance>& utterances, const Tokens& tokens)
    : utterances_(utterances), tokens_(tokens) {
  for (const Utterance& u : utterances) {
    labelled_ = labelled_ || u.speaker != utterances.front().speaker;
  }
}

// Whether the items [first, last), one segment's or a chunk, repeat the end of what is kept. `whole`:
// all that was said there in one breath or segment.
bool RunReader::IsEcho(const DigitRun& run, std::size_t first, std::size_t last,
                       const DigitRun& kept, bool whole) const {
  // Longer than that it is a number said twice, and is found twice; a card's first half is shorter.
  constexpr std::size_t kShortestEcho = 2;
  constexpr std::size_t kLongestEcho = 8;
  constexpr std::size_t kLongestOfCard = 12;
  if (kept.items.empty()) return false;
  const std::string_view said = run.Window(first, last);
  const std::size_t longest = run.topic == Topic::kCard ? kLongestOfCard : kLongestEcho;
  if (said.size() < kShortestEcho || said.size() > longest) return false;
  const std::size_t before = SegmentOf(kept.items.back());
  const std::size_t here = SegmentOf(run.items[first]);
  const std::string_view speaker = utterances_[before].speaker;
  const bool may_differ = !labelled_ || speaker.empty() || utterances_[here].speaker.empty() ||
                          speaker != utterances_[here].speaker;
  if (before == here || !may_differ || kept.digits.size() < said.size() ||
      std::string_view(kept.digits).substr(kept.digits.size() - said.size()) != said) {
    return false;
  }
  return !whole || LastChunkDigits(kept) == said.size() || LastSegmentHas(kept, said.size());
}

std::size_t RunReader::SegmentOf(const DigitItem& item) const {
  return static_cast<std::size_t>(tokens_.list[item.token_begin].segment);
}

// Whether so many digits, and no more, were said in the last segment.
bool RunReader::LastSegmentHas(const DigitRun& kept, std::size_t digits) const {
  std::size_t first = kept.items.size();
  const std::size_t segment = SegmentOf(kept.items.back());
  std::size_t count = 0;
  while (first > 0 && count <= digits && SegmentOf(kept.items[first - 1]) == segment) {
    count += kept.items[--first].digit_count;
  }
  return count == digits;
}

// Without what the other speaker repeats of what was just said: a segment, or a chunk of one.
DigitRun RunReader::WithoutEchoes(const DigitRun& run, bool whole) const {
  DigitRun kept = Like(run);
  for (std::size_t first = 0; first < run.items.size();) {
    std::size_t last = ChunkEnd(run, first);
    const std::size_t segment = SegmentOf(run.items[first]);
    bool echo = false;
    if (first == 0 || SegmentOf(run.items[first - 1]) != segment) {
      std::size_t end = last;
      while (end < run.items.size() && SegmentOf(run.items[end]) == segment) ++end;
      echo = IsEcho(run, first, end, kept, whole);
      if (echo) last = end;
    }
    if (echo || IsEcho(run, first, last, kept, whole)) {
      for (std::size_t i = first; i < last; ++i) {
        kept.left_out.push_back(run.items[i]);
        kept.left_out.back().chunk = kept.items.back().chunk;
      }
    } else {
      Keep(run, first, last, &kept);
    }
    first = last;
  }
  return kept;
}

std::vector<DigitRun> RunReader::Readings(DigitRun run) const {
  std::vector<DigitRun> readings;
  readings.push_back(std::move(run));
  DigitRun plain = WithoutEchoes(readings[0], false);
  if (!plain.left_out.empty()) {
    // "two sixty eight", "sixty eight": the second may be the next part, and not an echo.
    DigitRun strict = WithoutEchoes(readings[0], true);
    const bool differs = strict.items.size() != plain.items.size() && !strict.left_out.empty();
    readings.push_back(std::move(plain));
    if (differs) readings.push_back(std::move(strict));
  }
  const auto corrects = [](const DigitItem& item) { return item.corrects; };
  const std::vector<DigitItem>& items = readings[0].items;
  if (std::none_of(items.begin(), items.end(), corrects)) return readings;
  const std::size_t uncorrected = readings.size();
  for (const TakenBack how :
       {TakenBack::kAsMuch, TakenBack::kChunk, TakenBack::kItem, TakenBack::kEverything}) {
    for (std::size_t i = 0; i < uncorrected; ++i) {
      DigitRun corrected = Corrected(readings[i], how);
      if (corrected.items.size() < readings[i].items.size()) {
        readings.push_back(std::move(corrected));
      }
    }
  }
  return readings;
}

}  // namespace cxscribe::redaction
