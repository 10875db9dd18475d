// Language tags: BCP 47 (RFC 5646) well-formedness and canonical case. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cxscribe {

// The tag in canonical case ("EN-latn-us" is "en-Latn-US"), or nothing when it is not well-formed:
// language, extended languages, script, region, variants, extensions, private use, in that order;
// no variant and no extension twice; also the grandfathered tags. Whether each part is registered
// is not checked, with one exception: a language of 4 to 8 letters is refused, since RFC 5646
// reserves those and none exists, while names like "english" are a common mistake. At most 100
// bytes.
std::optional<std::string> CanonicalLanguageTag(std::string_view tag);

}  // namespace cxscribe
