// Codes of letters and digits, as they are written, "AB123456C", or spelt: "a b one two", "alpha
// bravo", "b as in boy", "double u".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/redaction/token.h"
#include "plugins/redaction/topic.h"

namespace cxscribe::redaction {

// What was said in one breath as one letter, number or written group.
struct CodeItem {
  std::uint32_t token_begin = 0;  // [token_begin, token_end) into Tokens::list
  std::uint32_t token_end = 0;
  std::uint32_t char_begin = 0;  // [char_begin, char_begin + char_count) into CodeRun::chars
  std::uint32_t char_count = 0;
  bool chunk_start = true;  // after something that can be heard or seen
};

struct CodeRun {
  std::vector<CodeItem> items;
  std::string chars;  // 'a'..'z', '0'..'9'; an "oh" is '0'
  Topic topic = Topic::kNone;
  int topic_distance = 0;  // plain words between the topic's cue and the run

  std::size_t CharsIn(std::size_t first, std::size_t last) const {
    return items[last - 1].char_begin + items[last - 1].char_count - items[first].char_begin;
  }
  std::string_view Window(std::size_t first, std::size_t last) const {
    return std::string_view(chars).substr(items[first].char_begin, CharsIn(first, last));
  }
  // Whether something can be heard or seen before item `last`, or the run ends there.
  bool EndsBreath(std::size_t last) const {
    return last == items.size() || items[last].chunk_start;
  }
};

// Whether the number that the topic speaks of may have letters.
bool IsCodeTopic(Topic topic);

// Runs of at least four characters that have a letter, or that a code's topic asks for. Linear in
// the tokens.
std::vector<CodeRun> FindCodeRuns(const Tokens& tokens, const TopicCues& cues, Pulse* pulse);

}  // namespace cxscribe::redaction
