// The digits of a recording, in the order they were said, whatever way they were said: "4111",
// "four one one one", "forty one eleven", "double five", "eight hundred five five five", with "uh"
// or "okay" in between, over several segments, and with the other speaker saying "mm hmm" or
// repeating the last part.
//
// An item is what was said in one breath as one number; a run is items with nothing between them
// but separators and fillers; a chunk is a part of a run between two audible breaks (a filler, a
// comma, a change of segment). Detectors look at windows of whole items and never cut one, so a
// span begins and ends at tokens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugins/redaction/token.h"

namespace cxscribe::redaction {

struct DigitItem {
  std::uint32_t token_begin = 0;  // [token_begin, token_end) into Tokens::list
  std::uint32_t token_end = 0;
  std::uint32_t digit_begin = 0;  // [digit_begin, digit_begin + digit_count) into DigitRun::digits
  std::uint32_t digit_count = 0;
  std::uint32_t chunk = 0;
  std::uint32_t source = 0;  // which item of the recording's own run this is; itself there
  bool written = false;      // in figures, not in words
  bool chunk_start = true;   // first of its chunk
  bool after_sigh = false;   // after an "oh" that opens a segment: a number may as well begin here
  bool glued = false;        // joined to the item before by "-", "." or brackets
};

struct DigitRun {
  std::vector<DigitItem> items;
  std::string digits;
  bool plus = false;  // an international prefix, "+" or "plus", stands before it
  Topic topic = Topic::kNone;
  int topic_distance = 0;  // plain words between the topic's cue and the run
  // WithoutEchoes only: what was left out. `chunk` is the kept chunk that it repeats.
  std::vector<DigitItem> echoes;

  std::size_t DigitsIn(std::size_t first, std::size_t last) const {
    return items[last - 1].digit_begin + items[last - 1].digit_count - items[first].digit_begin;
  }
  std::string_view Window(std::size_t first, std::size_t last) const {
    return std::string_view(digits).substr(items[first].digit_begin, DigitsIn(first, last));
  }
  // Whether there is a boundary that can be heard or seen before item `at`, or at the end of the
  // run.
  bool Boundary(std::size_t at) const;
  bool Whole(std::size_t first, std::size_t last) const {
    return first == 0 && last == items.size();
  }
};

// Runs of at least three digits, with what the words around them say they are. Linear in the
// tokens.
std::vector<DigitRun> FindDigitRuns(const Tokens& tokens, Pulse* pulse);

// `run` without the chunks in which the other speaker repeats what was just said; a run without
// items if there is nothing to leave out.
DigitRun WithoutEchoes(const DigitRun& run, const std::vector<Utterance>& utterances,
                       const Tokens& tokens);

}  // namespace cxscribe::redaction
