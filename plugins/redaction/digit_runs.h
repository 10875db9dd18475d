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

#include "plugins/redaction/phrases.h"
#include "plugins/redaction/token.h"
#include "plugins/redaction/topic.h"

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
  bool corrects = false;     // after "no wait", "sorry" or the like
};

// The preposition right before a run.
enum class Lead : std::uint8_t {
  kNone,
  kTime,  // "at", "by", "until": a time of day, when the run is short
  kSpan,  // "in", "since", "from": a year, a count
  kTo,    // "from nine to five", but also "to account 4321"
};

struct DigitRun {
  std::vector<DigitItem> items;
  std::string digits;
  bool plus = false;  // an international prefix, "+" or "plus", stands before it
  Topic topic = Topic::kNone;
  int topic_distance = 0;  // plain words between the topic's cue and the run
  Lead lead = Lead::kNone;
  bool after_word = false;  // a plain word stands right before it
  // What a reading (see readings.h) left out. `chunk` is the kept chunk that it belongs to.
  std::vector<DigitItem> left_out;

  std::size_t DigitsIn(std::size_t first, std::size_t last) const {
    return items[last - 1].digit_begin + items[last - 1].digit_count - items[first].digit_begin;
  }
  std::string_view Window(std::size_t first, std::size_t last) const {
    return std::string_view(digits).substr(items[first].digit_begin, DigitsIn(first, last));
  }
  // Whether there is a boundary that can be heard or seen before item `at`, or at the end of the
  // run.
  bool Boundary(std::size_t at) const;
  // Four digits or fewer that are as well a time, a year or a count.
  bool MayBeTimeOrYear() const;
  // "32780-2541", a postal code of the United States.
  bool IsZipPlusFour() const;
  bool Whole(std::size_t first, std::size_t last) const {
    return first == 0 && last == items.size();
  }
};

// "one two three four five six seven eight nine ten", "ten nine eight": somebody counts.
bool IsCounting(std::string_view digits);

// Runs of at least three digits, with what the words around them say they are. Linear in the
// tokens.
std::vector<DigitRun> FindDigitRuns(const Tokens& tokens, const TopicCues& cues, Pulse* pulse);
std::vector<DigitRun> FindDigitRuns(const Tokens& tokens, Pulse* pulse);

}  // namespace cxscribe::redaction
