// Any bytes as a language tag: what is accepted is ASCII of the length given, its canonical form is
// a fixed point, and case makes no difference.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

#include "server/job/language_tag.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string tag(reinterpret_cast<const char*>(data), size);
  const std::optional<std::string> canonical = cxscribe::CanonicalLanguageTag(tag);
  if (cxscribe::CanonicalLanguageTag(absl::AsciiStrToUpper(tag)) != canonical) std::abort();
  if (cxscribe::CanonicalLanguageTag(absl::AsciiStrToLower(tag)) != canonical) std::abort();
  if (!canonical.has_value()) return 0;
  if (!absl::EqualsIgnoreCase(*canonical, tag) || tag.empty() || tag.size() > 100) std::abort();
  for (const unsigned char c : *canonical) {
    if (!absl::ascii_isalnum(c) && c != '-') std::abort();
  }
  if (cxscribe::CanonicalLanguageTag(*canonical) != canonical) std::abort();
  return 0;
}
