// See back_channel.h.
#include "server/pipeline/back_channel.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include <absl/container/flat_hash_set.h>
#include <absl/strings/ascii.h>

namespace cxscribe {
namespace {

using Words = absl::flat_hash_set<std::string>;

// Of several equal letters in a row, one: "hmmm" is "hm", and "see" is "se".
std::string Squeeze(std::string_view text) {
  std::string squeezed;
  for (const char c : text) {
    if (squeezed.empty() || squeezed.back() != c) squeezed += c;
  }
  return squeezed;
}

Words Squeezed(std::initializer_list<std::string_view> texts) {
  Words words;
  for (const std::string_view text : texts) words.insert(Squeeze(text));
  return words;
}

const Words& Single() {
  static const auto& words =
      *new Words(Squeezed({"ah", "aha", "alright", "gotcha", "hm",    "huh",  "mhm", "mm",
                           "oh", "ok",  "okay",    "really", "right", "sure", "uh",  "uhhuh",
                           "um", "wow", "ya",      "yah",    "yeah",  "yep",  "yes", "yup"}));
  return words;
}

// Of two words, which are none alone.
const Words& Pairs() {
  static const auto& pairs =
      *new Words(Squeezed({"all right", "got it", "i see", "o k", "of course"}));
  return pairs;
}

// Takes the next word off the text, in lower case; "" at the end of the text, nothing at a
// character that no English word has.
std::optional<std::string> NextWord(std::string_view& text) {
  std::string word;
  while (!text.empty()) {
    const char c = text.front();
    size_t length = 1;
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      word += absl::ascii_tolower(static_cast<unsigned char>(c));
      text.remove_prefix(1);
      continue;
    }
    if (static_cast<unsigned char>(c) >= 0x80) {
      // Dashes, quotes and the ellipsis, U+2000 to U+203F.
      if (text.substr(0, 2) != "\xE2\x80") return std::nullopt;
      length = 3;
    }
    if (!word.empty()) break;
    text.remove_prefix(std::min(length, text.size()));
  }
  return word;
}

}  // namespace

bool IsBackChannel(std::string_view text) {
  bool any = false;
  std::string first;  // of a pair that is still open
  while (true) {
    std::optional<std::string> word = NextWord(text);
    if (!word.has_value()) return false;
    if (word->empty()) return any && first.empty();
    std::string squeezed = Squeeze(*word);
    any = true;
    if (!first.empty()) {
      first.append(" ").append(squeezed);
      if (Pairs().count(first) == 0) return false;
      first.clear();
    } else if (word->size() == 1 || Single().count(squeezed) == 0) {  // "m" is a letter
      first = std::move(squeezed);
    }
  }
}

}  // namespace cxscribe
