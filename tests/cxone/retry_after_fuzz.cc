// Any bytes as a Retry-After value: no crash, and every delay is within bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/cxone/retry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const int64_t now : {int64_t{0}, int64_t{1'705'312'800}, int64_t{253'402'300'799}}) {
    const auto delay = cxscribe::ParseRetryAfter(text, absl::FromUnixSeconds(now));
    if (!delay.has_value()) continue;
    if (*delay < absl::ZeroDuration() || *delay > cxscribe::kLongestRetryAfter) std::abort();
  }
  return 0;
}
