#include "server/telemetry/trace.h"

#include <algorithm>
#include <cstdint>

#include <absl/strings/str_format.h>

namespace cxscribe {
namespace {

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

std::optional<std::string> ParseTraceparent(std::string_view traceparent) {
  // version-traceid-parentid-flags: 2, 32, 16 and 2 digits.
  constexpr size_t kSize = 55;
  if (traceparent.size() < kSize) return std::nullopt;
  const std::string_view version = traceparent.substr(0, 2);
  const std::string_view trace_id = traceparent.substr(3, 32);
  const std::string_view parent_id = traceparent.substr(36, 16);
  const std::string_view flags = traceparent.substr(53, 2);
  if (traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-') {
    return std::nullopt;
  }
  if (!IsLowerHex(version) || !IsLowerHex(trace_id) || !IsLowerHex(parent_id) ||
      !IsLowerHex(flags)) {
    return std::nullopt;
  }
  if (version == "ff" || IsZero(trace_id) || IsZero(parent_id)) return std::nullopt;
  // Version 00 ends here; a later version may go on, after another dash.
  if (traceparent.size() > kSize && (version == "00" || traceparent[kSize] != '-')) {
    return std::nullopt;
  }
  return std::string(trace_id);
}

std::string NewTraceId(Random& random) {
  const uint64_t high = random.Next();
  uint64_t low = random.Next();
  if (high == 0 && low == 0) low = 1;
  return absl::StrFormat("%016x%016x", high, low);
}

std::string TraceIdFor(std::string_view traceparent, Random& random) {
  std::optional<std::string> parsed = ParseTraceparent(traceparent);
  return parsed.has_value() ? *std::move(parsed) : NewTraceId(random);
}

}  // namespace cxscribe
