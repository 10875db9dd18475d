#include "plugins/host/elf.h"

#include <algorithm>
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

// More than any library has.
constexpr size_t kMaxEntries = 10'000;
constexpr size_t kMaxNeeded = 1'000;
constexpr size_t kMaxVersionDigits = 4;

// A structure at `offset`; false where it is not wholly there.
template <typename T>
bool ReadAt(std::string_view bytes, uint64_t offset, T& value) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return false;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return true;
}

std::vector<Elf64_Phdr> ProgramHeaders(std::string_view bytes) {
  std::vector<Elf64_Phdr> headers;
  Elf64_Ehdr header;
  if (!ReadAt(bytes, 0, header)) return headers;
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr program_header;
    if (!ReadAt(bytes, header.e_phoff + i * sizeof(program_header), program_header)) break;
    headers.push_back(program_header);
  }
  return headers;
}

// Where in the file the byte lies that is loaded at `address`; beyond its end: nowhere.
uint64_t OffsetOf(const std::vector<Elf64_Phdr>& headers, uint64_t address) {
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type == PT_LOAD && address >= header.p_vaddr &&
        address - header.p_vaddr < header.p_filesz) {
      return header.p_offset + (address - header.p_vaddr);
    }
  }
  return UINT64_MAX;
}

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

std::vector<std::string> NeededLibraries(std::string_view bytes) {
  std::vector<std::string> names;
  if (!ElfProblem(bytes).empty()) return names;
  const std::vector<Elf64_Phdr> headers = ProgramHeaders(bytes);
  std::vector<uint64_t> needed;
  uint64_t strings = UINT64_MAX;
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type != PT_DYNAMIC) continue;
    Elf64_Dyn entry;
    for (size_t i = 0; i < kMaxEntries; ++i) {
      if (!ReadAt(bytes, header.p_offset + i * sizeof(entry), entry)) break;
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_STRTAB) strings = OffsetOf(headers, entry.d_un.d_ptr);
      if (entry.d_tag == DT_NEEDED && needed.size() < kMaxNeeded) {
        needed.push_back(entry.d_un.d_val);
      }
    }
  }
  for (const uint64_t name : needed) {
    if (strings > bytes.size() || name >= bytes.size() - strings) continue;
    const std::string_view rest = bytes.substr(strings + name);
    names.emplace_back(rest.substr(0, rest.find('\0')));
  }
  return names;
}

std::string SanitizerRuntime(std::string_view bytes) {
  for (const std::string& name : NeededLibraries(bytes)) {
    for (const std::string_view runtime : {"libasan.so.", "libtsan.so.", "libhwasan.so."}) {
      // Nothing but a version may follow: the name goes into LD_PRELOAD, where a colon or a space
      // would begin another library.
      const std::string_view rest =
          std::string_view(name).substr(std::min(runtime.size(), name.size()));
      const bool is_version =
          !rest.empty() && rest.size() <= kMaxVersionDigits &&
          std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (name.compare(0, runtime.size(), runtime) == 0 && is_version) return name;
    }
  }
  return "";
}

}  // namespace cxscribe
