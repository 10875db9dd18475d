// Text that crosses the plugin boundary.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cxscribe {

// Whether a character begins, or the text ends, at byte `offset` of valid UTF-8.
inline bool IsCharacterBoundary(std::string_view text, size_t offset) {
  if (offset >= text.size()) return offset == text.size();
  return (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
}

// `text` as it can go into a message or a log: at most `limit` bytes, cut at a character; every
// byte that is not UTF-8, and every control character, replaced by '?'.
std::string Printable(std::string_view text, size_t limit);

}  // namespace cxscribe
