#include "plugins/host/elf.h"

#include <cstdint>
#include <cstring>
#include <elf.h>

namespace cxscribe {
namespace {

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#else
#error "cxscribe runs on 64-bit x86 and ARM"
#endif

}  // namespace

std::string ElfProblem(std::string_view bytes) {
  Elf64_Ehdr header;
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    return "is not an ELF file";
  }
  if (bytes.size() < sizeof(header)) return "is a truncated ELF file";
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kMachine) {
    return "was built for another machine";
  }
  if (header.e_type != ET_DYN) return "is not a shared library";
  // The section headers come last in what linkers write: a cheap test for a copy that stopped
  // half-way, which dlopen would map and then die of.
  const uint64_t end = header.e_shoff + uint64_t{header.e_shnum} * header.e_shentsize;
  if (header.e_shoff > bytes.size() || end > bytes.size()) return "is a truncated ELF file";
  return "";
}

}  // namespace cxscribe
