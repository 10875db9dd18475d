// See word_alignment.h.
#include "server/pipeline/word_alignment.h"

#include <string_view>
#include <utf8proc.h>

namespace cxscribe {
namespace {

// A character that counts, in lower case.
struct Letter {
  utf8proc_int32_t codepoint = 0;
  int32_t begin = 0;
  int32_t end = 0;
};

// Letters, marks, digits and other numbers; symbols, and of punctuation that of addresses, paths
// and masks: an address or a password is another one without them.
bool Counts(utf8proc_int32_t codepoint) {
  constexpr std::string_view kPunctuation = "@#%&*/\\_";
  const utf8proc_category_t category = utf8proc_category(codepoint);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) return true;
  if (category >= UTF8PROC_CATEGORY_SM && category <= UTF8PROC_CATEGORY_SO) return true;
  return codepoint < 0x80 &&
         kPunctuation.find(static_cast<char>(codepoint)) != std::string_view::npos;
}

// False when `text` is not UTF-8.
bool Letters(std::string_view text, std::vector<Letter>& letters) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  utf8proc_ssize_t at = 0;
  while (at < size) {
    utf8proc_int32_t codepoint = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(bytes + at, size - at, &codepoint);
    if (length <= 0) return false;
    if (Counts(codepoint)) {
      letters.push_back({utf8proc_tolower(codepoint), static_cast<int32_t>(at),
                         static_cast<int32_t>(at + length)});
    }
    at += length;
  }
  return true;
}

}  // namespace

std::optional<std::vector<WordRange>> AlignWords(const v1::Segment& segment) {
  std::vector<Letter> text;
  if (!Letters(segment.text(), text)) return std::nullopt;
  std::vector<WordRange> ranges;
  ranges.reserve(static_cast<size_t>(segment.words_size()));
  std::vector<Letter> word_letters;
  size_t next = 0;
  int32_t end = 0;  // of the word before
  for (const v1::Word& word : segment.words()) {
    word_letters.clear();
    if (!Letters(word.text(), word_letters)) return std::nullopt;
    if (word_letters.size() > text.size() - next) return std::nullopt;
    for (size_t i = 0; i < word_letters.size(); ++i) {
      if (text[next + i].codepoint != word_letters[i].codepoint) return std::nullopt;
    }
    WordRange range;
    if (word_letters.empty()) {
      const auto size = static_cast<int32_t>(segment.text().size());
      range = {end, next < text.size() ? text[next].begin : size};
    } else {
      range = {text[next].begin, text[next + word_letters.size() - 1].end};
      end = range.end;
    }
    next += word_letters.size();
    ranges.push_back(range);
  }
  if (next != text.size()) return std::nullopt;
  return ranges;
}

}  // namespace cxscribe
