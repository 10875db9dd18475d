// What a shared library exports. Reads bytes from outside, so it trusts no number in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace cxscribe {

// The names of the dynamic symbols that the 64-bit little-endian ELF file `bytes` defines and lets
// others see, sorted. Bytes that are not printable ASCII are replaced by '?'. INVALID_ARGUMENT when
// it is no such file, or has no table of dynamic symbols.
absl::StatusOr<std::vector<std::string>> ExportedSymbols(std::string_view bytes);

}  // namespace cxscribe
