// Trace ids: what ties a caller's request to the log lines that it leads to (W3C Trace Context,
// https://www.w3.org/TR/trace-context/). Pure, but for the randomness that is passed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/base/random.h"

namespace cxscribe {

// The trace id, 32 lower-case hex digits, of a traceparent header
// ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"); nothing when it is not a valid one.
std::optional<std::string> ParseTraceparent(std::string_view traceparent);

// 32 lower-case hex digits, not all zero.
std::string NewTraceId(Random& random);

// The caller's trace id where `traceparent` (may be empty) holds one, else a new one.
std::string TraceIdFor(std::string_view traceparent, Random& random);

}  // namespace cxscribe
