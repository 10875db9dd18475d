// The fields of docs/evidence.md, byte by byte, without the code that is tested.
#pragma once

#include <cstdint>
#include <string>

namespace cxscribe {

// 8 bytes, little endian.
inline std::string Number(int64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) {
    bytes += static_cast<char>((static_cast<uint64_t>(value) >> (8 * i)) & 0xFF);
  }
  return bytes;
}

// A string: its length, and its bytes.
inline std::string Field(const std::string& text) {
  return Number(static_cast<int64_t>(text.size())) + text;
}

}  // namespace cxscribe
