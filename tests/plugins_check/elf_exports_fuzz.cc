// Any bytes: an answer, and no read outside them.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "plugins/check/elf_exports.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)cxscribe::ExportedSymbols(std::string_view(reinterpret_cast<const char*>(data), size))
      .status();
  return 0;
}
