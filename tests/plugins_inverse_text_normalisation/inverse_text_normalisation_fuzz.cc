// Any bytes as one segment: what is not replaced stays, what is written is one word each, a second
// time changes nothing, and words cut at white space follow the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/inverse_text_normalisation/follow.h"
#include "plugins/inverse_text_normalisation/formatter.h"

namespace {

using namespace cxscribe::itn;

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    while (i < text.size() && !IsSpace(text[i])) ++i;
    if (i > begin) words.push_back(text.substr(begin, i - begin));
    if (i < text.size()) ++i;
  }
  return words;
}

void Check(std::string_view text, const Options& options) {
  const Formatted formatted = Format(text, options);
  std::string expected;
  std::size_t at = 0;
  for (const Edit& edit : formatted.edits) {
    Require(at <= edit.begin && edit.begin < edit.end && edit.end <= text.size());
    Require(!edit.written.empty());
    for (const char c : edit.written) Require(!IsSpace(c));
    expected += text.substr(at, edit.begin - at);
    expected += edit.written;
    at = edit.end;
  }
  expected += text.substr(at);
  Require(formatted.text == expected);
  Require(Format(formatted.text, options).text == formatted.text);
  const auto followed = FollowEdits(text, formatted.edits, Split(text));
  Require(followed.has_value());
  const std::vector<std::string_view> words = Split(formatted.text);
  Require(followed->size() == words.size());
  for (std::size_t i = 0; i < words.size(); ++i) Require((*followed)[i].text == words[i]);
}

// Words that mean something, so that bytes become speech.
std::string Speech(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kWords[] = {
      "one",     "two",         "five",     "ten",     "twelve",   "nineteen", "twenty",  "thirty",
      "eighty",  "hundred",     "thousand", "million", "oh",       "o",        "double",  "and",
      "point",   "minus",       "plus",     "first",   "third",    "tenth",    "a",       "b",
      "i",       "at",          "dot",      "com",     "dash",     "jane",     "smith",   "is",
      "the",     "of",          "may",      "july",    "half",     "past",     "quarter", "to",
      "or",      "p",           "m",        "am",      "o'clock",  "dollars",  "dollar",  "cents",
      "percent", "miles",       "pounds",   "pence",   "won",      "in",       "phone",   "born",
      "order",   "uh",          "slash",    "www",     "eighties", "us",       "u",       "s",
      "zero",    "twenty-five", "second",   "five,",   "ten.",     "[PII]",    "****",    "$5",
      "5%",      "12",          "-7",       "(two",    "dollars)", "Ninety",   "every",   "very",
      "email"};
  std::string speech;
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) speech += ' ';
    speech += kWords[data[i] % std::size(kWords)];
  }
  return speech;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Options options;
  options.small_numbers = (data[0] & 1) != 0;
  if ((data[0] & 2) != 0) {
    Check(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1), options);
  } else {
    Check(Speech(data + 1, size - 1), options);
  }
  return 0;
}
