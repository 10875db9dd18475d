#include "plugins/diarization/alignment.h"

namespace cxscribe::diarization {
namespace {

bool Counts(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<std::vector<std::size_t>> AlignWords(std::string_view text,
                                                   const std::vector<std::string_view>& words) {
  std::vector<std::size_t> begins;
  begins.reserve(words.size());
  std::size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && !Counts(text[at])) ++at;
  };
  for (const std::string_view word : words) {
    skip();
    begins.push_back(at);
    for (const char c : word) {
      if (!Counts(c)) continue;
      skip();
      if (at == text.size() || Lower(text[at]) != Lower(c)) return std::nullopt;
      ++at;
    }
  }
  skip();
  if (at != text.size()) return std::nullopt;
  return begins;
}

}  // namespace cxscribe::diarization
