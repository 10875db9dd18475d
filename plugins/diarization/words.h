// The words of what is said.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::diarization {

using WordSpan = std::span<const std::string>;

// In lower case, with plain apostrophes and without punctuation. `begins`, where given, becomes the
// byte at which each begins. Linear; accepts any bytes.
std::vector<std::string> SpokenWords(std::string_view text,
                                     std::vector<std::size_t>* begins = nullptr);

// Whether it is part of something dictated: a figure, "seven", "double", a single letter but "a"
// and "i".
bool IsDictated(std::string_view word);

// Whether what is said breaks off in the middle: after its last word no English sentence ends.
bool BreaksOff(std::string_view text);
// The same of a word as SpokenWords() gives it.
bool IsOpen(const std::string& word);

}  // namespace cxscribe::diarization
