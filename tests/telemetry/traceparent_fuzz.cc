// Any bytes as a traceparent header: a trace id that is accepted stands in the header as it is, and
// makes a header that is accepted again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/telemetry/trace.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view header(reinterpret_cast<const char*>(data), size);
  const auto trace_id = cxscribe::ParseTraceparent(header);
  if (!trace_id.has_value()) return 0;
  if (trace_id->size() != 32 || header.substr(3, 32) != *trace_id) std::abort();
  if (trace_id->find_first_not_of("0123456789abcdef") != std::string::npos) std::abort();
  if (trace_id->find_first_not_of('0') == std::string::npos) std::abort();
  if (cxscribe::ParseTraceparent("00-" + *trace_id + "-00f067aa0ba902b7-01") != trace_id) {
    std::abort();
  }
  return 0;
}
