// The table check, for what no library on disk can show: hosts of other versions.
#include "plugins/host/plugin_table.h"

#include <cstring>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;

cx_plugin GoodTable() {
  cx_plugin table = {};
  table.magic = CX_PLUGIN_MAGIC;
  table.struct_size = sizeof(table);
  table.abi_major = CX_ABI_MAJOR;
  table.abi_minor = CX_ABI_MINOR;
  table.kind = CX_KIND_TRANSFORM;
  table.name = CX_STRING("good");
  table.version = CX_STRING("1.0.0-rc.1+build5");
  table.provides = CX_STRING("punctuation");
  table.create = [](cx_string, const cx_host*, cx_instance**) -> cx_code { return CX_OK; };
  table.destroy = [](cx_instance*) {};
  table.process = [](cx_instance*, const cx_context*, const cx_transcript*,
                     const cx_sink*) -> cx_code { return CX_OK; };
  return table;
}

TEST(PluginTable, AnOlderMinorVersionWorks) {
  const cx_plugin table = GoodTable();
  const auto read = ReadPluginTable(&table, {CX_ABI_MAJOR, CX_ABI_MINOR + 3});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->info.abi, "1.0");
}

TEST(PluginTable, VersionsThatDoNotFitAreBothNamed) {
  cx_plugin table = GoodTable();
  table.abi_major = 2;
  table.abi_minor = 1;
  const absl::Status newer = ReadPluginTable(&table, {1, 4}).status();
  EXPECT_EQ(ReasonOf(newer), "PLUGIN_ABI");
  EXPECT_THAT(std::string(newer.message()), HasSubstr("ABI 2.1, this host speaks 1.4"));
  EXPECT_THAT(std::string(newer.message()), HasSubstr("newer cxscribe"));

  const absl::Status older = ReadPluginTable(&table, {3, 0}).status();
  EXPECT_THAT(std::string(older.message()), HasSubstr("ABI 2.1, this host speaks 3.0"));
  EXPECT_THAT(std::string(older.message()), HasSubstr("build the plugin with the SDK of"));
}

TEST(PluginTable, NothingBehindTheStatedSizeIsRead) {
  // Exactly as many bytes as it says; AddressSanitizer sees a read beyond them.
  const cx_plugin table = GoodTable();
  std::vector<char> bytes(sizeof(table));
  std::memcpy(bytes.data(), &table, sizeof(table));
  EXPECT_TRUE(ReadPluginTable(reinterpret_cast<const cx_plugin*>(bytes.data())).ok());

  bytes.resize(16);
  bytes.shrink_to_fit();
  const uint32_t size = 16;
  std::memcpy(bytes.data() + offsetof(cx_plugin, struct_size), &size, sizeof(size));
  EXPECT_EQ(ReasonOf(ReadPluginTable(reinterpret_cast<const cx_plugin*>(bytes.data())).status()),
            "PLUGIN_SHORT_TABLE");
}

TEST(PluginTable, AllWrongFieldsAreNamedAtOnce) {
  cx_plugin table = GoodTable();
  table.kind = 9;
  table.flags = 6;
  table.name = CX_STRING("Bad Name");
  table.version = CX_STRING("1.0");
  table.description = CX_STRING("caf\xE9");
  table.provides = {nullptr, 3};
  table.create = nullptr;
  table.process = nullptr;
  const absl::Status status = ReadPluginTable(&table).status();
  EXPECT_EQ(ReasonOf(status), "PLUGIN_TABLE");
  for (const char* field :
       {"kind is 9", "flags has unknown bits: 6", "name must match", "version must be a semantic",
        "description is not valid UTF-8", "provides has size 3 but no data", "create is NULL",
        "process is NULL"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(field));
  }
}

TEST(PluginTable, ARedactionVerifierMustVerify) {
  cx_plugin table = GoodTable();
  table.provides = CX_STRING("redaction-verification");
  EXPECT_EQ(ReasonOf(ReadPluginTable(&table).status()), "PLUGIN_TABLE");
  table.kind = CX_KIND_VERIFY;
  EXPECT_TRUE(ReadPluginTable(&table).ok());
}

}  // namespace
}  // namespace cxscribe
