#include "plugins/check/elf_exports.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <optional>

#include <absl/strings/str_cat.h>

#include "plugins/host/text.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxNameBytes = 256;  // longer ones are cut; C++ names are long

absl::Status Malformed(const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("not a complete ELF library: ", what));
}

// [offset, offset + size) of `bytes`; nothing when any of it lies outside.
std::optional<std::string_view> Slice(std::string_view bytes, uint64_t offset, uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
  return bytes.substr(offset, size);
}

// The file need not align what is in it.
template <typename Struct>
std::optional<Struct> Read(std::string_view bytes, uint64_t offset) {
  const auto slice = Slice(bytes, offset, sizeof(Struct));
  if (!slice.has_value()) return std::nullopt;
  Struct value;
  std::memcpy(&value, slice->data(), sizeof(value));
  return value;
}

bool IsExported(const Elf64_Sym& symbol) {
  const unsigned binding = ELF64_ST_BIND(symbol.st_info);
  const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF &&
         (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::string NameAt(std::string_view strings, uint32_t offset) {
  if (offset >= strings.size()) return "?";
  const std::string_view rest = strings.substr(offset, kMaxNameBytes);
  return Printable(rest.substr(0, rest.find('\0')), kMaxNameBytes);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ExportedSymbols(std::string_view bytes) {
  const auto header = Read<Elf64_Ehdr>(bytes, 0);
  if (!header.has_value() || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) {
    return Malformed("no 64-bit little-endian ELF header");
  }
  if (header->e_shentsize != sizeof(Elf64_Shdr)) return Malformed("no section headers");
  const auto section = [&](uint64_t index) -> std::optional<Elf64_Shdr> {
    if (index >= header->e_shnum || header->e_shoff > bytes.size()) return std::nullopt;
    return Read<Elf64_Shdr>(bytes, header->e_shoff + index * sizeof(Elf64_Shdr));
  };
  for (uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto dynsym = section(i);
    if (!dynsym.has_value()) return Malformed("its section headers lie outside the file");
    if (dynsym->sh_type != SHT_DYNSYM) continue;
    const auto strings_header = section(dynsym->sh_link);
    if (!strings_header.has_value()) return Malformed("its symbols have no names");
    const auto symbols = Slice(bytes, dynsym->sh_offset, dynsym->sh_size);
    const auto strings = Slice(bytes, strings_header->sh_offset, strings_header->sh_size);
    if (!symbols.has_value() || !strings.has_value()) {
      return Malformed("its table of symbols lies outside the file");
    }
    std::vector<std::string> names;
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols->size(); at += sizeof(Elf64_Sym)) {
      const auto symbol = Read<Elf64_Sym>(*symbols, at);
      if (symbol.has_value() && IsExported(*symbol)) {
        names.push_back(NameAt(*strings, symbol->st_name));
      }
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  return Malformed("it has no table of dynamic symbols (were its section headers stripped?)");
}

}  // namespace cxscribe
