#include "plugins/host/plugin_table.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <re2/re2.h>

#include "plugins/host/entity_types.h"
#include "plugins/host/text.h"
#include "server/base/error.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

// What every table has: all of version 1.0. Fields appended later may be missing.
constexpr uint32_t kTableSize10 = offsetof(cx_plugin, get_extension) + sizeof(void*);
constexpr uint64_t kMaxDescriptionBytes = 4'096;
constexpr uint64_t kMaxSchemaBytes = 1 << 20;

absl::Status Refuse(std::string_view reason, std::string message) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, reason, std::move(message)).Build();
}

// Collects what is wrong with the fields of one table.
class FieldReader {
 public:
  std::string Text(const char* field, const cx_string& value, uint64_t limit) {
    if (value.size == 0) return "";
    if (value.data == nullptr) {
      Problem(field, absl::StrCat("has size ", value.size, " but no data"));
      return "";
    }
    if (value.size > limit) {
      Problem(field, absl::StrCat("has ", value.size, " bytes; at most ", limit, " are allowed"));
      return "";
    }
    std::string text(value.data, value.size);
    if (!IsValidUtf8(text)) {
      Problem(field, "is not valid UTF-8");
      return "";
    }
    return text;
  }

  void Problem(const char* field, std::string what) {
    problems_.push_back(absl::StrCat(field, " ", what));
  }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::vector<std::string> problems_;
};

PluginInfo ReadInfo(const cx_plugin& table, FieldReader& reader) {
  PluginInfo info;
  info.abi = absl::StrCat(table.abi_major, ".", table.abi_minor);
  info.name = reader.Text("name", table.name, 64);
  info.version = reader.Text("version", table.version, 64);
  info.description = reader.Text("description", table.description, kMaxDescriptionBytes);
  info.capability = reader.Text("provides", table.provides, 128);
  info.config_schema = reader.Text("config_schema", table.config_schema, kMaxSchemaBytes);
  info.kind = table.kind == CX_KIND_VERIFY ? PluginKind::kVerify : PluginKind::kTransform;
  info.reentrant = (table.flags & CX_PLUGIN_REENTRANT) != 0;
  if (table.kind != CX_KIND_TRANSFORM && table.kind != CX_KIND_VERIFY) {
    reader.Problem("kind", absl::StrCat("is ", table.kind, "; 1 (transform) and 2 (verify) exist"));
  }
  if ((table.flags & ~uint32_t{CX_PLUGIN_REENTRANT}) != 0) {
    reader.Problem("flags", absl::StrCat("has unknown bits: ", table.flags));
  }
  static const re2::RE2 name_pattern("[a-z0-9][a-z0-9_.-]{0,63}");
  if (!re2::RE2::FullMatch(info.name, name_pattern)) {
    reader.Problem("name", "must match [a-z0-9][a-z0-9_.-]{0,63}");
  }
  // https://semver.org, with the build and pre-release parts left as they are.
  static const re2::RE2 version_pattern(
      R"((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?)");
  if (!re2::RE2::FullMatch(info.version, version_pattern)) {
    reader.Problem("version", "must be a semantic version, such as 1.4.0");
  }
  if (!IsCapability(info.capability)) {
    reader.Problem("provides", absl::StrCat("is \"", Printable(info.capability, 128),
                                            "\": it must be punctuation, diarization, "
                                            "redaction-verification, inverse-text-normalisation "
                                            "or namespaced, such as acme.script-adherence"));
  }
  if (info.capability == "redaction-verification" && info.kind != PluginKind::kVerify) {
    reader.Problem("kind", "must be verify where provides is redaction-verification");
  }
  if (table.create == nullptr) reader.Problem("create", "is NULL");
  if (table.destroy == nullptr) reader.Problem("destroy", "is NULL");
  if (table.process == nullptr) reader.Problem("process", "is NULL");
  return info;
}

}  // namespace

absl::StatusOr<PluginTable> ReadPluginTable(const cx_plugin* table, AbiVersion host) {
  if (table == nullptr) {
    return Refuse("PLUGIN_NULL_TABLE", absl::StrCat(CX_PLUGIN_ENTRY_SYMBOL
                                                    " returned NULL: the plugin refuses this host, "
                                                    "which speaks ABI ",
                                                    host.major, ".", host.minor));
  }
  // The head is frozen, so it can be read before anything is known.
  if (table->magic != CX_PLUGIN_MAGIC) {
    return Refuse("PLUGIN_MAGIC",
                  absl::StrFormat("the table starts with %#018x instead of CX_PLUGIN_MAGIC: it is "
                                  "not a cxscribe plugin's",
                                  table->magic));
  }
  if (table->abi_major != host.major || table->abi_minor > host.minor) {
    const bool newer = table->abi_major >= host.major;
    return Refuse(
        "PLUGIN_ABI",
        absl::StrCat("it was built for plugin ABI ", table->abi_major, ".", table->abi_minor,
                     ", this host speaks ", host.major, ".", host.minor,
                     newer ? ": use a newer cxscribe, or build the plugin with an older SDK"
                           : ": build the plugin with the SDK of this cxscribe"));
  }
  if (table->struct_size < kTableSize10) {
    return Refuse("PLUGIN_SHORT_TABLE",
                  absl::StrCat("the table says it has ", table->struct_size, " bytes; ABI ",
                               table->abi_major, ".", table->abi_minor, " needs at least ",
                               kTableSize10, " (set struct_size to sizeof(cx_plugin))"));
  }
  PluginTable result;
  std::memcpy(&result.table, table, std::min<size_t>(table->struct_size, sizeof(cx_plugin)));
  FieldReader reader;
  result.info = ReadInfo(result.table, reader);
  if (!reader.problems().empty()) {
    return Refuse("PLUGIN_TABLE", absl::StrCat("wrong fields in the plugin's table: ",
                                               absl::StrJoin(reader.problems(), "; ")));
  }
  return result;
}

}  // namespace cxscribe
