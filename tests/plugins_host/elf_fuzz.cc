// Any bytes as a plugin's file: what is taken for a library of this machine has a whole header, and
// loses that standing when it is cut short. What it says that it needs are names within it.
#include <cstdint>
#include <cstdlib>
#include <elf.h>
#include <string>
#include <string_view>

#include "plugins/host/elf.h"
#include "server/base/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string problem = cxscribe::ElfProblem(bytes);
  if (!problem.empty()) {
    if (!cxscribe::IsValidUtf8(problem)) std::abort();
    return 0;
  }
  if (size < sizeof(Elf64_Ehdr) || bytes.substr(0, SELFMAG) != ELFMAG) std::abort();
  if (cxscribe::ElfProblem(bytes.substr(0, sizeof(Elf64_Ehdr) - 1)).empty()) std::abort();
  if (cxscribe::ElfProblem(bytes.substr(0, SELFMAG - 1)).empty()) std::abort();
  for (const std::string& name : cxscribe::NeededLibraries(bytes)) {
    if (bytes.find(name) == std::string_view::npos) std::abort();
  }
  const std::string runtime = cxscribe::SanitizerRuntime(bytes);
  if (runtime.find_first_of(": /;$") != std::string::npos) std::abort();
  return 0;
}
