// Any bytes as a page token, and as the place in one: what was given out comes back, and is refused
// by every other list.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/base/error.h"
#include "server/rpc/page_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto place = cxscribe::DecodePageToken("jobs", text);
  if (!place.ok()) {
    if (cxscribe::ReasonOf(place.status()) != "INVALID_REQUEST") std::abort();
  } else if (!text.empty()) {
    if (place->empty()) std::abort();
    const auto again = cxscribe::DecodePageToken("jobs", cxscribe::EncodePageToken("jobs", *place));
    if (!again.ok() || *again != *place) std::abort();
    if (cxscribe::DecodePageToken("events/job_1", text).ok()) std::abort();
  }
  if (text.empty()) return 0;
  const std::string token = cxscribe::EncodePageToken("jobs", text);
  const auto back = cxscribe::DecodePageToken("jobs", token);
  if (!back.ok() || *back != text) std::abort();
  return 0;
}
