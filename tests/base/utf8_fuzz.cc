// Any bytes: what ToValidUtf8 makes of them is valid, what was valid stays, and both ways of
// looking at text agree.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/base/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string valid = cxscribe::ToValidUtf8(text);
  if (!cxscribe::IsValidUtf8(valid)) std::abort();
  if (cxscribe::ToValidUtf8(valid) != valid) std::abort();
  if (cxscribe::IsValidUtf8(text) != (valid == text)) std::abort();
  if (valid.size() < text.size() || valid.size() > 3 * text.size()) std::abort();
  const size_t length = cxscribe::Utf8SequenceLength(text);
  if (length > 4 || length > size) std::abort();
  if (length > 0 && !cxscribe::IsValidUtf8(text.substr(0, length))) std::abort();
  for (size_t part = 1; part < length; ++part) {
    if (cxscribe::Utf8SequenceLength(text.substr(0, part)) != 0) std::abort();
  }
  return 0;
}
