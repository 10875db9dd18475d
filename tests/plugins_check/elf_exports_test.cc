#include "plugins/check/elf_exports.h"

#include <cstring>
#include <elf.h>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;

std::string Library(const std::string& name) {
  return ReadFile(absl::StrCat(CXSCRIBE_CHECK_FIXTURES, "/check_", name, ".so"));
}

TEST(ElfExports, NamesWhatALibraryShows) {
  EXPECT_THAT(*ExportedSymbols(Library("good")), ElementsAre("cx_plugin_entry"));
  EXPECT_THAT(*ExportedSymbols(Library("extra_symbol")), ::testing::Contains("cx_fixture_extra"));
}

TEST(ElfExports, RefusesWhatIsNoLibrary) {
  EXPECT_FALSE(ExportedSymbols("").ok());
  EXPECT_FALSE(ExportedSymbols("#!/bin/sh\n").ok());
  EXPECT_FALSE(ExportedSymbols(std::string("\x7f"
                                           "ELF",
                                           4))
                   .ok());
}

TEST(ElfExports, ACutFileIsRefused) {
  const std::string whole = Library("good");
  for (const size_t size : {size_t{16}, size_t{63}, size_t{64}, size_t{200}, whole.size() / 2}) {
    EXPECT_FALSE(ExportedSymbols(whole.substr(0, size)).ok()) << size;
  }
}

TEST(ElfExports, NumbersThatLeadOutsideAreRefused) {
  const std::string whole = Library("good");
  Elf64_Ehdr header;
  std::memcpy(&header, whole.data(), sizeof(header));
  for (uint64_t i = 0; i < header.e_shnum; ++i) {
    const size_t at = header.e_shoff + i * sizeof(Elf64_Shdr);
    Elf64_Shdr section;
    std::memcpy(&section, whole.data() + at, sizeof(section));
    if (section.sh_type != SHT_DYNSYM) continue;
    const auto with = [&](auto change) {
      Elf64_Shdr changed = section;
      change(changed);
      std::string bytes = whole;
      std::memcpy(bytes.data() + at, &changed, sizeof(changed));
      return ExportedSymbols(bytes);
    };
    EXPECT_FALSE(with([](Elf64_Shdr& s) { s.sh_offset = UINT64_MAX - 8; }).ok());
    EXPECT_FALSE(with([](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }).ok());
    EXPECT_FALSE(with([](Elf64_Shdr& s) { s.sh_link = UINT32_MAX; }).ok());
  }
}

}  // namespace
}  // namespace cxscribe
