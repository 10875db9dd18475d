// UTF-8: the checks that bytes from outside must pass before they enter a protobuf string, JSON or
// a log. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cxscribe {

// U+FFFD, which stands for what could not be read.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// The length in bytes of the well-formed sequence that `text` starts with (The Unicode Standard,
// table 3-7: no surrogates, no overlong forms, nothing above U+10FFFF); 0 when there is none, or
// when `text` is empty.
size_t Utf8SequenceLength(std::string_view text);

bool IsValidUtf8(std::string_view text);

// `text` with each byte that belongs to no well-formed sequence replaced by U+FFFD.
std::string ToValidUtf8(std::string_view text);

}  // namespace cxscribe
